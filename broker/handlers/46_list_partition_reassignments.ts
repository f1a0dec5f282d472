import { errorMessage, listPartitionReassignments, make } from "../protocol/mod.ts";
import { forwarded } from "./forward.ts";

/**
 * ListPartitionReassignments, version 0: reassignments under way (KIP-455), as the controller has them.
 *
 * Gaps: none known.
 */
export const listPartitionReassignmentsHandler = forwarded({
  api: listPartitionReassignments,
  versions: [0, 0],
  failed: (_request, errorCode) =>
    make(listPartitionReassignments.response, {
      errorCode,
      errorMessage: errorMessage(errorCode),
    }),
});
