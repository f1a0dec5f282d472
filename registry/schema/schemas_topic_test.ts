import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { KafkaClient } from "../kafka/mod.ts";
import { testBroker } from "./harness_test.ts";
import { conditionOf, SchemasTopic } from "./schemas_topic.ts";
import { RegistryError } from "./store/mod.ts";

const quiet = () => {};
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

Deno.test("SchemasTopic tells what became of each record once it is read back, with its condition", async () => {
  await using broker = await testBroker();
  const client = new KafkaClient({ bootstrap: [broker.bootstrap], clientId: "test" });
  const seen: [string, string | null][] = [];
  const options = {
    client,
    topic: "_schemas",
    replicationFactor: 3,
    timeoutMs: 5000,
    logger,
    replay(record: Parameters<typeof conditionOf>[0] & { key: Uint8Array | null }) {
      const key = new TextDecoder().decode(record.key!);
      seen.push([key, conditionOf(record)]);
      return key.startsWith("bad")
        ? { kind: "conflict", reason: "it is bad" } as const
        : { kind: "applied" } as const;
    },
    onFatal(error: Error) {
      throw error;
    },
  };
  const topic = await SchemasTopic.open(options);
  try {
    const outcomes = await topic.append([
      { key: bytes("good"), value: bytes("1") },
      { key: bytes("bad"), value: null, condition: "id=7" },
      { key: bytes("better"), value: bytes("2"), condition: "repair" },
    ]);
    assertEquals(outcomes.map(({ kind }) => kind), ["applied", "conflict", "applied"]);
    // Whether it is read back before or after the answer tells where it stands.
    for (let n = 0; n < 200; n++) {
      const [outcome] = await topic.append([{ key: bytes(`bad${n}`), value: bytes("x") }]);
      assertEquals(outcome!.kind, "conflict");
    }
    assertEquals(topic.position, 203);
    assertEquals(await topic.isRead(203, 0), true);
    assertEquals(await topic.isRead(204, 1), false);
    const large = { key: bytes("large"), value: new Uint8Array(2 ** 21) };
    const refusal = await assertRejects(() => topic.append([large]), RegistryError);
    assertEquals([refusal.errorCode, refusal.message], [
      42209,
      "The record is too large for _schemas",
    ]);
  } finally {
    await topic.close();
  }
  assertEquals(seen.slice(0, 3), [["good", null], ["bad", "id=7"], ["better", "repair"]]);

  seen.length = 0;
  const again = await SchemasTopic.open(options);
  assertEquals(seen.length, 203);
  await broker.stop();

  const late = await assertRejects(() => again.append([{ key: bytes("x"), value: null }]));
  assertMatch((late as Error).message, /_schemas/);

  await again.close();
  await client.close();
});
