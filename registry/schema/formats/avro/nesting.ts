import { SchemaError } from "../schema.ts";

/**
 * Deepest nesting of types in one another that is written. Texts hold less, as JSON is nested several times per
 * type; names used ahead of their definition, and references put in place, can lead to more.
 */
export const TYPE_DEPTH_MAX = 500;

/** Types nested deeper than {@linkcode TYPE_DEPTH_MAX}. */
export class NestingError extends SchemaError {
  constructor() {
    super(`Types are nested deeper than ${TYPE_DEPTH_MAX} levels`);
  }
}
