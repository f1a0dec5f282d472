import { assertEquals } from "@std/assert";
import { boundedSink } from "./bounded_sink.ts";
import { createLogger, parseLogLevel } from "./logger.ts";

const nowMs = () => Date.UTC(2025, 10, 25, 2, 28, 13, 42);

Deno.test("a line logger writes one line an event, fields behind it", async () => {
  const lines: string[] = [];
  const logger = await createLogger({ format: "line", write: (text) => lines.push(text), nowMs });
  logger.info("Listening", { port: 9092, listener: "PLAINTEXT" });
  logger.named("log").warn("Cut the tail\nof a segment", { file: "a b", reason: 'x="1"' });
  logger.debug("unheard");
  assertEquals(lines, [
    "2025-11-25 02:28:13.042 INFO  Listening port=9092 listener=PLAINTEXT\n",
    '2025-11-25 02:28:13.042 WARN  log: Cut the tail\\nof a segment file="a b" reason="x=\\"1\\""\n',
  ]);
});

Deno.test("a JSON logger writes one object an event", async () => {
  const lines: string[] = [];
  const logger = await createLogger({ format: "json", write: (text) => lines.push(text), nowMs });
  logger.named("log").error("Cannot append", { partition: "t-0", offset: 7 });
  assertEquals(lines.map((line) => JSON.parse(line)), [{
    level: "error",
    time: "2025-11-25T02:28:13.042Z",
    room: "log",
    partition: "t-0",
    offset: 7,
    msg: "Cannot append",
  }]);
});

Deno.test("setLevel() holds for every name at once", async () => {
  const lines: string[] = [];
  const logger = await createLogger({
    format: "line",
    level: "error",
    write: (text) => lines.push(text),
    nowMs,
  });
  const named = logger.named("raft");
  named.info("unheard");
  logger.setLevel("debug");
  assertEquals(named.isEnabled("debug"), true);
  named.debug("heard");
  assertEquals(lines.length, 1);
});

Deno.test("parseLogLevel() takes Kafka's spelling", () => {
  assertEquals(parseLogLevel("WARN"), "warn");
  assertEquals(parseLogLevel("loud"), null);
});

Deno.test("a bounded sink keeps order, drops what is too much, and says so", async () => {
  const written: string[] = [];
  let release = () => {};
  const sink = boundedSink((bytes) => {
    written.push(new TextDecoder().decode(bytes));
    return new Promise((resolve) => release = resolve);
  }, { limit: 6, dropped: (lines) => `dropped ${lines}\n` });
  sink.write("a\n"); // under way at once
  sink.write("b\n");
  sink.write("c\n");
  sink.write("d\n");
  sink.write("e\n"); // the fourth that waits: no room
  release();
  const flushed = sink.flush();
  for (let turn = 0; turn < 10 && written.length < 2; turn++) await Promise.resolve();
  release();
  await flushed;
  assertEquals(written, ["a\n", "b\nc\nd\ndropped 1\n"]);
});

Deno.test("a bounded sink gives up on a destination that fails", async () => {
  let calls = 0;
  const sink = boundedSink(() => {
    calls++;
    return Promise.reject(new Error("broken pipe"));
  });
  sink.write("a\n");
  await sink.flush();
  sink.write("b\n");
  await sink.flush();
  assertEquals(calls, 1);
});
