/** Batches: each part of a request is done or refused by itself, and the answer tells of each. */
import type { Decision, SchemaStore } from "../store/mod.ts";
import { errorCodes, RegistryError, statusOf } from "../store/mod.ts";
import type { BatchPart } from "./endpoint.ts";

/** What came of a part. */
export type BatchResult =
  | { readonly result?: unknown }
  | { readonly error: { readonly error_code: number; readonly message: string } };

/** The most parts of a batch. */
const PARTS_MAX = 100;

/** The parts of `{"requests": [...]}`. Throws 422 for another body. */
export function readParts(body: unknown): readonly unknown[] {
  const requests = (body as { readonly requests?: unknown } | null)?.requests;
  if (Array.isArray(requests) && requests.length <= PARTS_MAX) return requests;
  throw new RegistryError(
    errorCodes.UNPROCESSABLE,
    Array.isArray(requests)
      ? `requests has ${requests.length} items; allowed: ${PARTS_MAX}`
      : "The body has no list of requests",
  );
}

/** Does a part, with what runs a decision; the result is that of the last decision that has one. */
export async function resultOf(
  run: (decide: (store: SchemaStore) => Decision<unknown>) => Promise<unknown>,
  part: BatchPart,
): Promise<BatchResult> {
  try {
    let result: unknown = null;
    for (const decide of part()) result = await run(decide) ?? result;
    return result === null ? {} : { result };
  } catch (error) {
    return { error: errorOf(error) };
  }
}

/** Reads a part; see {@linkcode resultOf}. */
export function readResult(read: () => unknown): BatchResult {
  try {
    return { result: read() };
  } catch (error) {
    return { error: errorOf(error) };
  }
}

/** Throws on what is no refusal of this part alone. */
function errorOf(error: unknown): { error_code: number; message: string } {
  if (!(error instanceof RegistryError) || statusOf(error.errorCode) >= 500) throw error;
  return { error_code: error.errorCode, message: error.message };
}
