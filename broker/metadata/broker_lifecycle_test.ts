import { assertEquals, assertRejects } from "@std/assert";
import type { Clock, Timer } from "../base/mod.ts";
import {
  type AnyApi,
  errorCodes,
  type RequestOf,
  type ResponseOf,
  toJson,
  uuidFromBytes,
} from "../protocol/mod.ts";
import { type BrokerIdentity, BrokerLifecycle, type LifecycleRequest } from "./broker_lifecycle.ts";
import { BrokerLifecycleDriver } from "./broker_lifecycle_driver.ts";
import { bootstrapRecords } from "./bootstrap.ts";
import { MetadataDelta } from "./delta.ts";
import { EMPTY_IMAGE } from "./image.ts";
import { compareUuids } from "./uuids.ts";

const id = (first: number) => uuidFromBytes(new Uint8Array(16).fill(7).fill(first, 0, 1));

const identity: BrokerIdentity = {
  brokerId: 1,
  clusterId: "clusterAAAAAAAAAAAAAAA",
  incarnationId: id(9),
  endpoints: [{ name: "PLAINTEXT", host: "localhost", port: 9092, securityProtocol: 0 }],
  features: [{ name: "metadata.version", minSupportedVersion: 7, maxSupportedVersion: 33 }],
  rack: null,
  directories: [id(1), id(200)],
  previousEpoch: 5,
};
const settings = {
  heartbeatIntervalMs: 2_000,
  registrationTimeoutMs: 60_000,
  directoryFailureTimeoutMs: 30_000,
};

/** A broker, and in `told` what it sends, in short. */
class Life {
  readonly core = new BrokerLifecycle(identity, settings, [id(1)]);
  nowMs = 0;
  metadataOffset = 10;

  /** What is sent at the next deadline, with the time. */
  next(): string | null {
    if (this.core.deadlineMs === Infinity) return null;
    this.nowMs = Math.max(this.nowMs, this.core.deadlineMs);
    this.core.tick(this.nowMs);
    const request = this.core.takeRequest(this.nowMs, {
      metadataOffset: this.metadataOffset,
      tellsCordoned: true,
    });
    return request === null ? `${this.nowMs} nothing` : `${this.nowMs} ${brief(request)}`;
  }

  step(event: Parameters<BrokerLifecycle["step"]>[0]): void {
    this.core.step(event, this.nowMs);
  }

  registered(errorCode = 0): void {
    this.step({
      kind: "registered",
      response: { throttleTimeMs: 0, errorCode, brokerEpoch: errorCode === 0 ? 11 : -1 },
    });
  }

  answered(
    { errorCode = 0, isCaughtUp = true, isFenced = false, shouldShutDown = false } = {},
  ): void {
    const response = { throttleTimeMs: 0, errorCode, isCaughtUp, isFenced, shouldShutDown };
    this.step({ kind: "heartbeat answered", response });
  }

  /** Until it runs, at time 0. */
  run(): this {
    this.step({ kind: "start" });
    this.step({ kind: "ready" });
    this.next();
    this.registered();
    for (let i = 0; i < 2; i++) {
      this.next();
      this.answered();
    }
    assertEquals(this.core.state, "running");
    return this;
  }
}

function brief({ kind, request }: LifecycleRequest): string {
  if (kind === "registration") return kind;
  const { brokerEpoch, currentMetadataOffset, wantFence, wantShutDown } = request;
  const wishes = [wantFence ? "fence" : "", wantShutDown ? "shut down" : ""].filter((w) =>
    w !== ""
  );
  const offline = request.offlineLogDirs.length > 0 ? ` offline ${request.offlineLogDirs}` : "";
  const cordoned = request.cordonedLogDirs === null ? "" : ` cordoned ${request.cordonedLogDirs}`;
  return `heartbeat ${brokerEpoch}@${currentMetadataOffset} [${wishes}]${offline}${cordoned}`;
}

Deno.test("a broker registers, catches up, is unfenced and keeps its session", () => {
  const life = new Life();
  assertEquals(life.next(), null);
  life.step({ kind: "start" });
  assertEquals(life.next(), "0 registration");
  assertEquals(life.core.deadlineMs, settings.registrationTimeoutMs); // one request at a time
  life.registered();
  assertEquals(life.next(), "0 heartbeat 11@10 [fence]");
  life.answered({ isCaughtUp: false, isFenced: true });
  assertEquals(life.core.state, "starting");
  life.metadataOffset = 11;
  assertEquals(life.next(), "10 heartbeat 11@11 [fence]");
  life.answered({ isFenced: true });
  assertEquals(life.core.state, "recovery");
  assertEquals(life.next(), `20 heartbeat 11@11 [fence] cordoned ${id(1)}`);
  life.answered({ isFenced: true });
  life.nowMs = 500;
  life.step({ kind: "ready" });
  assertEquals(life.next(), `500 heartbeat 11@11 [] cordoned ${id(1)}`);
  life.answered();
  assertEquals(life.core.state, "running");
  assertEquals(life.next(), `2500 heartbeat 11@11 [] cordoned ${id(1)}`);
  life.answered();
  life.step({ kind: "directories cordoned", directories: [] });
  assertEquals(life.next(), "2500 heartbeat 11@11 [] cordoned ");
});

