import { alterPartitionReassignments, errorMessage, make } from "../protocol/mod.ts";
import { forwarded } from "./forward.ts";

/**
 * AlterPartitionReassignments, versions 0 and 1: begins and cancels reassignments (KIP-455); the
 * controller decides.
 *
 * Gaps: none known.
 */
export const alterPartitionReassignmentsHandler = forwarded({
  api: alterPartitionReassignments,
  versions: [0, 1],
  failed: (_request, errorCode) =>
    make(alterPartitionReassignments.response, {
      errorCode,
      errorMessage: errorMessage(errorCode),
    }),
});
