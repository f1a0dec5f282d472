import type { LinkedField, LinkedFile, LinkedMessage, LinkedSymbol } from "./linked.ts";
import { wellKnownFile } from "./linker.ts";
import { type ExtensionLookup, extensionsOf } from "./option_decoder.ts";
import { wellKnownPaths } from "./well_known.ts";

/** What values may hold beyond the fields of their messages: extensions, and messages inside `Any`. */
export class TypesAtHand {
  readonly extension: ExtensionLookup;
  readonly #file: LinkedFile;

  constructor(file: LinkedFile) {
    this.#file = file;
    this.extension = extensionsOf(file);
  }

  #find(fullName: string): LinkedSymbol | null {
    for (const file of this.#file.all) {
      const symbol = file.symbols.get(fullName);
      if (symbol !== undefined) return symbol;
    }
    return null;
  }

  /** The extension of that full name; null when there is none. */
  extensionNamed(fullName: string): LinkedField | null {
    const symbol = this.#find(fullName);
    return symbol?.kind === "field" && symbol.extension ? symbol : null;
  }

  /** The message of that full name, in the schema, its imports or what is built in. */
  messageNamed(fullName: string): LinkedMessage | null {
    const symbol = this.#find(fullName) ?? builtIn(fullName);
    return symbol?.kind === "message" ? symbol : null;
  }
}

function builtIn(fullName: string): LinkedSymbol | null {
  if (!/^(?:google|confluent)\./.test(fullName)) return null;
  for (const path of wellKnownPaths()) {
    const symbol = wellKnownFile(path)!.symbols.get(fullName);
    if (symbol !== undefined) return symbol;
  }
  return null;
}