Deno.test("the registration tells who the broker is", () => {
  const life = new Life();
  life.step({ kind: "start" });
  const due = life.core.takeRequest(0, { metadataOffset: -1, tellsCordoned: true });
  assertEquals(due?.request, {
    brokerId: 1,
    clusterId: "clusterAAAAAAAAAAAAAAA",
    incarnationId: id(9),
    listeners: [{ name: "PLAINTEXT", host: "localhost", port: 9092, securityProtocol: 0 }],
    features: [{ name: "metadata.version", minSupportedVersion: 7, maxSupportedVersion: 33 }],
    rack: null,
    isMigratingZkBroker: false,
    logDirs: [id(200), id(1)], // 200 is a negative byte
    previousBrokerEpoch: 5,
  });
});

Deno.test("what is refused or unanswered is sent again after an interval, a registration not for ever", () => {
  const life = new Life();
  life.step({ kind: "start" });
  assertEquals(life.next(), "0 registration");
  life.registered(errorCodes.DUPLICATE_BROKER_REGISTRATION);
  assertEquals(life.next(), "2000 registration");
  life.step({ kind: "unanswered", reason: "no route" });
  while (life.core.state === "starting") {
    if (life.next()!.endsWith("registration")) {
      life.registered(errorCodes.DUPLICATE_BROKER_REGISTRATION);
    }
  }
  assertEquals(life.nowMs, 60_000);
  assertEquals(life.core.state, "shutting down");
  assertEquals(
    life.core.failure,
    "Broker 1 could not register within 60000 ms: the controller answered DUPLICATE_BROKER_REGISTRATION",
  );
  assertEquals(life.core.deadlineMs, Infinity);
});

Deno.test("what comes up during a request is said right after it", () => {
  const life = new Life().run();
  life.next();
  life.step({ kind: "directory failed", directory: id(1) });
  assertEquals(life.core.deadlineMs, life.nowMs + settings.directoryFailureTimeoutMs);
  life.nowMs += 5;
  life.answered();
  assertEquals(
    life.next(),
    `${life.nowMs} heartbeat 11@10 [] offline ${id(1)} cordoned ${id(1)}`,
  );
});

Deno.test("a controlled shutdown asks, asks again soon, and then at intervals until it is let go", () => {
  const life = new Life().run();
  life.nowMs = 1_000;
  life.step({ kind: "begin controlled shutdown" });
  life.step({ kind: "begin controlled shutdown" });
  assertEquals(life.core.state, "pending controlled shutdown");
  assertEquals(life.next(), `1000 heartbeat 11@10 [shut down] cordoned ${id(1)}`);
  life.answered();
  assertEquals(life.next(), `1050 heartbeat 11@10 [shut down] cordoned ${id(1)}`);
  life.answered();
  assertEquals(life.next(), `3050 heartbeat 11@10 [shut down] cordoned ${id(1)}`);
  life.answered({ isFenced: true, shouldShutDown: true });
  assertEquals(life.core.state, "shutting down");
  assertEquals(life.core.failure, null);
  assertEquals(life.next(), null);
});

Deno.test("a broker that does not run yet has nothing to hand over", () => {
  const life = new Life();
  life.step({ kind: "start" });
  life.step({ kind: "begin controlled shutdown" });
  assertEquals(life.core.state, "shutting down");
});

Deno.test("a directory's failure is told until it is heard, or the broker ends", () => {
  const heard = new Life().run();
  heard.step({ kind: "directory failed", directory: id(1) });
  heard.next();
  heard.answered();
  assertEquals(heard.core.deadlineMs, heard.nowMs + 2_000);
  assertEquals(heard.next()!.includes(`offline ${id(1)}`), true); // it stays offline

  const unheard = new Life().run();
  unheard.step({ kind: "directory failed", directory: id(1) });
  const sinceMs = unheard.nowMs;
  while (unheard.core.failure === null) {
    unheard.next();
    unheard.step({ kind: "unanswered", reason: "no route" });
  }
  assertEquals(unheard.nowMs - sinceMs, settings.directoryFailureTimeoutMs);
  assertEquals(
    unheard.core.failure,
    `The controller could not be told that directory ${id(1)} failed`,
  );
});

