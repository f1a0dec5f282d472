/**
 * Why a schema can't be had: no registry answers; there is none of that id, subject or version; what was given is
 * no schema, or not one that the subject takes.
 */
export type SchemaProblem = "unreachable" | "unknown" | "invalid";

/** A schema that can't be had; the message names what was asked for. */
export class SchemaSourceError extends Error {
  override readonly name = "SchemaSourceError";
  readonly reason: SchemaProblem;

  constructor(reason: SchemaProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
