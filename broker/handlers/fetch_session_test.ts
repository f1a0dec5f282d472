import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { SeededPrng } from "../base/mod.ts";
import { errorCodes, fetch, type FetchRequest, make, ZERO_UUID } from "../protocol/mod.ts";
import type { FetchedPartition } from "./fetch_partitions.ts";
import { type FetchPlan, FetchSessionCache, FINAL_EPOCH, INITIAL_EPOCH } from "./fetch_session.ts";

const BY_NAME = 12;
const BY_ID = 13;
const ID = "HgrJNwgsRGKpRmiDPLPqwg";
const EVICTION_MS = 120_000;

function cache(sessionsMax = 10): FetchSessionCache {
  return new FetchSessionCache({ sessionsMax, prng: new SeededPrng(1) });
}

/** A request for partitions of one topic at offset 0. */
function request(
  partitions: readonly number[],
  options: {
    sessionId?: number;
    sessionEpoch?: number;
    forget?: readonly number[];
    topicId?: string;
    fetchOffset?: number;
  } = {},
): FetchRequest {
  const { sessionId = 0, sessionEpoch = INITIAL_EPOCH, forget = [], fetchOffset = 0 } = options;
  const { topicId = ZERO_UUID } = options;
  const topic = topicId === ZERO_UUID ? "t" : "";
  return make(fetch.request, {
    sessionId,
    sessionEpoch,
    topics: partitions.length === 0 ? [] : [{
      topic,
      topicId,
      partitions: partitions.map((partition) => ({ partition, fetchOffset })),
    }],
    forgottenTopicsData: forget.length === 0 ? [] : [{ topic, topicId, partitions: [...forget] }],
  });
}

/** What reading a partition gave. */
function result(partial: Partial<FetchedPartition> = {}): FetchedPartition {
  const response = make(fetch.response, { responses: [{ partitions: [{ highWatermark: 5 }] }] });
  return { ...response.responses[0]!.partitions[0]!, ...partial };
}

function settle(
  sessions: FetchSessionCache,
  plan: FetchPlan,
  options: {
    fetched?: FetchedPartition[];
    nowMs?: number;
    isFollower?: boolean;
    version?: number;
  } = {},
) {
  const { nowMs = 0, isFollower = false, version = BY_NAME } = options;
  const fetched = options.fetched ?? plan.partitions.map(() => result());
  return sessions.settle(plan, fetched, { version, isFollower, nowMs });
}

/** Makes a session of partitions 0 to `count`; gives its id, 0 when there was no room. */
function open(
  sessions: FetchSessionCache,
  count: number,
  options: { nowMs?: number; isFollower?: boolean; version?: number; topicId?: string } = {},
): number {
  const { version = BY_NAME, nowMs = 0, topicId = ZERO_UUID } = options;
  const partitions = Array.from({ length: count }, (_, index) => index);
  const plan = sessions.plan(request(partitions, { topicId }), version, nowMs);
  return settle(sessions, plan, options).sessionId;
}

const numbers = ({ partitions }: FetchPlan) => partitions.map(({ partition }) => partition);

Deno.test("a full fetch makes a session whose next requests name what changed alone", () => {
  const sessions = cache();
  const plan = sessions.plan(request([0, 1, 2]), BY_NAME, 0);
  assertEquals([plan.kind, numbers(plan)], ["full", [0, 1, 2]]);
  const { sessionId, told } = settle(sessions, plan);
  assert(sessionId > 0);
  assertEquals(told, [true, true, true]);

  const second = sessions.plan(request([], { sessionId, sessionEpoch: 1 }), BY_NAME, 0);
  assertEquals([second.kind, numbers(second)], ["incremental", [0, 1, 2]]);
  assertEquals(settle(sessions, second).told, [false, false, false], "nothing is new");

  const third = sessions.plan(
    request([1, 3], { sessionId, sessionEpoch: 2, forget: [0], fetchOffset: 9 }),
    BY_NAME,
    0,
  );
  assertEquals(numbers(third), [1, 2, 3]);
  assertEquals(third.partitions.map(({ fetchOffset }) => fetchOffset), [9, 0, 9]);
});

