import { Buffer } from "node:buffer";
import { createHash, randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** scrypt's cost (RFC 7914): 16 MiB and some 50 ms for a guess. */
const COST = { N: 16384, r: 8, p: 1 } as const;
const KEY_BYTES = 32;

/** What a user may do. */
export type Role = "read" | "write";

/** A user as the file has them. */
interface User {
  readonly name: string;
  readonly role: Role;
  readonly salt: Uint8Array;
  readonly key: Uint8Array;
}

/** Who sent a request. */
export interface Principal {
  readonly name: string;
  readonly role: Role;
}

function derive(password: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, COST, (error, key) => error ? reject(error) : resolve(key));
  });
}

/** The hash of a password as the file of users has it: `scrypt$salt$key`, both in base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt);
  return `scrypt$${salt.toString("base64")}$${key.toString("base64")}`;
}

/** Passwords that were right lately, so that not each request pays for scrypt; as digests. */
const VERIFIED_MAX = 1000;

/** Users and their passwords. */
export class Users {
  readonly #users: ReadonlyMap<string, User>;
  readonly #verified = new Map<string, Principal>();

  private constructor(users: ReadonlyMap<string, User>) {
    this.#users = users;
  }

  /** Reads the text of a file of users; throws an Error that names the line at fault. */
  static parse(text: string): Users {
    const users = new Map<string, User>();
    for (const [index, raw] of text.split("\n").entries()) {
      const line = raw.trim();
      if (line === "" || line.startsWith("#")) continue;
      const match = line.match(/^([^:]+):(read|write):scrypt\$([\w+/=]+)\$([\w+/=]+)$/);
      if (match === null) {
        throw new Error(
          `Line ${index + 1} of the users is not name:role:hash, with role read or write`,
        );
      }
      const [, name = "", role = "read", salt = "", key = ""] = match;
      if (users.has(name)) throw new Error(`Line ${index + 1} of the users names ${name} again`);
      users.set(name, {
        name,
        role: role as Role,
        salt: Buffer.from(salt, "base64"),
        key: Buffer.from(key, "base64"),
      });
    }
    return new Users(users);
  }

  /** Who an Authorization header says it is; null when it is nobody, or the password is wrong. */
  async identify(authorization: string | undefined): Promise<Principal | null> {
    const match = authorization?.match(/^Basic +([\w+/]+=*)$/i);
    if (match == null) return null;
    const digest = createHash("sha256").update(match[1]!).digest("base64");
    const known = this.#verified.get(digest);
    if (known !== undefined) return known;
    const text = Buffer.from(match[1]!, "base64").toString();
    const colon = text.indexOf(":");
    const user = this.#users.get(text.slice(0, colon));
    // A name that nobody has takes as long as one that somebody has.
    const salt = user?.salt ?? new Uint8Array(16), wanted = user?.key ?? new Uint8Array(KEY_BYTES);
    const key = await derive(text.slice(colon + 1), salt);
    if (colon < 0 || user === undefined || key.length !== wanted.length) return null;
    if (!timingSafeEqual(key, wanted)) return null;
    if (this.#verified.size >= VERIFIED_MAX) this.#verified.clear();
    const principal = { name: user.name, role: user.role };
    this.#verified.set(digest, principal);
    return principal;
  }
}
