import { assertEquals } from "@std/assert";
import { ZERO_UUID } from "../../protocol/mod.ts";
import { Timeline } from "../timeline.ts";
import type { CommittedOffset } from "./committed_offset.ts";
import { OffsetStore } from "./offset_store.ts";

const KEY = { group: "g", topic: "t", partition: 0 };

function committed(offset: number, recordOffset: number): CommittedOffset {
  return {
    offset,
    leaderEpoch: -1,
    metadata: "",
    commitTimestampMs: 0,
    expireTimestampMs: -1,
    topicId: ZERO_UUID,
    recordOffset,
  };
}

/** A store that is loaded from a log: every record replayed is committed. */
function loading(): OffsetStore {
  const timeline = new Timeline();
  timeline.replaying(0, { isCommitted: true });
  return new OffsetStore(timeline);
}

function offsetOf(store: OffsetStore, partition = 0): number | undefined {
  return store.offsets.get("g", "t", partition)?.offset;
}

Deno.test("an offset in a transaction counts from its commit marker on", () => {
  const store = loading();
  store.put(KEY, committed(5, 0), -1);
  store.put(KEY, committed(9, 1), 77);
  assertEquals([offsetOf(store), store.hasPending("g", "t", 0), store.hasPendingOf("g")], [
    5,
    true,
    true,
  ]);
  store.endTransaction(77, true);
  assertEquals([offsetOf(store), store.hasPending("g", "t", 0), store.hasPendingOf("g")], [
    9,
    false,
    false,
  ]);
});

Deno.test("an offset in a transaction that aborts never counts", () => {
  const store = loading();
  store.put(KEY, committed(9, 1), 77);
  store.endTransaction(77, false);
  assertEquals([offsetOf(store), store.hasPendingOf("g")], [undefined, false]);
  store.endTransaction(77, true);
  assertEquals(offsetOf(store), undefined);
});

Deno.test("a plain commit behind an offset in a transaction outlives the transaction's end", () => {
  const store = loading();
  store.put(KEY, committed(9, 1), 77);
  store.put(KEY, committed(5, 2), -1);
  store.endTransaction(77, true);
  assertEquals(offsetOf(store), 5);
});

Deno.test("transactions of two producers end apart", () => {
  const store = loading();
  store.put(KEY, committed(1, 0), 77);
  store.put(KEY, committed(2, 1), 88);
  store.put({ ...KEY, partition: 1 }, committed(3, 2), 88);
  store.endTransaction(77, true);
  assertEquals([offsetOf(store), store.hasPending("g", "t", 0)], [1, true]);
  store.endTransaction(88, true);
  assertEquals([offsetOf(store), offsetOf(store, 1), store.hasPendingOf("g")], [2, 3, false]);
});

Deno.test("a tombstone takes what transactions hold with it", () => {
  const store = loading();
  store.put(KEY, committed(1, 0), -1);
  store.put(KEY, committed(2, 1), 77);
  store.remove(KEY);
  store.endTransaction(77, true);
  assertEquals([offsetOf(store), store.hasPendingOf("g"), [...store.groupIds()]], [
    undefined,
    false,
    [],
  ]);
});

Deno.test("the end of a transaction is undone with its record", () => {
  const timeline = new Timeline();
  const store = new OffsetStore(timeline);
  timeline.replaying(0, { isCommitted: true });
  store.put(KEY, committed(9, 0), 77);
  timeline.replaying(1, { isCommitted: false });
  store.endTransaction(77, true);
  assertEquals([offsetOf(store), store.offsets.committed("g", "t", 0)], [9, undefined]);
  timeline.revert(1);
  assertEquals([offsetOf(store), store.hasPending("g", "t", 0)], [undefined, true]);
  timeline.replaying(1, { isCommitted: false });
  store.endTransaction(77, true);
  timeline.commit(2);
  assertEquals(store.offsets.committed("g", "t", 0)?.offset, 9);
});
