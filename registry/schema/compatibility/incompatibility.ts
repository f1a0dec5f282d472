/** How severe compatibility is: LOGICAL compares logical types too, LENIENT lets JSON Schema's models move. */
export type CompatibilityPolicy = "STRICT" | "LENIENT" | "LOGICAL";

/** One reason why a reader can't read what a writer wrote. */
export interface Incompatibility {
  /** Upper snake case, such as `READER_FIELD_MISSING_DEFAULT_VALUE`. */
  readonly errorType: string;
  /** Where in the reader's schema: a JSON pointer, for Protobuf a path of `#/` and names. */
  readonly path: string;
  /** A sentence for people. */
  readonly description: string;
  /** More of it, or "". */
  readonly additionalInfo: string;
}
