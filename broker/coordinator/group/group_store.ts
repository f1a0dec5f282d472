import type { GroupMetadataValue } from "../../protocol/mod.ts";
import { type Timeline, TimelineMap } from "../timeline.ts";
import type { GroupRecord, GroupType } from "./group_records.ts";

/** What the log says of a classic group. */
export interface StoredClassicGroup {
  readonly type: "classic";
  /** Null for a group that exists only because offsets were committed in its name. */
  readonly value: GroupMetadataValue | null;
}

/** A group of another kind: its records as they came, by key. */
export interface StoredOtherGroup {
  readonly type: Exclude<GroupType, "classic">;
  readonly records: TimelineMap<string, OtherRecord>;
}

/** A record that the coordinator keeps without reading it. */
export interface OtherRecord {
  readonly keyType: number;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** A group as the log has it. */
export type StoredGroup = StoredClassicGroup | StoredOtherGroup;

const SIMPLE_GROUP: StoredClassicGroup = { type: "classic", value: null };

/**
 * The groups of a shard as their records say, changed by replay alone. Groups of KIP-848, KIP-932 and
 * KIP-1071 are kept record by record, so that they are listed, protected from being mistaken for
 * classic ones, and deleted without a trace.
 */
export class GroupStore {
  readonly #timeline: Timeline;
  readonly #groups: TimelineMap<string, StoredGroup>;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.#groups = new TimelineMap(timeline);
  }

  /** The group in the newest state. */
  get(groupId: string): StoredGroup | undefined {
    return this.#groups.get(groupId);
  }

  /** The group in committed state. */
  committed(groupId: string): StoredGroup | undefined {
    return this.#groups.committed(groupId);
  }

  /** All groups in committed state. */
  committedGroups(): Iterable<[string, StoredGroup]> {
    return this.#groups.committedEntries();
  }

  /** Ids of the groups in the newest state. */
  ids(): IterableIterator<string> {
    return this.#groups.keys();
  }

  /** Replays an offset: where no group is, it makes one. */
  ensure(groupId: string): void {
    if (!this.#groups.has(groupId)) this.#groups.set(groupId, SIMPLE_GROUP);
  }

  /** Replays a classic group's record. Its tombstone leaves groups of other kinds alone. */
  putClassic(groupId: string, value: GroupMetadataValue | null): void {
    if (value !== null) this.#groups.set(groupId, { type: "classic", value });
    else if (this.#groups.get(groupId)?.type === "classic") this.#groups.delete(groupId);
  }

  /** Replays a record of another kind of group, which is there for as long as it has records. */
  putOther(record: Extract<GroupRecord, { kind: "other" }>): void {
    const { groupId, groupType, keyType, key, value } = record;
    let group = this.#groups.get(groupId);
    const isKnown = group !== undefined && group.type === groupType;
    if (value === null) {
      if (!isKnown) return;
      const { records } = group as StoredOtherGroup;
      records.delete(textOf(key));
      if (records.size === 0) this.#groups.delete(groupId);
      return;
    }
    if (!isKnown) {
      group = { type: groupType, records: new TimelineMap(this.#timeline) };
      this.#groups.set(groupId, group);
    }
    (group as StoredOtherGroup).records.set(textOf(key), { keyType, key, value });
  }
}

/** Bytes as a text that can be a map's key. */
function textOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
