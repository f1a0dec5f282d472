import { assertEquals } from "@std/assert";
import { errorCodes } from "../../broker/protocol/errors.ts";
import { HttpError } from "../http/mod.ts";
import { ConsumerStateError, KafkaError } from "../kafka/mod.ts";
import { toHttpError, v2Answer, v2RecordCode, v3Answer } from "./errors.ts";
import { SchemaSourceError } from "./schemas/mod.ts";

type Answer = readonly [number, number];

Deno.test("errors of Kafka's have their codes in v2, in a record of v2, and in v3", () => {
  const cases: readonly [keyof typeof errorCodes, Answer, number, Answer][] = [
    ["SASL_AUTHENTICATION_FAILED", [401, 40101], 40101, [401, 40101]],
    ["TOPIC_AUTHORIZATION_FAILED", [403, 40301], 40301, [403, 40301]],
    ["UNKNOWN_TOPIC_OR_PARTITION", [404, 40401], 50003, [404, 40403]],
    ["LEADER_NOT_AVAILABLE", [404, 40404], 50003, [500, 50003]],
    ["MESSAGE_TOO_LARGE", [500, 50002], 50002, [413, 413]],
    ["TOPIC_ALREADY_EXISTS", [500, 50002], 50002, [400, 40002]],
    ["INVALID_TOPIC_EXCEPTION", [404, 40401], 50002, [400, 40002]],
    ["UNKNOWN_MEMBER_ID", [409, 40903], 50002, [500, 50002]],
    ["THROTTLING_QUOTA_EXCEEDED", [429, 42901], 50003, [429, 42901]],
    ["BROKER_NOT_AVAILABLE", [503, 50302], 50002, [503, 50302]],
    ["NETWORK_EXCEPTION", [503, 50302], 50003, [503, 50302]],
    ["REQUEST_TIMED_OUT", [500, 50003], 50003, [500, 50003]],
    ["UNKNOWN_SERVER_ERROR", [500, 50002], 50002, [400, 40002]],
  ];
  for (const [name, v2, record, v3] of cases) {
    const error = new KafkaError(errorCodes[name]);
    assertEquals([v2Answer(error), v2RecordCode(error), v3Answer(error)], [v2, record, v3], name);
  }
});

Deno.test("what other rooms throw becomes an HTTP error, and a bug stays one", () => {
  const answer = (error: unknown) => {
    const http = toHttpError(error);
    return http === null ? null : [http.status, http.errorCode];
  };
  assertEquals(answer(new HttpError(418, 1, "")), [418, 1]);
  assertEquals(answer(new SchemaSourceError("unreachable", "")), [503, 50302]);
  assertEquals(answer(new SchemaSourceError("unknown", "")), [422, 42205]);
  assertEquals(answer(new ConsumerStateError("")), [409, 40903]);
  assertEquals(answer(new TypeError("a bug")), null);
});
