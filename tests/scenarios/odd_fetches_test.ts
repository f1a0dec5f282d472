/** What no client of Kafka's asks of Fetch and ListOffsets is answered as Kafka answers it. */
import { assertEquals } from "@std/assert";
import { errorCodes } from "../../broker/protocol/mod.ts";
import type { Properties } from "../one_node.ts";
import type { JsonObject, JsonValue } from "../wire/json_text.ts";
import { isForeignTarget, openTarget } from "../wire/target.ts";
import { Asker } from "./asking.ts";

const UNKNOWN_SERVER_ERROR = -1;

/** Runs `body` beside a broker with topic `t`, of two partitions with one record each. */
async function beside(
  body: (asker: Asker) => Promise<void>,
  properties: Properties = {},
): Promise<void> {
  await using target = await openTarget(properties);
  const asker = new Asker(target);
  try {
    await asker.createTopic("t", 2);
    for (const partition of [0, 1]) {
      await asker.produce("t", { records: [{ value: "v" }] }, { partition });
    }
    await body(asker);
  } finally {
    await asker.end();
  }
}

/** A Fetch of some partitions of `t`, by name; `maxWaitMs` 0 unless it says otherwise. */
function fetching(
  partitions: readonly JsonObject[],
  body: JsonObject,
  version = 12,
): JsonObject {
  const wanted = partitions.map((partition) => ({ partitionMaxBytes: 1000, ...partition }));
  const topics = [{ topic: "t", partitions: wanted }];
  return { api: "Fetch", version, body: { maxWaitMs: 0, minBytes: 1, topics, ...body } };
}

function partitionsOf({ responses }: JsonObject): JsonObject[] {
  return (responses as { partitions: JsonObject[] }[]).flatMap(({ partitions }) => partitions);
}

function errorsOf(answer: JsonObject): JsonValue[] {
  return partitionsOf(answer).map(({ errorCode }) => errorCode!);
}

function recordCount({ records }: JsonObject): number {
  return (records as { batches: JsonValue[] }).batches.length;
}

Deno.test("an isolation level that does not exist fails the whole request", async () => {
  await beside(async (asker) => {
    const partition = { partitionIndex: 0, timestamp: -1 };
    const listed = await asker.ask({
      api: "ListOffsets",
      version: 9,
      body: {
        replicaId: -1,
        isolationLevel: 7,
        topics: [{ name: "t", partitions: [partition, partition] }, {
          name: "none",
          partitions: [partition],
        }],
      },
    });
    const failed = { partitionIndex: 0, errorCode: -1, timestamp: -1, offset: -1, leaderEpoch: -1 };
    assertEquals(listed.topics, [
      { name: "t", partitions: [failed, failed] },
      { name: "none", partitions: [failed] },
    ]);

    const isolationLevel = 5;
    const fetched = await asker.ask(fetching([{ partition: 0 }, { partition: 9 }], {
      isolationLevel,
    }));
    assertEquals(fetched.errorCode, UNKNOWN_SERVER_ERROR);
    assertEquals(errorsOf(fetched), [UNKNOWN_SERVER_ERROR, UNKNOWN_SERVER_ERROR]);
    const missing = await asker.ask(fetching([{ partition: 9 }], { isolationLevel }));
    assertEquals([missing.errorCode, errorsOf(missing)], [0, [3]]);

    // The session outlives it, and counts it.
    const { sessionId } = await asker.ask(fetching([{ partition: 0 }], { sessionEpoch: 0 }));
    const session = { sessionId: sessionId!, isolationLevel };
    const first = await asker.ask(fetching([{ partition: 1 }], { ...session, sessionEpoch: 1 }));
    assertEquals([first.errorCode, first.sessionId, errorsOf(first)], [-1, sessionId!, [-1]]);
    const next = await asker.ask(fetching([], { sessionId: sessionId!, sessionEpoch: 2 }));
    assertEquals([next.errorCode, errorsOf(next)], [0, [0, 0]]);
  });
});

Deno.test("a limit below zero is an error where there is something to read", async () => {
  await beside(async (asker) => {
    const both = [{ partition: 0 }, { partition: 1 }];
    // What is left for the second partition is 0, and the first batch comes whatever the limit.
    const answer = await asker.ask(fetching(both, { maxBytes: -1 }));
    assertEquals([answer.errorCode, errorsOf(answer)], [0, [UNKNOWN_SERVER_ERROR, 0]]);
    const [refused, read] = partitionsOf(answer);
    assertEquals([refused!.highWatermark, refused!.abortedTransactions], [-1, null]);
    assertEquals([read!.highWatermark, recordCount(read!)], [1, 1]);

    const partitionMaxBytes = -1;
    const one = (fetchOffset: number) =>
      asker.ask(fetching([{ partition: 0, fetchOffset, partitionMaxBytes }], {}));
    assertEquals(errorsOf(await one(0)), [UNKNOWN_SERVER_ERROR]);
    assertEquals(errorsOf(await one(1)), [0]);
    assertEquals(errorsOf(await one(10)), [1]);
  });
});

Deno.test("a broker that is no follower of a partition is not served as one", async () => {
  await beside(async (asker) => {
    for (const replicaId of [1, 9]) {
      const ask = (wanted: JsonObject) =>
        asker.ask(fetching([{ partition: 0, ...wanted }], { replicaId }));
      const { NOT_LEADER_OR_FOLLOWER, UNKNOWN_LEADER_EPOCH } = errorCodes;
      assertEquals(errorsOf(await ask({})), [NOT_LEADER_OR_FOLLOWER]);
      assertEquals(errorsOf(await ask({ fetchOffset: 100 })), [NOT_LEADER_OR_FOLLOWER]);
      assertEquals(errorsOf(await ask({ currentLeaderEpoch: 0 })), [UNKNOWN_LEADER_EPOCH]);
    }
  });
});

Deno.test("a topic that goes while a fetch waits is told apart from one that never was", async () => {
  await beside(async (asker) => {
    const conn = "waiting";
    const wanted = [{ partition: 0, fetchOffset: 1 }, { partition: 9 }];
    const waiting = { ...fetching(wanted, { maxWaitMs: 10_000 }), conn };
    await asker.player.play({ ...waiting, wait: false });
    await asker.ask({
      api: "DeleteTopics",
      version: 6,
      body: { timeoutMs: 5_000, topics: [{ name: "t" }] },
    });
    const answer = await asker.ask({ receive: conn });
    const aborted = partitionsOf(answer).map(({ abortedTransactions }) => abortedTransactions);
    const { UNKNOWN_TOPIC_OR_PARTITION } = errorCodes;
    assertEquals(errorsOf(answer), [UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_OR_PARTITION]);
    assertEquals(aborted, [null, []]);
  });
});

Deno.test({
  name: "of the slots for fetch sessions only whole eights are used",
  ignore: isForeignTarget(),
  async fn() {
    await beside(async (asker) => {
      let granted = 0;
      for (let asked = 0; asked < 11; asked++) {
        const answer = await asker.ask(fetching([{ partition: 0 }], { sessionEpoch: 0 }));
        if (answer.sessionId !== 0) granted++;
      }
      assertEquals(granted, 8);
    }, { "max.incremental.fetch.session.cache.slots": "11" });
  },
});
