import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { HttpError } from "../../../http/mod.ts";
import { GroupConsumer, KafkaClient } from "../../../kafka/mod.ts";
import { ConsumerInstance } from "./consumer_instance.ts";
import { ConsumerInstances } from "./consumer_instances.ts";

/** Nothing listens there, and nothing has to: nobody subscribes. */
const client = new KafkaClient({ bootstrap: ["127.0.0.1:1"], clientId: "test" });
const logger = { debug() {}, info() {}, warn() {}, error() {} };

function makeInstance(clock: { nowMs: number }, name = "i", waitingMax = 2): ConsumerInstance {
  return new ConsumerInstance({
    group: "g",
    name,
    format: "json",
    requestTimeoutMs: 1,
    fetchMinBytes: -1,
    waitingMax,
    consumer: new GroupConsumer(client, { groupId: "g" }),
    nowMs: () => clock.nowMs,
  });
}

async function codeOf(call: () => Promise<unknown>): Promise<number> {
  return (await assertRejects(call, HttpError)).errorCode;
}

Deno.test("use() serves one request at a time, in order, and only so many wait", async () => {
  const instance = makeInstance({ nowMs: 0 });
  const events: string[] = [];
  const first = Promise.withResolvers<void>();
  const running = instance.use(async () => {
    events.push("first begins");
    await first.promise;
    events.push("first ends");
  });
  const second = instance.use(() => void events.push("second"));
  const third = instance.use(() => {
    throw new Error("third fails");
  });
  assertEquals(await codeOf(() => instance.use(() => {})), 429);
  first.resolve();
  await running;
  await second;
  await assertRejects(() => third, Error, "third fails");
  await instance.use(() => void events.push("fourth"));
  assertEquals(events, ["first begins", "first ends", "second", "fourth"]);
});

Deno.test("an instance expires when it is idle, not while it is used", async () => {
  const clock = { nowMs: 0 };
  const instances = new ConsumerInstances({ instancesMax: 9, idleMsMax: 1000, logger });
  instances.add("g", "i", () => makeInstance(clock));
  const instance = instances.get("g", "i");
  const end = Promise.withResolvers<void>();
  const running = instance.use(() => end.promise);
  await Promise.resolve();
  clock.nowMs = 5000;
  await instances.expire();
  assertEquals(instances.count, 1);
  end.resolve();
  await running;
  clock.nowMs = 6000;
  await instances.expire();
  assertEquals(instances.count, 1);
  clock.nowMs = 6001;
  await instances.expire();
  assertEquals(instances.count, 0);
  const { errorCode } = assertThrows(() => instances.get("g", "i"), HttpError);
  assertEquals(errorCode, 40403);
});

Deno.test("requests that wait for a removed instance are told so", async () => {
  const instances = new ConsumerInstances({ instancesMax: 9, idleMsMax: 1000, logger });
  instances.add("g", "i", () => makeInstance({ nowMs: 0 }));
  const instance = instances.get("g", "i");
  const end = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const running = instance.use(() => {
    begun.resolve();
    return end.promise;
  });
  await begun.promise;
  const waiting = codeOf(() => instance.use(() => {}));
  const removed = instances.remove("g", "i");
  // Its name is free at once.
  instances.add("g", "i", () => makeInstance({ nowMs: 0 }));
  end.resolve();
  await running;
  await removed;
  assertEquals(await waiting, 40403);
  assertEquals(instances.count, 1);
  await instances.close();
  assertEquals(instances.count, 0);
});

Deno.test("names are taken once, and there are only so many instances", () => {
  const instances = new ConsumerInstances({ instancesMax: 2, idleMsMax: 1000, logger });
  const make = () => makeInstance({ nowMs: 0 });
  instances.add("g", "i", make);
  assertEquals(assertThrows(() => instances.add("g", "i", make), HttpError).errorCode, 40902);
  instances.add("other", "i", make);
  assertEquals(assertThrows(() => instances.add("g", "j", make), HttpError).status, 429);
});
