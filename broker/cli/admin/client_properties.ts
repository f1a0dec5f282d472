import { parseProperties } from "../../config/mod.ts";
import { CommandError } from "../command_error.ts";
import type { CommandIo } from "../io.ts";
import { readTextFile } from "../text_file.ts";

type Files = Pick<CommandIo, "readTextFile">;

/** Properties that say nothing to us but do no harm: they name Java classes or local habits. */
const HARMLESS = /^(?:bootstrap\.servers|(?:key|value)\.(?:de)?serializer|security\.protocol)$/;

/**
 * A client's configuration as Kafka's tools take it, from a properties file and from `key=value`
 * flags. It remembers which names were asked for, so that the others can be warned of.
 */
export class ClientProperties {
  readonly #values: ReadonlyMap<string, string>;
  readonly #asked = new Set<string>();

  /**
   * Throws {@linkcode CommandError} when the properties ask for TLS or SASL, which kafkats cannot do
   * yet: going on in plain text would send data where it was not meant to go.
   */
  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
    const protocol = values.get("security.protocol")?.trim().toUpperCase() ?? "PLAINTEXT";
    if (protocol !== "PLAINTEXT") {
      throw new CommandError(
        `Cannot use security.protocol=${protocol}: kafkats connects in PLAINTEXT only, ` +
          `TLS and SASL are not supported yet`,
      );
    }
  }

  /**
   * Reads a properties file, if any, with `inline` on top. Rejects with {@linkcode CommandError}
   * when it cannot be read.
   */
  static async load(
    path: string | null,
    io: Files,
    inline: ReadonlyMap<string, string> = new Map(),
  ): Promise<ClientProperties> {
    const values = path === null ? new Map<string, string>() : await readPropertiesFile(path, io);
    for (const [name, value] of inline) values.set(name, value);
    return new ClientProperties(values);
  }

  /** The property's text; null when it is not set. */
  text(name: string): string | null {
    this.#asked.add(name);
    return this.#values.get(name)?.trim() ?? null;
  }

  /**
   * The property as a whole number in `[min, max]`; null when it is not set. Throws
   * {@linkcode CommandError} when it is none.
   */
  integer(name: string, { min, max }: { readonly min: number; readonly max: number }) {
    const text = this.text(name);
    if (text === null) return null;
    const value = /^-?\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw wrongValue(name, text, `a whole number from ${min} to ${max}`);
  }

  /**
   * The property, one of `allowed`; null when it is not set. Throws {@linkcode CommandError} when it
   * is another.
   */
  oneOf<V extends string>(name: string, allowed: readonly V[]): V | null {
    const text = this.text(name);
    if (text === null) return null;
    const found = allowed.find((each) => each === text.toLowerCase());
    if (found === undefined) throw wrongValue(name, text, allowed.join(", "));
    return found;
  }

  /** Names that were set and that nothing asked for, in order. */
  unasked(): string[] {
    return [...this.#values.keys()].filter((name) =>
      !this.#asked.has(name) && !HARMLESS.test(name)
    );
  }

  /** One line about {@linkcode unasked} names for stderr; empty when there are none. */
  warning(): string {
    const names = this.unasked();
    return names.length === 0 ? "" : `Warning: ignored properties: ${names.join(", ")}\n`;
  }
}

/** Reads a properties file. Rejects with {@linkcode CommandError} when it cannot be read. */
export async function readPropertiesFile(path: string, io: Files): Promise<Map<string, string>> {
  return await parseProperties(await readTextFile(path, io));
}

function wrongValue(name: string, text: string, allowed: string): CommandError {
  return new CommandError(`Cannot use ${name}=${text}: allowed is ${allowed}`);
}
