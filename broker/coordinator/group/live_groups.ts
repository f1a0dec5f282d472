import { errorCodes } from "../../protocol/errors.ts";
import type { GroupMetadataValue } from "../../protocol/mod.ts";
import { ClassicGroup } from "./classic_group.ts";
import { newMember } from "./classic_member.ts";
import type { GroupStore } from "./group_store.ts";
import { joinError, syncError } from "./responses.ts";
import { subscribedTopics } from "./subscription.ts";

/**
 * The classic groups of a shard that something happens in. The log has the last word: a group that it
 * lacks is not here either, and one that it has is made from its record when it is first asked for.
 */
export class LiveGroups {
  readonly #store: GroupStore;
  readonly #nowMs: () => number;
  readonly #onRestored: (group: ClassicGroup) => void;
  readonly #groups = new Map<string, ClassicGroup>();

  /** `onRestored` is handed each group that was made from its record, to start its sessions. */
  constructor(
    store: GroupStore,
    { nowMs, onRestored }: {
      readonly nowMs: () => number;
      readonly onRestored: (group: ClassicGroup) => void;
    },
  ) {
    this.#store = store;
    this.#nowMs = nowMs;
    this.#onRestored = onRestored;
  }

  /** The classic group of that id; null when there is none. */
  find(groupId: string): ClassicGroup | null {
    const known = this.#groups.get(groupId);
    const stored = this.#store.get(groupId);
    if (stored === undefined || stored.type !== "classic") {
      // Its record was taken back, or its tombstone replayed.
      if (known !== undefined) this.drop(known, errorCodes.COORDINATOR_NOT_AVAILABLE);
      return null;
    }
    if (known !== undefined) return known;
    const group = restore(groupId, stored.value, this.#nowMs());
    this.#groups.set(groupId, group);
    this.#onRestored(group);
    return group;
  }

  /** The group if it is at work; unlike {@linkcode find} it makes none. */
  peek(groupId: string): ClassicGroup | null {
    return this.#groups.get(groupId) ?? null;
  }

  /** Forgets an empty group in which nothing happens; its record brings it back when it is wanted. */
  rest(group: ClassicGroup): void {
    const stored = this.#store.get(group.groupId);
    // Where the record of the last leave was lost, the log still has members.
    const isStoredEmpty = stored?.type === "classic" && (stored.value?.members.length ?? 0) === 0;
    if (group.state !== "Empty" || group.pendingJoins.size > 0 || !isStoredEmpty) return;
    this.#groups.delete(group.groupId);
  }

  /** A new, empty group; its record has to be written by the same handler. */
  create(groupId: string): ClassicGroup {
    const group = new ClassicGroup(groupId, "Empty", this.#nowMs());
    this.#groups.set(groupId, group);
    return group;
  }

  /** Ends a group's life here; whoever waits in it is told `errorCode`. */
  drop(group: ClassicGroup, errorCode: number): void {
    if (this.#groups.get(group.groupId) === group) this.#groups.delete(group.groupId);
    group.stopTimers();
    group.transition("Dead", this.#nowMs());
    for (const member of group.members.values()) {
      group.answerJoin(member, joinError(errorCode, member.memberId));
      group.answerSync(member, syncError(errorCode));
    }
  }

  /** Drops all groups. */
  dropAll(errorCode: number): void {
    for (const group of [...this.#groups.values()]) this.drop(group, errorCode);
  }
}

/** A group as its last record describes it. */
function restore(
  groupId: string,
  value: GroupMetadataValue | null,
  nowMs: number,
): ClassicGroup {
  if (value === null) return new ClassicGroup(groupId, "Empty", nowMs);
  const state = value.members.length === 0 ? "Empty" : "Stable";
  const group = new ClassicGroup(groupId, state, value.currentStateTimestamp);
  group.generationId = value.generation;
  group.protocolType = value.protocolType === "" ? null : value.protocolType;
  group.protocolName = value.protocol;
  group.leaderId = value.leader;
  for (const member of value.members) {
    const { memberId, groupInstanceId, clientId, clientHost, sessionTimeout } = member;
    // Records of version 0 lack the rebalance timeout.
    const rebalanceTimeoutMs = member.rebalanceTimeout === -1
      ? sessionTimeout
      : member.rebalanceTimeout;
    group.add(
      newMember(
        { memberId, groupInstanceId, clientId, clientHost, protocolType: value.protocolType },
        {
          rebalanceTimeoutMs,
          sessionTimeoutMs: sessionTimeout,
          // Which others the member offered is not kept; it says so when it joins again.
          protocols: [{ name: value.protocol ?? "", metadata: member.subscription }],
          assignment: member.assignment,
        },
      ),
      null,
    );
  }
  group.topics = subscribedTopics(group);
  return group;
}
