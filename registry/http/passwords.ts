import { Buffer } from "node:buffer";
import { createHash, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { HttpError } from "./http_error.ts";

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
/** Passwords that are tried at a time, each with 16 MiB on a core of its own. */
const TRIALS_MAX = 8;

/** Users and their passwords. */
export class Users {
  readonly #users: ReadonlyMap<string, User>;
  readonly #verified = new Map<string, Principal>();
  readonly #trials = new Map<string, Promise<Principal | null>>();

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

  /** Who an Authorization header says it is, when that was found right lately; else null. */
  known(authorization: string | undefined): Principal | null {
    const credentials = credentialsOf(authorization);
    return credentials === null ? null : this.#verified.get(digestOf(credentials)) ?? null;
  }

  /**
   * Who an Authorization header says it is; null when it is nobody, or the password is wrong. Rejects with 429
   * while too many others are tried.
   */
  identify(authorization: string | undefined): Promise<Principal | null> {
    const credentials = credentialsOf(authorization);
    if (credentials === null) return Promise.resolve(null);
    const digest = digestOf(credentials);
    const verified = this.#verified.get(digest);
    if (verified !== undefined) return Promise.resolve(verified);
    // A client that opens many connections at once is tried once.
    const trial = this.#trials.get(digest);
    if (trial !== undefined) return trial;
    if (this.#trials.size >= TRIALS_MAX) {
      return Promise.reject(
        new HttpError(429, 429, "Too many passwords are being tried", { "Retry-After": "1" }),
      );
    }
    const started = this.#try(credentials, digest).finally(() => this.#trials.delete(digest));
    this.#trials.set(digest, started);
    return started;
  }

  async #try(credentials: string, digest: string): Promise<Principal | null> {
    const text = Buffer.from(credentials, "base64").toString();
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

function credentialsOf(authorization: string | undefined): string | null {
  return authorization?.match(/^Basic +([\w+/]+=*)$/i)?.[1] ?? null;
}

function digestOf(credentials: string): string {
  return createHash("sha256").update(credentials).digest("base64");
}
