import { assertEquals } from "@std/assert";
import { errorCodes, errorMessage, type ErrorName, errorName, isRetriable } from "./errors.ts";

Deno.test("errorCodes has every code from -1 to 136 once", () => {
  const codes = Object.values(errorCodes).sort((a, b) => a - b);
  assertEquals(codes, Array.from({ length: 138 }, (_, index) => index - 1));
});

Deno.test("errorName() is the way back from errorCodes", () => {
  for (const [name, code] of Object.entries(errorCodes)) {
    assertEquals(errorName(code), name as ErrorName);
  }
});

Deno.test("isRetriable() is true of what may pass by itself", () => {
  assertEquals(isRetriable(errorCodes.NOT_LEADER_OR_FOLLOWER), true);
  assertEquals(isRetriable(errorCodes.COORDINATOR_LOAD_IN_PROGRESS), true);
  assertEquals(isRetriable(errorCodes.KAFKA_STORAGE_ERROR), true);
  assertEquals(isRetriable(errorCodes.NONE), false);
  assertEquals(isRetriable(errorCodes.TOPIC_AUTHORIZATION_FAILED), false);
});

Deno.test("errorMessage() is a sentence for every error and empty for NONE", () => {
  for (const code of Object.values(errorCodes)) {
    const message = errorMessage(code);
    assertEquals(message === "", code === errorCodes.NONE);
    assertEquals(message === "" || message.endsWith("."), true, errorName(code));
  }
});

Deno.test("a code from the future reads as an unknown server error", () => {
  assertEquals(errorName(9999), "UNKNOWN_SERVER_ERROR");
  assertEquals(errorName(-2), "UNKNOWN_SERVER_ERROR");
});
