import type { Writer } from "./writer.ts";

/** A tagged field that the schema does not know. */
export interface UnknownTag {
  readonly tag: number;
  readonly bytes: Uint8Array;
}

/** Where a lossless codec keeps the unknown tagged fields of a struct, by ascending tag. */
export const UNKNOWN_TAGS = Symbol("unknown tagged fields");

/** A value as a lossless codec gives it: wide int64 are bigints, unknown tagged fields are kept. */
export interface LosslessValue {
  [name: string]: unknown;
  [UNKNOWN_TAGS]?: UnknownTag[];
}

/**
 * Writes the unknown fields from the index `from` on whose tag is below `limit`; gives the next
 * index.
 */
export function writeUnknownTags(
  writer: Writer,
  tags: readonly UnknownTag[],
  from: number,
  limit: number,
): number {
  let index = from;
  for (; index < tags.length && tags[index]!.tag < limit; index++) {
    const { tag, bytes } = tags[index]!;
    writer.uvarint(tag);
    writer.uvarint(bytes.length);
    writer.raw(bytes);
  }
  return index;
}
