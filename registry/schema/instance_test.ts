import { assertEquals, assertRejects } from "@std/assert";
import { Instance } from "./instance.ts";
import { RegistryError, type RegistryRecord, type ReplayOutcome } from "./store/mod.ts";

const quiet = () => {};
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const RECORD: RegistryRecord = { key: new Uint8Array(1), value: null };
const APPLIED: ReplayOutcome = { kind: "applied" };
const SELF = { isSelf: true, url: "http://localhost:1" };

/** An instance whose topic takes records when it is told to. */
function makeInstance(options: { timeoutMs?: number; waitingMax?: number; repairs?: number } = {}) {
  const appends: PromiseWithResolvers<ReplayOutcome[]>[] = [];
  let appended = Promise.withResolvers<void>();
  let repairs = options.repairs ?? 0;
  const instance = new Instance({
    logger,
    timeoutMs: options.timeoutMs ?? 60_000,
    retriesMax: 2,
    waitingMax: options.waitingMax ?? 10,
    decideRepair: () => ({ records: repairs > 0 ? [RECORD] : [], result: repairs }),
    topic: {
      position: 0,
      isRead: () => Promise.resolve(true),
      append() {
        const append = Promise.withResolvers<ReplayOutcome[]>();
        appends.push(append);
        appended.resolve();
        appended = Promise.withResolvers();
        return append.promise;
      },
    },
  });
  /** The next append, when it comes. */
  async function next(): Promise<PromiseWithResolvers<ReplayOutcome[]>> {
    if (appends.length === 0) await appended.promise;
    return appends.shift()!;
  }
  return {
    instance,
    next,
    appends,
    mended: () => repairs = 0,
    async elect() {
      instance.onPrimary(SELF);
      (await next()).resolve([APPLIED]);
      assertEquals(await instance.electedPrimary(), SELF);
    },
  };
}

async function codeOf(work: Promise<unknown>): Promise<number> {
  return (await assertRejects(() => work, RegistryError)).errorCode;
}

Deno.test("an instance takes writes only when it has read what an earlier primary wrote", async () => {
  const { instance, next } = makeInstance();
  instance.onPrimary(SELF);
  const append = await next();
  assertEquals(instance.primary, null);
  append.resolve([APPLIED]);
  assertEquals(await instance.electedPrimary(), SELF);
  instance.onPrimary(null);
  assertEquals(instance.primary, null);
});

Deno.test("a write is acknowledged when its records are read back, and decided anew when one is refused", async () => {
  const { instance, next, elect } = makeInstance();
  await elect();
  let decisions = 0;
  const write = instance.write(() => ({ records: [RECORD], result: ++decisions }));
  (await next()).resolve([{ kind: "conflict", reason: "it was taken" }]);
  (await next()).resolve([APPLIED]);
  assertEquals(await write, 2);
});

Deno.test("what is read back is acknowledged, whoever is primary by then", async () => {
  const { instance, next, elect } = makeInstance();
  await elect();
  const decide = () => ({ records: [RECORD], result: 1 });
  const kept = instance.write(decide);
  const append = await next();
  instance.onPrimary({ isSelf: false, url: "http://other:1" });
  append.resolve([APPLIED]);
  assertEquals(await kept, 1);
  assertEquals(await codeOf(instance.write(decide)), 50001);
});

Deno.test("a write that is refused after another took over is not acknowledged", async () => {
  const { instance, next, elect } = makeInstance();
  await elect();
  const write = instance.write(() => ({ records: [RECORD], result: 1 }));
  const append = await next();
  instance.onPrimary(null);
  append.resolve([{ kind: "conflict", reason: "it was taken" }]);
  assertEquals(await codeOf(write), 50001);
});

Deno.test("writes wait no longer than they may, and those not begun by then don't happen", async () => {
  const { instance, next, elect, appends } = makeInstance({ timeoutMs: 20 });
  await elect();
  const writes = [1, 2, 3].map((result) => instance.write(() => ({ records: [RECORD], result })));
  assertEquals(await Promise.all(writes.map(codeOf)), [50002, 50002, 50002]);
  (await next()).reject(new RegistryError(50002, "late"));
  const read = await instance.write(() => ({ records: [], result: "read" }));
  assertEquals([read, appends.length, instance.waitingCount], ["read", 0, 0]);
});

Deno.test("too many writes are refused, and nobody waits for ever for a primary", async () => {
  const { instance, elect } = makeInstance({ timeoutMs: 20, waitingMax: 1 });
  assertEquals(await codeOf(instance.electedPrimary()), 50004);
  await elect();
  const write = () => instance.write(() => ({ records: [RECORD], result: 1 }));
  const [first, second] = [codeOf(write()), codeOf(write())];
  assertEquals(await Promise.all([first, second]), [50002, 50002]);
});

Deno.test("what was refused under another primary is mended by whoever takes over", async () => {
  const { instance, next, elect, mended } = makeInstance({ repairs: 1 });
  instance.repair("not primary: nothing happens");
  await elect();
  const append = await next();
  mended();
  append.resolve([APPLIED]);
  assertEquals(await instance.write(() => ({ records: [], result: 1 })), 1);
});
