import type { SchemaContent } from "./schema_content.ts";

/** Ids that one decision gave out already, while its records are not yet written. */
export class PendingIds {
  /** By context, then by kind and hash. */
  readonly #ids = new Map<string, Map<string, number>>();

  /** The id that a new schema gets in a context whose largest id is `idMax`. */
  give(context: string, content: SchemaContent, idMax: number): number {
    const ids = this.#ids.get(context) ?? new Map<string, number>();
    this.#ids.set(context, ids);
    const key = `${content.type} ${content.hash}`;
    const id = ids.get(key) ?? idMax + 1 + ids.size;
    ids.set(key, id);
    return id;
  }
}
