import { assertEquals, assertThrows } from "@std/assert";
import { AssertionError } from "../base/mod.ts";
import { errorCodes } from "../protocol/mod.ts";
import { PartitionState } from "./partition_state.ts";

const alone = { replicas: [1], isr: [1], leader: 1, leaderEpoch: 4, partitionEpoch: 0 };
const three = { replicas: [1, 2, 3], isr: [1, 2], leader: 1, leaderEpoch: 4, partitionEpoch: 0 };

Deno.test("a lone replica's high watermark is its log end", () => {
  const state = new PartitionState(1);
  assertEquals(state.assign(alone, 7), true);
  assertEquals(state.leaderEpochStartOffset, 7);
  assertEquals(state.highWatermark(7, 12), 12);
});

Deno.test("the high watermark waits for the in-sync replicas alone and never goes back", () => {
  const state = new PartitionState(1);
  state.assign(three, 0);
  assertEquals(state.highWatermark(0, 10), 0, "replica 2 is in the ISR and was not heard of");
  state.onFollowerFetch(3, 10, 0);
  assertEquals(state.highWatermark(0, 10), 0, "replica 3 is not in the ISR");
  state.onFollowerFetch(2, 6, 0);
  assertEquals(state.highWatermark(0, 10), 6);
  state.onFollowerFetch(2, 4, 0);
  assertEquals(state.highWatermark(6, 10), 6);
  state.onFollowerFetch(9, 10, 0);
  assertEquals(state.highWatermark(6, 10), 6, "replica 9 is none of the partition's");
});

Deno.test("assign() begins an epoch once and refuses an older one", () => {
  const state = new PartitionState(1);
  assertEquals(state.assign(alone, 0), true);
  assertEquals(state.assign({ ...alone, partitionEpoch: 1 }, 5), false);
  assertEquals(state.leaderEpochStartOffset, 0);
  assertEquals(state.assign({ ...alone, leaderEpoch: 5 }, 5), true);
  assertEquals(state.leaderEpochStartOffset, 5);
  assertThrows(() => state.assign(alone, 5), AssertionError, "older than 5");
});

Deno.test("check() fences old epochs, doubts new ones and knows who leads", () => {
  const state = new PartitionState(1);
  assertEquals(state.check(-1, true), errorCodes.NOT_LEADER_OR_FOLLOWER);
  state.assign(alone, 0);
  assertEquals(state.check(-1, true), errorCodes.NONE);
  assertEquals(state.check(4, true), errorCodes.NONE);
  assertEquals(state.check(3, true), errorCodes.FENCED_LEADER_EPOCH);
  assertEquals(state.check(5, true), errorCodes.UNKNOWN_LEADER_EPOCH);
  state.assign({ ...alone, leader: 2, leaderEpoch: 5 }, 0);
  assertEquals(state.role, "follower");
  assertEquals(state.check(5, true), errorCodes.NOT_LEADER_OR_FOLLOWER);
  assertEquals(state.check(5, false), errorCodes.NONE);
  state.assign({ ...alone, leader: -1, leaderEpoch: 6 }, 0);
  assertEquals(state.role, "offline");
});

Deno.test("hasMinInSync() asks for no more replicas than the partition has", () => {
  const state = new PartitionState(1);
  state.assign(alone, 0);
  assertEquals(state.hasMinInSync(2), true);
  state.assign({ ...three, isr: [1], leaderEpoch: 5 }, 0);
  assertEquals(state.hasMinInSync(2), false);
  assertEquals(state.hasMinInSync(1), true);
});
