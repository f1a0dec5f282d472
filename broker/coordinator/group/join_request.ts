import type { JoinGroupRequest, JoinGroupResponse } from "../../protocol/mod.ts";
import type { Reply } from "./classic_member.ts";
import type { GroupRequestContext } from "./shard_state.ts";

/** A JoinGroup on its way through the handlers of this folder. */
export interface Join {
  readonly request: JoinGroupRequest;
  readonly context: GroupRequestContext;
  /** Only the first response counts. */
  readonly reply: Reply<JoinGroupResponse>;
}

/** Why the client joins, for the log; clients tell from version 8 on (KIP-800). */
export function reasonOf({ request }: Join): string {
  return request.reason === null || request.reason === "" ? "no reason given" : request.reason;
}
