import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Clock } from "../../base/mod.ts";
import { errorCodes } from "../../protocol/mod.ts";
import { ConnectionError } from "./broker_connection.ts";
import {
  done,
  failed,
  fanOut,
  type FanOutSteps,
  isWorthRetrying,
  type Outcome,
} from "./fan_out.ts";

/** A clock that is always where its next timer is. */
class LeapingClock implements Clock {
  #nowMs = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, callback: () => void) {
    this.#nowMs += delayMs;
    queueMicrotask(callback);
    return { cancel() {} };
  }
}

/** Keys that lie on nodes by their first letter; what each ask gives is written down. */
function stepsOf(
  answers: (key: string, attempt: number) => Outcome<string>,
  asked: string[] = [],
): FanOutSteps<string, string> {
  const attempts = new Map<string, number>();
  return {
    locate: (keys) =>
      Promise.resolve(new Map(keys.map((key) => [key, done(key.charCodeAt(0) - 97)]))),
    ask(nodeId, keys) {
      asked.push(`${nodeId}:${keys.join("+")}`);
      return Promise.resolve(
        new Map(keys.map((key) => {
          const attempt = (attempts.get(key) ?? 0) + 1;
          attempts.set(key, attempt);
          return [key, answers(key, attempt)];
        })),
      );
    },
    forget() {},
  };
}

Deno.test("fanOut() asks each node once for all of its keys", async () => {
  const asked: string[] = [];
  const outcomes = await fanOut(["a1", "b1", "a2"], stepsOf((key) => done(key), asked), {
    clock: new LeapingClock(),
    timeoutMs: 1000,
  });
  assertEquals(asked.sort(), ["0:a1+a2", "1:b1"]);
  assertEquals(outcomes.get("a2"), done("a2"));
});

Deno.test("fanOut() asks again for those alone whose error may pass", async () => {
  const asked: string[] = [];
  const forgotten: string[] = [];
  const steps = stepsOf(
    (key, attempt) =>
      key === "a1" && attempt < 3 ? failed(errorCodes.NOT_COORDINATOR) : done(`${key}#${attempt}`),
    asked,
  );
  const outcomes = await fanOut(["a1", "b1"], {
    ...steps,
    forget: (keys) => forgotten.push(...keys),
  }, { clock: new LeapingClock(), timeoutMs: 10_000 });
  assertEquals(asked, ["0:a1", "1:b1", "0:a1", "0:a1"]);
  assertEquals(forgotten, ["a1", "a1"]);
  assertEquals(outcomes.get("a1"), done("a1#3"));
  assertEquals(outcomes.get("b1"), done("b1#1"));
});

Deno.test("fanOut() keeps the last error when the time is over", async () => {
  const outcomes = await fanOut(
    ["a1"],
    stepsOf(() => failed(errorCodes.COORDINATOR_LOAD_IN_PROGRESS)),
    { clock: new LeapingClock(), timeoutMs: 2000 },
  );
  const outcome = outcomes.get("a1")!;
  assert(!outcome.ok && outcome.code === errorCodes.COORDINATOR_LOAD_IN_PROGRESS);
});

Deno.test("fanOut() takes errors of locating as outcomes", async () => {
  const outcomes = await fanOut(["a1"], {
    ...stepsOf((key) => done(key)),
    locate: () => Promise.resolve(new Map([["a1", failed(errorCodes.INVALID_GROUP_ID, "why")]])),
  }, { clock: new LeapingClock(), timeoutMs: 1000 });
  assertEquals(outcomes.get("a1"), failed(errorCodes.INVALID_GROUP_ID, "why"));
});

Deno.test("fanOut() tries a node again that broke off, and gives up when the time is over", async () => {
  let attempts = 0;
  const steps = stepsOf((key) => done(key));
  const flaky: FanOutSteps<string, string> = {
    ...steps,
    ask: (nodeId, keys) =>
      ++attempts < 3 ? Promise.reject(new ConnectionError("gone")) : steps.ask(nodeId, keys),
  };
  const limits = { clock: new LeapingClock(), timeoutMs: 5000 };
  assertEquals((await fanOut(["a1"], flaky, limits)).get("a1"), done("a1"));
  const dead = { ...steps, ask: () => Promise.reject(new ConnectionError("dead")) };
  await assertRejects(
    () => fanOut(["a1"], dead, { clock: new LeapingClock(), timeoutMs: 5000 }),
    ConnectionError,
    "dead",
  );
});

Deno.test("an unknown topic is final although its error is called retriable", () => {
  assert(!isWorthRetrying(errorCodes.UNKNOWN_TOPIC_OR_PARTITION));
  assert(isWorthRetrying(errorCodes.NOT_COORDINATOR));
  assert(!isWorthRetrying(errorCodes.GROUP_ID_NOT_FOUND));
  assert(!isWorthRetrying(errorCodes.NONE));
});
