/** Several instances on one topic: one takes writes, whoever dies, and what was acknowledged stays. */
import { assert, assertEquals } from "@std/assert";
import { TextLineStream } from "@std/streams";
import {
  ask,
  avro,
  Caller,
  holdings,
  ID,
  isPrimary,
  registryOptions,
  testBroker,
  testRegistry,
} from "./harness_test.ts";
import type { RunningService } from "../http/mod.ts";

const SUBJECTS = ["s0", "s1", "s2", "s3", "s4"];

/** Registers schemas through several instances, and knows which were acknowledged. */
class Writers {
  readonly #acknowledged = new Map<string, number>();
  #next = 0;
  readonly refusals = new Map<number, number>();

  /** Registers this many new schemas, each through one of the instances; what is refused is left. */
  async write(count: number, urls: readonly string[]): Promise<void> {
    for (let done = 0; done < count;) {
      const n = this.#next++;
      const subject = SUBJECTS[n % SUBJECTS.length]!;
      const path = `/subjects/${subject}/versions?force=true`;
      const told = await ask(urls[n % urls.length]!, "POST", path, { schema: avro(`R${n}`, ID) })
        .catch(() => null);
      if (told?.status !== 200) {
        const code = told?.json?.error_code ?? 0;
        this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
        continue;
      }
      this.#acknowledged.set(`${subject} ${told.json.schema}`, told.json.id);
      done += 1;
    }
  }

