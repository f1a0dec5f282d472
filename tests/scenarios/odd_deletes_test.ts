/** What no client of Kafka's asks of DeleteRecords is answered as Kafka answers it. */
import { assertEquals } from "@std/assert";
import { errorCodes } from "../../broker/protocol/mod.ts";
import type { JsonObject } from "../wire/json_text.ts";
import { openTarget } from "../wire/target.ts";
import { Asker } from "./asking.ts";

interface Wanted {
  readonly name: string;
  /** Partition and offset. */
  readonly partitions: readonly (readonly [number, number])[];
}

/** Topic, partition, low watermark and error code of each row of the answer, sorted: Kafka has no order. */
async function deleteRecords(asker: Asker, wanted: readonly Wanted[]): Promise<string[]> {
  const topics = wanted.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(([partitionIndex, offset]) => ({ partitionIndex, offset })),
  }));
  const answer = await asker.ask({
    api: "DeleteRecords",
    version: 2,
    body: { timeoutMs: 5_000, topics },
  });
  return (answer.topics as JsonObject[]).flatMap(({ name, partitions }) =>
    (partitions as JsonObject[]).map(({ partitionIndex, lowWatermark, errorCode }) =>
      `${name}-${partitionIndex}: ${lowWatermark} ${errorCode}`
    )
  ).sort();
}

Deno.test("a partition that DeleteRecords names twice is asked for once, by its last offset", async () => {
  await using target = await openTarget({});
  const asker = new Asker(target);
  try {
    await asker.createTopic("deletes", 2);
    const records = Array.from({ length: 5 }, () => ({ value: "v" }));
    for (const partition of [0, 1]) await asker.produce("deletes", { records }, { partition });
    const { OFFSET_OUT_OF_RANGE, UNKNOWN_TOPIC_OR_PARTITION } = errorCodes;
    const name = "deletes";

    assertEquals(
      await deleteRecords(asker, [{ name, partitions: [[0, 3], [1, 1], [0, 1]] }]),
      ["deletes-0: 1 0", "deletes-1: 1 0"],
    );
    assertEquals((await asker.offsets(name)).start, 1);
    assertEquals(
      await deleteRecords(asker, [
        { name, partitions: [[0, 2]] },
        { name, partitions: [[0, 99], [1, 2]] },
      ]),
      [`deletes-0: -1 ${OFFSET_OUT_OF_RANGE}`, "deletes-1: 2 0"],
    );
    assertEquals(
      await deleteRecords(asker, [{ name, partitions: [[0, 99], [0, 4]] }]),
      ["deletes-0: 4 0"],
    );
    assertEquals(
      await deleteRecords(asker, [
        { name: "none", partitions: [[0, 1], [0, 2]] },
        { name, partitions: [[7, 1], [7, 2]] },
      ]),
      [`deletes-7: -1 ${UNKNOWN_TOPIC_OR_PARTITION}`, `none-0: -1 ${UNKNOWN_TOPIC_OR_PARTITION}`],
    );
  } finally {
    await asker.end();
  }
});
