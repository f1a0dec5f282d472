import type { Prng } from "../../base/mod.ts";
import type { Outcome, ShardContext } from "../state_machine.ts";
import type { ClassicGroup } from "./classic_group.ts";
import type { ClassicMember } from "./classic_member.ts";
import type { GroupEvent } from "./group_event.ts";
import type { GroupRecord } from "./group_records.ts";
import type { GroupStore } from "./group_store.ts";
import type { LiveGroups } from "./live_groups.ts";
import type { OffsetStore } from "./offset_store.ts";
import type { GroupSettings } from "./settings.ts";

/** All that the handlers of one shard work on; they take it as their first argument. */
export interface ShardState {
  readonly settings: GroupSettings;
  readonly shard: ShardContext<GroupRecord>;
  /** Persistent: groups as the log has them. */
  readonly store: GroupStore;
  /** Persistent: committed offsets. */
  readonly offsets: OffsetStore;
  /** Soft: classic groups at work. */
  readonly live: LiveGroups;
  readonly prng: Prng;
  /** What a member's silence leads to; handed in, since rebalances start and end sessions. */
  readonly onSessionEnd: (group: ClassicGroup, member: ClassicMember) => GroupWrites;
  /** What becomes of a member id that nobody joined with. */
  readonly onHeldIdEnd: (group: ClassicGroup, memberId: string) => GroupWrites;
  readonly report: (event: GroupEvent) => void;
}

/** Records that a handler wants written, its answer aside. */
export type GroupWrites = Outcome<GroupRecord, void>;

/** Nothing to write. */
export const NO_WRITES: GroupWrites = {
  records: [],
  response: undefined,
  isAtomic: true,
  onSettled: null,
};

/** Who asks, as far as the group coordinator wants to know. */
export interface GroupRequestContext {
  /** Version of the request. */
  readonly version: number;
  readonly clientId: string;
  /** As groups show it: `/127.0.0.1`. */
  readonly clientHost: string;
}
