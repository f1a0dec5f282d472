import type { Prng } from "../../base/mod.ts";
import { errorCodes } from "../../protocol/errors.ts";
import type { RecordOrigin, ShardContext, ShardTimer, StateMachine } from "../state_machine.ts";
import type { GroupEvent } from "./group_event.ts";
import type { GroupRecord } from "./group_records.ts";
import { GroupStore } from "./group_store.ts";
import { LiveGroups } from "./live_groups.ts";
import { type DeletedTopic, expireGroup, forgetTopics } from "./offset_expiry.ts";
import { OffsetStore } from "./offset_store.ts";
import { startRebalance } from "./rebalance.ts";
import { onHeldIdEnd, onSessionEnd } from "./session_end.ts";
import { restartSession } from "./sessions.ts";
import type { GroupSettings } from "./settings.ts";
import { type GroupWrites, NO_WRITES, type ShardState } from "./shard_state.ts";
import { sweep } from "./sweep.ts";

/** What the groups of a node share. */
export interface GroupShardOptions {
  readonly settings: GroupSettings;
  readonly prng: Prng;
  readonly report: (event: GroupEvent) => void;
}

/**
 * One partition of `__consumer_offsets` in memory. `state` is what handlers work on; replay alone
 * changes the persistent part of it.
 */
export class GroupShard implements StateMachine<GroupRecord> {
  readonly state: ShardState;
  #expiry: ShardTimer | null = null;

  constructor(shard: ShardContext<GroupRecord>, options: GroupShardOptions) {
    const { settings, prng, report } = options;
    const store = new GroupStore(shard.timeline);
    const state: ShardState = {
      settings,
      shard,
      store,
      offsets: new OffsetStore(shard.timeline),
      live: new LiveGroups(store, {
        nowMs: shard.nowMs,
        onRestored: (group) => {
          for (const member of group.members.values()) restartSession(state, group, member);
        },
      }),
      prng,
      onSessionEnd: (group, member) => onSessionEnd(state, group, member),
      onHeldIdEnd: (group, memberId) => onHeldIdEnd(state, group, memberId),
      report,
    };
    this.state = state;
  }

  replay(record: GroupRecord, { offset, producerId }: RecordOrigin): void {
    const { store, offsets } = this.state;
    switch (record.kind) {
      case "offset":
        if (record.value === null) return offsets.remove(record.key);
        store.ensure(record.key.group);
        return offsets.put(record.key, { ...record.value, recordOffset: offset }, producerId);
      case "group":
        return store.putClassic(record.groupId, record.value);
      case "other":
        return store.putOther(record);
    }
  }

  endTransaction({ producerId }: RecordOrigin, isCommitted: boolean): void {
    this.state.offsets.endTransaction(producerId, isCommitted);
  }

  onLoaded(): void {
    const { state } = this;
    for (const groupId of [...state.store.ids()]) {
      const stored = state.store.get(groupId);
      // Groups without members wait in the store until somebody asks for them.
      if (stored?.type !== "classic" || (stored.value?.members.length ?? 0) === 0) continue;
      const group = state.live.find(groupId)!;
      const memberCount = group.members.size;
      state.report({ kind: "group-loaded", groupId, memberCount });
      if (memberCount <= state.settings.maxSize) continue;
      startRebalance(
        state,
        group,
        `it has ${memberCount} members, ${state.settings.maxSize} may be`,
      );
    }
    this.#scheduleExpiry();
  }

  onUnloaded(): void {
    this.#expiry?.cancel();
    this.state.live.dropAll(errorCodes.NOT_COORDINATOR);
  }

  /** Topics are gone: so are the offsets in them. */
  onTopicsDeleted(topics: readonly DeletedTopic[]): GroupWrites {
    const groupIds = [...this.state.offsets.groupIds()];
    return sweep(this.state, groupIds, (groupId) => forgetTopics(this.state, groupId, topics));
  }

  #scheduleExpiry(): void {
    const { settings, shard } = this.state;
    this.#expiry = shard.schedule(settings.offsetsRetentionCheckIntervalMs, () => {
      this.#scheduleExpiry();
      const groupIds = [...this.state.store.ids()];
      return groupIds.length === 0
        ? NO_WRITES
        : sweep(this.state, groupIds, (groupId) => expireGroup(this.state, groupId));
    });
  }
}
