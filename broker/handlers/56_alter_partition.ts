import { alterPartition, make } from "../protocol/mod.ts";
import { forwarded } from "./forward.ts";

/**
 * AlterPartition, versions 2 and 3 (KIP-497): a leader asks for another ISR; controller
 * listeners alone serve it.
 *
 * Gaps: none known.
 */
export const alterPartitionHandler = forwarded({
  api: alterPartition,
  versions: [2, 3],
  failed: (_request, errorCode) => make(alterPartition.response, { errorCode }),
});
