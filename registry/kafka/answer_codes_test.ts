import { assertEquals } from "@std/assert";
import { errorCodes } from "../../broker/protocol/errors.ts";
import { codeToRetry, COORDINATOR_CODES } from "./answer_codes.ts";

Deno.test("codeToRetry() finds a retriable code on top and a coordinator's anywhere", () => {
  const { NONE, NOT_COORDINATOR, REQUEST_TIMED_OUT, GROUP_ID_NOT_FOUND } = errorCodes;
  const items = (errorCode: number) => ({
    groups: [{ errorCode: NONE, topics: [{ partitions: [{ errorCode: NONE }, { errorCode }] }] }],
  });
  assertEquals(codeToRetry({ errorCode: REQUEST_TIMED_OUT }), REQUEST_TIMED_OUT);
  assertEquals(codeToRetry({ errorCode: GROUP_ID_NOT_FOUND }), NONE);
  assertEquals(codeToRetry(items(NOT_COORDINATOR)), NONE);
  assertEquals(codeToRetry(items(NOT_COORDINATOR), COORDINATOR_CODES), NOT_COORDINATOR);
  assertEquals(codeToRetry(items(REQUEST_TIMED_OUT), COORDINATOR_CODES), NONE);
});