Deno.test("registering again keeps the broker running", () => {
  const life = new Life().run();
  life.step({ kind: "register again" });
  assertEquals(life.next(), `${life.nowMs} registration`);
  life.registered();
  assertEquals(life.next()!.includes("heartbeat 11@10"), true);
  assertEquals(life.core.state, "running");
});

Deno.test("ids are ordered as signed numbers", () => {
  const ids = [id(127), id(0), id(128), id(255)];
  assertEquals(ids.sort(compareUuids), [id(128), id(255), id(0), id(127)]);
});

/** Time that passes only when told to. */
class TestClock implements Clock {
  #nowMs = 0;
  #timers: { atMs: number; callback: () => void }[] = [];

  nowMs = () => this.#nowMs;
  monotonicMs = () => this.#nowMs;

  schedule(delayMs: number, callback: () => void): Timer {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.push(timer);
    return { cancel: () => this.#timers = this.#timers.filter((other) => other !== timer) };
  }

  /** Lets timers run up to a time, and what follows from each. */
  async runTo(untilMs: number): Promise<void> {
    for (;;) {
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      const next = this.#timers.reduce<{ atMs: number; callback: () => void } | null>(
        (first, timer) => first === null || timer.atMs < first.atMs ? timer : first,
        null,
      );
      if (next === null || next.atMs > untilMs) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
    }
    this.#nowMs = untilMs;
  }
}

/** A driver whose controller gives `answer`. */
function driven(answer: (api: AnyApi, request: unknown) => Record<string, unknown> | Error) {
  const clock = new TestClock();
  const sent: string[] = [];
  const fatal: string[] = [];
  const delta = new MetadataDelta(EMPTY_IMAGE);
  for (const record of bootstrapRecords()) delta.replay(record);
  const image = delta.apply({ offset: 20, epoch: 1, timestampMs: 0, isBatchAligned: true });
  const driver = new BrokerLifecycleDriver({
    clock,
    logger: { info: () => {}, warn: () => {} },
    identity,
    settings,
    channel: <A extends AnyApi>(
      api: A,
      request: RequestOf<A>,
      { version }: { version: number },
    ) => {
      sent.push(`${clock.monotonicMs()} ${api.name} v${version}`);
      toJson(api.request, version, request as never); // it must fit the version
      const response = answer(api, request);
      return response instanceof Error
        ? Promise.reject(response)
        : Promise.resolve(response as ResponseOf<A>);
    },
    image: () => image,
    onFatal: (error) => fatal.push(error.message),
  });
  return { clock, sent, fatal, driver };
}

Deno.test("the driver resolves as the broker comes further, and stops when it is let go", async () => {
  const { clock, sent, fatal, driver } = driven((api, request) => {
    if (api.name === "BrokerRegistration") return { errorCode: 0, brokerEpoch: 11 };
    const { wantFence, wantShutDown } = request as { wantFence: boolean; wantShutDown: boolean };
    return { errorCode: 0, isCaughtUp: true, isFenced: wantFence, shouldShutDown: wantShutDown };
  });
  const reached: string[] = [];
  const started = driver.start().then(() => reached.push(driver.state));
  await clock.runTo(100);
  await started;
  const unfenced = driver.unfence().then(() => reached.push(driver.state));
  await clock.runTo(3_000);
  await unfenced;
  await driver.unfence(); // and again
  const gone = driver.shutDown().then(() => reached.push(driver.state));
  await clock.runTo(60_000);
  await gone;
  assertEquals(reached, ["recovery", "running", "shutting down"]);
  assertEquals(sent, [
    "0 BrokerRegistration v4",
    "0 BrokerHeartbeat v2",
    "10 BrokerHeartbeat v2",
    "100 BrokerHeartbeat v2",
    "2100 BrokerHeartbeat v2",
    "3000 BrokerHeartbeat v2",
    "3000 BrokerHeartbeat v2",
  ]);
  assertEquals(fatal, []);
  await driver.shutDown();
  await assertRejects(() => driver.unfence(), Error, "shutting down");
});

Deno.test("a broker that the cluster refuses is reported once, and who waits is told", async () => {
  const { clock, sent, fatal, driver } = driven(() => new Error("no route"));
  const refused = assertRejects(() => driver.start(), Error, "could not register within 60000 ms");
  await clock.runTo(200_000);
  await refused;
  assertEquals(sent.length, 30);
  assertEquals(fatal, ["Broker 1 could not register within 60000 ms: no route"]);
});
