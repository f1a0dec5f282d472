import { errorCodes, isRetriable } from "../../broker/protocol/errors.ts";

/** What a broker answers for a group or transaction that it does not coordinate, or not yet. */
export const COORDINATOR_CODES: ReadonlySet<number> = new Set([
  errorCodes.COORDINATOR_LOAD_IN_PROGRESS,
  errorCodes.COORDINATOR_NOT_AVAILABLE,
  errorCodes.NOT_COORDINATOR,
]);

/** What a node answers that is not the controller. */
export const CONTROLLER_CODES: ReadonlySet<number> = new Set([errorCodes.NOT_CONTROLLER]);

const NONE: ReadonlySet<number> = new Set();

/** Structs go no deeper than this in any answer. */
const DEPTH_MAX = 4;

/**
 * The code because of which the whole request should be sent again: a retriable one on top of the
 * answer, or one of `anywhere` on any of its items. NONE when there is none.
 */
export function codeToRetry(answer: object, anywhere: ReadonlySet<number> = NONE): number {
  const { errorCode } = answer as { errorCode?: number };
  if (errorCode !== undefined && isRetriable(errorCode)) return errorCode;
  return anywhere.size === 0 ? errorCodes.NONE : codeInside(answer, anywhere, 0);
}

function codeInside(answer: object, codes: ReadonlySet<number>, depth: number): number {
  for (const [name, value] of Object.entries(answer)) {
    if (name === "errorCode" && codes.has(value as number)) return value as number;
    if (!Array.isArray(value) || depth === DEPTH_MAX) continue;
    for (const item of value) {
      if (typeof item !== "object" || item === null) break;
      const code = codeInside(item, codes, depth + 1);
      if (code !== errorCodes.NONE) return code;
    }
  }
  return errorCodes.NONE;
}