Deno.test("an incremental answer tells data, new watermarks, errors, and what gets well", () => {
  const sessions = cache();
  const sessionId = open(sessions, 1);
  let sessionEpoch = 0;
  const tells = (fetched: FetchedPartition) => {
    const plan = sessions.plan(
      request([], { sessionId, sessionEpoch: ++sessionEpoch }),
      BY_NAME,
      0,
    );
    return settle(sessions, plan, { fetched: [fetched] }).told[0];
  };
  assertEquals(tells(result()), false);
  assertEquals(tells(result({ records: new Uint8Array(10) })), true);
  assertEquals(tells(result()), false);
  assertEquals(tells(result({ highWatermark: 6 })), true);
  assertEquals(tells(result({ highWatermark: 6 })), false);
  assertEquals(tells(result({ highWatermark: 6, logStartOffset: 2 })), true);
  assertEquals(tells(result({ errorCode: 3, highWatermark: -1, logStartOffset: -1 })), true);
  assertEquals(tells(result({ errorCode: 3, highWatermark: -1, logStartOffset: -1 })), true);
  assertEquals(tells(result({ highWatermark: 6, logStartOffset: 2 })), true, "well again");
  assertEquals(tells(result({ highWatermark: 6, logStartOffset: 2 })), false);
  const diverging = { divergingEpoch: { epoch: 3, endOffset: 4 } };
  assertEquals(tells(result({ highWatermark: 6, logStartOffset: 2, ...diverging })), true);
  const elsewhere = { preferredReadReplica: 2 };
  assertEquals(tells(result({ highWatermark: 6, logStartOffset: 2, ...elsewhere })), true);
});

Deno.test("partitions that gave data go behind the others", () => {
  const sessions = cache();
  const sessionId = open(sessions, 3);
  const data = result({ records: new Uint8Array(1) });
  const first = sessions.plan(request([], { sessionId, sessionEpoch: 1 }), BY_NAME, 0);
  settle(sessions, first, { fetched: [data, result(), result()] });
  const second = sessions.plan(request([], { sessionId, sessionEpoch: 2 }), BY_NAME, 0);
  assertEquals(numbers(second), [1, 2, 0]);
  settle(sessions, second, { fetched: [data, data, result()] });
  const third = sessions.plan(request([], { sessionId, sessionEpoch: 3 }), BY_NAME, 0);
  assertEquals(numbers(third), [0, 1, 2]);
});

Deno.test("unknown sessions, wrong epochs and the other way of naming topics are refused", () => {
  const sessions = cache();
  const sessionId = open(sessions, 1);
  const code = (sessionEpoch: number, id = sessionId, version = BY_NAME) =>
    sessions.plan(request([], { sessionId: id, sessionEpoch }), version, 0).errorCode;
  assertEquals(code(1, sessionId + 1), errorCodes.FETCH_SESSION_ID_NOT_FOUND);
  assertEquals(code(9), errorCodes.INVALID_FETCH_SESSION_EPOCH);
  assertEquals(code(1, sessionId, BY_ID), errorCodes.FETCH_SESSION_TOPIC_ID_ERROR);
  assertEquals(code(1), errorCodes.NONE);
  assertEquals(code(1), errorCodes.INVALID_FETCH_SESSION_EPOCH, "asked twice");

  const byId = open(sessions, 1, { version: BY_ID, topicId: ID });
  assertEquals(code(1, byId), errorCodes.FETCH_SESSION_TOPIC_ID_ERROR);
  const plan = sessions.plan(request([], { sessionId: byId, sessionEpoch: 1 }), BY_ID, 0);
  assertEquals(plan.partitions.map(({ topicId, topic }) => [topicId, topic]), [[ID, null]]);
});

Deno.test("an answer that a later request of its session overtook is an epoch error", () => {
  const sessions = cache();
  const sessionId = open(sessions, 1);
  const slow = sessions.plan(request([], { sessionId, sessionEpoch: 1 }), BY_NAME, 0);
  const fast = sessions.plan(request([], { sessionId, sessionEpoch: 2 }), BY_NAME, 0);
  assertEquals(settle(sessions, slow), {
    errorCode: errorCodes.INVALID_FETCH_SESSION_EPOCH,
    sessionId,
    told: [],
  });
  assertEquals(settle(sessions, fast).errorCode, errorCodes.NONE);
});

