import { describeQuorum, errorMessage, make } from "../protocol/mod.ts";
import { forwarded } from "./forward.ts";

/**
 * DescribeQuorum, versions 0 to 2: voters and observers of the metadata quorum and how far they are
 * (KIP-595, KIP-836), as its leader has them.
 *
 * Gaps: none known.
 */
export const describeQuorumHandler = forwarded({
  api: describeQuorum,
  versions: [0, 2],
  failed: (_request, errorCode) =>
    make(describeQuorum.response, { errorCode, errorMessage: errorMessage(errorCode) }),
});
