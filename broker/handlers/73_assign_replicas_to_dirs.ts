import { assignReplicasToDirs, make } from "../protocol/mod.ts";
import { forwarded } from "./forward.ts";

/**
 * AssignReplicasToDirs, version 0 (KIP-858): a broker tells where replicas lie; controller
 * listeners alone serve it.
 *
 * Gaps: none known.
 */
export const assignReplicasToDirsHandler = forwarded({
  api: assignReplicasToDirs,
  versions: [0, 0],
  failed: (_request, errorCode) => make(assignReplicasToDirs.response, { errorCode }),
});