Deno.test("the final epoch and a full fetch end the session that they name", () => {
  const sessions = cache();
  const sessionId = open(sessions, 2);
  const last = sessions.plan(request([0], { sessionId, sessionEpoch: FINAL_EPOCH }), BY_NAME, 0);
  assertEquals([last.kind, numbers(last)], ["sessionless", [0]]);
  assertEquals(settle(sessions, last).sessionId, 0);
  assertEquals(sessions.size, 0);

  const old = open(sessions, 2);
  const plan = sessions.plan(request([0], { sessionId: old }), BY_NAME, 0);
  const renewed = settle(sessions, plan).sessionId;
  assertNotEquals(renewed, old);
  assertEquals([sessions.size, sessions.partitionCount], [1, 1]);
});

Deno.test("a session that has forgotten all partitions is gone", () => {
  const sessions = cache();
  const sessionId = open(sessions, 2);
  const plan = sessions.plan(
    request([], { sessionId, sessionEpoch: 1, forget: [0, 1, 7] }),
    BY_NAME,
    0,
  );
  assertEquals([plan.kind, numbers(plan)], ["sessionless", []]);
  assertEquals(settle(sessions, plan).sessionId, 0);
  assertEquals(sessions.size, 0);
});

Deno.test("a partition that is named twice counts once, as named last", () => {
  const twice = make(fetch.request, {
    topics: [
      { topic: "t", partitions: [{ partition: 0, fetchOffset: 1 }] },
      { topic: "u", partitions: [{ partition: 0 }] },
      { topic: "t", partitions: [{ partition: 0, fetchOffset: 2 }] },
    ],
    sessionEpoch: FINAL_EPOCH,
  });
  const plan = cache().plan(twice, BY_NAME, 0);
  assertEquals(plan.partitions.map(({ topic, fetchOffset }) => [topic, fetchOffset]), [
    ["t", 2],
    ["u", 0],
  ]);
});

Deno.test("a full cache makes room for followers, for larger sessions once old ones are two minutes old", () => {
  const sessions = cache(2);
  const small = open(sessions, 1);
  const large = open(sessions, 3);
  assertEquals(open(sessions, 9, { nowMs: 10 }), 0, "the others are young");
  const follower = open(sessions, 1, { nowMs: 10, isFollower: true });
  assert(follower > 0);
  const exists = (sessionId: number) =>
    sessions.plan(request([], { sessionId, sessionEpoch: 99 }), BY_NAME, 0).errorCode !==
      errorCodes.FETCH_SESSION_ID_NOT_FOUND;
  assertEquals([small, large, follower].map(exists), [false, true, true]);

  // Used shortly before, so that none is stale.
  const nowMs = EVICTION_MS + 50;
  for (const sessionId of [large, follower]) {
    settle(
      sessions,
      sessions.plan(request([], { sessionId, sessionEpoch: 1 }), BY_NAME, nowMs - 1),
    );
  }
  assertEquals(open(sessions, 3, { nowMs }), 0, "not larger than the least");
  const larger = open(sessions, 4, { nowMs });
  assert(larger > 0);
  assertEquals([large, follower, larger].map(exists), [false, true, true]);
});

Deno.test("a session that was not used for two minutes gives way to any", () => {
  const sessions = cache(1);
  const stale = open(sessions, 100, { isFollower: true });
  assertEquals(open(sessions, 1, { nowMs: EVICTION_MS }), 0);
  assert(open(sessions, 1, { nowMs: EVICTION_MS + 1 }) > 0);
  const { errorCode } = sessions.plan(
    request([], { sessionId: stale, sessionEpoch: 1 }),
    BY_NAME,
    0,
  );
  assertEquals(errorCode, errorCodes.FETCH_SESSION_ID_NOT_FOUND);
});

Deno.test("without slots nobody gets a session", () => {
  assertEquals(open(cache(0), 1), 0);
});