  /** All that was acknowledged is there, no id stands for two schemas, and no version is missing. */
  async check(url: string): Promise<void> {
    const { json } = await ask(url, "GET", "/schemas");
    const held = new Map<string, number>(
      json.map((one: { subject: string; schema: string; id: number }) => [
        `${one.subject} ${one.schema}`,
        one.id,
      ]),
    );
    for (const [key, id] of this.#acknowledged) assertEquals(held.get(key), id, key);
    const ids = [...held.values()];
    assertEquals(new Set(ids).size, ids.length);
    for (const subject of SUBJECTS) {
      const versions = (await ask(url, "GET", `/subjects/${subject}/versions`)).json;
      assertEquals(versions, versions.map((_: number, index: number) => index + 1));
    }
  }
}

Deno.test("any instance takes writes and answers alike, and one that stops loses nothing", async () => {
  await using broker = await testBroker();
  await using stack = new AsyncDisposableStack();
  const services: RunningService[] = [];
  for (let n = 0; n < 3; n++) services.push(stack.use(await testRegistry(broker)));
  const urls = services.map((service) => service.urls[0]!);
  const writers = new Writers();
  await Promise.all([writers.write(20, urls), writers.write(20, urls)]);
  // The first to come is primary; it goes while others write.
  await Promise.all([
    services[0]!.stop(),
    writers.write(20, urls.slice(1)),
    writers.write(20, urls.slice(1)),
  ]);
  await services[1]!.stop();
  await writers.write(5, [urls[2]!]);
  await writers.check(urls[2]!);
});

Deno.test("an instance that isn't primary answers as the primary does, refusals too", async () => {
  await using broker = await testBroker();
  await using first = await testRegistry(broker);
  await using second = await testRegistry(broker);
  const callers = [first, second].map(({ urls }) => new Caller(urls[0]!));
  // Writes wait for an election to end.
  for (const caller of callers) {
    await caller.is(200, "PUT", "/config", { compatibility: "BACKWARD" });
  }
  if (await isPrimary(callers[1]!.url)) callers.reverse();
  const [primary, follower] = callers as [Caller, Caller];
  const made = await follower.is(200, "POST", "/subjects/a%2Fb/versions?normalize=true", {
    schema: avro("A", ID),
  });
  // What was written is found where it was written, at once.
  assertEquals((await follower.is(200, "GET", "/subjects/a%2Fb/versions/1")).id, made.id);
  assertEquals((await primary.is(200, "GET", "/subjects/a%2Fb/versions/1")).guid, made.guid);
  await follower.is(200, "PUT", "/config/a%2Fb", { compatibility: "FULL" });
  assertEquals(await follower.is(200, "GET", "/config/a%2Fb"), { compatibilityLevel: "FULL" });
  const wrong = { schema: avro("A", { name: "id", type: "string" }) };
  const told = await follower.refused([409, 409], "POST", "/subjects/a%2Fb/versions", wrong);
  assertEquals(await primary.refused([409, 409], "POST", "/subjects/a%2Fb/versions", wrong), told);
  await follower.is(200, "POST", "/contexts/.c/subjects/x/versions", { schema: '"int"' });
  await follower.is(200, "DELETE", "/contexts/.c/subjects/x");
  await follower.is(200, "DELETE", "/contexts/.c/subjects/x?permanent=true");
  await follower.is(204, "DELETE", "/contexts/.c");
  assertEquals(await holdings(follower.url), await holdings(primary.url));
  // Who is handed a request never hands it on.
  const handedOn = await ask(follower.url, "PUT", "/mode", { mode: "READONLY" }, {
    "X-Forward": "true",
  });
  assertEquals([handedOn.status, handedOn.json.error_code], [500, 50004]);
});

Deno.test("when one is killed, another takes over, and what was acknowledged is there", async () => {
  await using broker = await testBroker();
  await using killed = await startProcess(broker);
  // Alone, so it is primary, and stays it when others come.
  await new Caller(killed.url).is(200, "PUT", "/config", { compatibility: "BACKWARD" });
  await using stack = new AsyncDisposableStack();
  const urls: string[] = [];
  for (let n = 0; n < 2; n++) {
    urls.push(stack.use(await testRegistry(broker, "kafkastore.timeout.ms=2000")).urls[0]!);
  }
  const writers = new Writers();
  await writers.write(20, [killed.url, ...urls]);
  assert(await isPrimary(killed.url));
  killed.process.kill("SIGKILL");
  await killed.process.status;
  await Promise.all([writers.write(30, urls), writers.write(30, urls)]);
  await writers.check(urls[0]!);
  await writers.check(urls[1]!);
  // Nobody hung on the one that is gone: they were told in time.
  for (const code of writers.refusals.keys()) assert(code >= 50001 && code <= 50004, `${code}`);
});

Deno.test("one that was frozen while another took over loses nothing when it goes on", async () => {
  await using broker = await testBroker();
  await using frozen = await startProcess(broker);
  await new Caller(frozen.url).is(200, "PUT", "/config", { compatibility: "BACKWARD" });
  await using other = await testRegistry(broker, "kafkastore.timeout.ms=2000");
  const url = other.urls[0]!;
  const writers = new Writers();
  await writers.write(10, [frozen.url, url]);
  frozen.process.kill("SIGSTOP");
  // It has these before it learns that it is primary no more.
  const late = Promise.all([writers.write(5, [frozen.url]), writers.write(5, [frozen.url])]);
  await writers.write(20, [url]);
  frozen.process.kill("SIGCONT");
  await Promise.all([late, writers.write(20, [url])]);
  // A write of either comes behind all that went before.
  await new Caller(frozen.url).is(200, "PUT", "/config/end", { compatibility: "FULL" });
  await writers.check(url);
  await writers.check(frozen.url);
  assertEquals(await holdings(frozen.url), await holdings(url));
});

Deno.test("when two think that they are primary, the topic decides, and all see the same", async () => {
  await using broker = await testBroker();
  await using stack = new AsyncDisposableStack();
  const urls: string[] = [];
  for (const group of ["one", "other"]) {
    const option = `schema.registry.group.id=${group}`;
    urls.push(stack.use(await testRegistry(broker, option)).urls[0]!);
  }
  const writers = new Writers();
  await Promise.all(
    urls.flatMap((url) => [
      writers.write(40, [url]),
      writers.write(40, [url]),
      writers.write(40, urls),
    ]),
  );
  // A record of each comes behind all that it wrote.
  for (const [n, url] of urls.entries()) {
    await new Caller(url).is(200, "PUT", `/config/end${n}`, { compatibility: "FULL" });
  }
  const late = stack.use(await testRegistry(broker)).urls[0]!;
  for (const url of [...urls, late]) await writers.check(url);
  const expected = await holdings(late);
  for (const url of urls) assertEquals(await holdings(url), expected);
});

/** A registry in a process of its own, which can be killed. */
async function startProcess(broker: { readonly bootstrap: string }) {
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const overrides = registryOptions(broker).flatMap((option) => ["--override", option]);
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", main, "registry", ...overrides],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const lines = process.stdout.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const line of lines) {
    const url = /Listening on (http:\/\/[^ ,"]+)/.exec(line)?.[1];
    if (url === undefined) continue;
    return {
      process,
      url,
      async [Symbol.asyncDispose]() {
        try {
          process.kill("SIGKILL");
        } catch {
          // It is dead already.
        }
        await process.status;
      },
    };
  }
  throw new Error("The registry did not start");
}
