import { assertEquals } from "@std/assert";
import { alterConfigs, errorCodes, incrementalAlterConfigs } from "../protocol/mod.ts";
import {
  RESOURCE_BROKER,
  RESOURCE_CLIENT_METRICS,
  RESOURCE_GROUP,
  RESOURCE_TOPIC,
} from "../metadata/mod.ts";
import { Cluster } from "./harness_test.ts";

const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;

type Op = [name: string, configOperation: number, value: string | null];

function cluster(): Cluster {
  return new Cluster().withBrokers(1).place("topic", [1]);
}

function change(on: Cluster, resourceType: number, resourceName: string, ...ops: Op[]): number {
  const { responses } = on.ask(incrementalAlterConfigs, {
    resources: [{
      resourceType,
      resourceName,
      configs: ops.map(([name, configOperation, value]) => ({ name, configOperation, value })),
    }],
  });
  return responses[0]!.errorCode;
}

function kept(on: Cluster, resourceType: number, resourceName: string): Record<string, string> {
  return Object.fromEntries(on.image.configs.get(resourceType, resourceName));
}

Deno.test("values are set, deleted, and added to and taken from lists", () => {
  const on = cluster();
  const topic = (...ops: Op[]) => change(on, RESOURCE_TOPIC, "topic", ...ops);
  assertEquals(topic(["retention.ms", SET, "5"], ["cleanup.policy", APPEND, "compact"]), 0);
  assertEquals(kept(on, RESOURCE_TOPIC, "topic"), {
    "retention.ms": "5",
    "cleanup.policy": "delete,compact", // the default was there
  });
  assertEquals(topic(["cleanup.policy", SUBTRACT, "delete"]), 0);
  assertEquals(topic(["retention.ms", DELETE, null]), 0);
  assertEquals(kept(on, RESOURCE_TOPIC, "topic"), { "cleanup.policy": "compact" });
  const before = on.nextOffset;
  assertEquals(topic(["cleanup.policy", SET, "compact"]), 0);
  assertEquals(on.nextOffset, before); // it was so
});

Deno.test("a resource changes as a whole or not at all", () => {
  const on = cluster();
  const mixed: Op[] = [["retention.ms", SET, "5"], ["min.insync.replicas", SET, "x"]];
  assertEquals(change(on, RESOURCE_TOPIC, "topic", ...mixed), errorCodes.INVALID_CONFIG);
  assertEquals(kept(on, RESOURCE_TOPIC, "topic"), {});
});

