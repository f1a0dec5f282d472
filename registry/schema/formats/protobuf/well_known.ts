import { CONFLUENT } from "./well_known/confluent.ts";
import { DESCRIPTOR } from "./well_known/descriptor.ts";
import { GOOGLE_PROTOBUF } from "./well_known/google_protobuf.ts";
import { GOOGLE_TYPE } from "./well_known/google_type.ts";

// Their imports stand on the line of their package: a line that starts with one would be taken for ours.
const TEXTS = new Map(
  [DESCRIPTOR, GOOGLE_PROTOBUF, GOOGLE_TYPE, CONFLUENT].flatMap((texts) => Object.entries(texts)),
);

/** The text of a file that every schema may import without a reference; null when it isn't one. */
export function wellKnownText(path: string): string | null {
  return TEXTS.get(path) ?? null;
}

/** The paths of all of them. */
export function wellKnownPaths(): string[] {
  return [...TEXTS.keys()];
}