Deno.test("what is wrong with a change is told by its code", () => {
  const on = cluster();
  const { INVALID_REQUEST, INVALID_CONFIG } = errorCodes;
  const topic = (...ops: Op[]) => change(on, RESOURCE_TOPIC, "topic", ...ops);
  assertEquals(topic(["retention.ms", SET, null]), INVALID_REQUEST);
  assertEquals(topic(["retention.ms", SET, "1"], ["retention.ms", SET, "2"]), INVALID_REQUEST);
  assertEquals(topic(["retention.ms", APPEND, "1"]), INVALID_CONFIG);
  assertEquals(topic(["nonsense", SET, "1"]), INVALID_CONFIG);
  assertEquals(topic(["retention.ms", SET, "1".repeat(40_000)]), INVALID_CONFIG);
  assertEquals(topic(["retention.ms", 9, "1"]), errorCodes.UNKNOWN_SERVER_ERROR);
  const set: Op = ["retention.ms", SET, "1"];
  assertEquals(change(on, RESOURCE_TOPIC, "none", set), errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  assertEquals(change(on, 77, "topic", set), INVALID_REQUEST);
  const threads: Op = ["num.io.threads", SET, "4"];
  assertEquals(change(on, RESOURCE_BROKER, "one", threads), INVALID_REQUEST);
  assertEquals(change(on, RESOURCE_BROKER, "9", threads), errorCodes.BROKER_ID_NOT_REGISTERED);
});

Deno.test("brokers, the cluster, groups and client metrics have configurations too", () => {
  const on = cluster();
  assertEquals(change(on, RESOURCE_BROKER, "1", ["num.io.threads", SET, "4"]), 0);
  assertEquals(change(on, RESOURCE_BROKER, "", ["log.retention.ms", SET, "9"]), 0);
  assertEquals(change(on, RESOURCE_GROUP, "g", ["consumer.session.timeout.ms", SET, "50000"]), 0);
  assertEquals(change(on, RESOURCE_CLIENT_METRICS, "m", ["interval.ms", SET, "1000"]), 0);
  assertEquals(kept(on, RESOURCE_BROKER, "1"), { "num.io.threads": "4" });
  assertEquals(kept(on, RESOURCE_GROUP, "g"), { "consumer.session.timeout.ms": "50000" });
  const before = on.nextOffset;
  assertEquals(change(on, RESOURCE_BROKER, "1", ["num.io.threads", SET, "4"]), 0);
  assertEquals(on.nextOffset, before + 1); // a broker may have to read anew what it names
});

Deno.test("AlterConfigs replaces the whole configuration", () => {
  const on = cluster();
  change(on, RESOURCE_TOPIC, "topic", ["retention.ms", SET, "5"], [
    "cleanup.policy",
    SET,
    "compact",
  ]);
  const { responses } = on.ask(alterConfigs, {
    resources: [{
      resourceType: RESOURCE_TOPIC,
      resourceName: "topic",
      configs: [{ name: "retention.ms", value: "6" }],
    }],
  });
  assertEquals(responses, [{
    errorCode: 0,
    errorMessage: null,
    resourceType: RESOURCE_TOPIC,
    resourceName: "topic",
  }]);
  assertEquals(kept(on, RESOURCE_TOPIC, "topic"), { "retention.ms": "6" });
});

Deno.test("a resource that is named twice is refused, and others are not", () => {
  const on = cluster().place("other", [1]);
  const resource = (resourceName: string) => ({
    resourceType: RESOURCE_TOPIC,
    resourceName,
    configs: [{ name: "retention.ms", configOperation: SET, value: "1" }],
  });
  const { responses } = on.ask(incrementalAlterConfigs, {
    resources: [resource("topic"), resource("topic"), resource("other")],
  });
  assertEquals(responses.map(({ errorCode }) => errorCode), [
    errorCodes.INVALID_REQUEST,
    errorCodes.INVALID_REQUEST,
    0,
  ]);
});

Deno.test("validate-only changes nothing", () => {
  const on = cluster();
  const before = on.nextOffset;
  const { responses } = on.ask(incrementalAlterConfigs, {
    validateOnly: true,
    resources: [{
      resourceType: RESOURCE_TOPIC,
      resourceName: "topic",
      configs: [{ name: "retention.ms", configOperation: SET, value: "1" }],
    }],
  });
  assertEquals([responses[0]!.errorCode, on.nextOffset], [0, before]);
});

Deno.test("while eligible leaders are kept, min.insync.replicas is the cluster's, and a change clears them (KIP-966)", () => {
  const on = new Cluster({ minInsyncReplicas: 2 }).withBrokers(1, 2).place("topic", [1, 2]);
  const name = "min.insync.replicas";
  assertEquals(kept(on, RESOURCE_BROKER, ""), { [name]: "2" });
  assertEquals(change(on, RESOURCE_BROKER, "1", [name, SET, "1"]), errorCodes.INVALID_CONFIG);
  assertEquals(change(on, RESOURCE_BROKER, "", [name, DELETE, null]), errorCodes.INVALID_CONFIG);
  on.heartbeat(2, { wantFence: true });
  assertEquals(on.partition("topic").elr, [2]);
  assertEquals(change(on, RESOURCE_TOPIC, "topic", [name, SET, "1"]), 0);
  assertEquals(on.partition("topic").elr, []);
});
