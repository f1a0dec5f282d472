import { prepareKcat } from "./prepare.ts";
import { type Checks, equal, output, runChecks, type Suite } from "./suite.ts";

const CODECS = ["none", "gzip", "snappy", "lz4", "zstd"];

function produce(bootstrap: string, topic: string, lines: string, ...flags: string[]) {
  return output("kcat", ["-b", bootstrap, "-P", "-t", topic, ...flags], { stdin: lines });
}

/** What kcat reads of the topic until its end. */
function consume(bootstrap: string, topic: string, ...flags: string[]): Promise<string> {
  return output("kcat", ["-b", bootstrap, "-C", "-t", topic, "-e", "-q", ...flags]);
}

async function codecs(bootstrap: string): Promise<void> {
  const expected: string[] = [];
  for (const codec of CODECS) {
    const lines = Array.from({ length: 100 }, (_, n) => `key-${n}:${codec} ${n}`);
    await produce(bootstrap, "kc-codecs", lines.join("\n") + "\n", "-K:", "-z", codec, "-p", "0");
    expected.push(...lines.map((line, n) => `${n} ${line}`));
  }
  const read = await consume(bootstrap, "kc-codecs", "-f", "%o %k:%s\n");
  equal(
    read.trimEnd().split("\n"),
    expected.map((line, n) => line.replace(/^\d+/, String(n))),
    "records",
  );
}

async function headers(bootstrap: string): Promise<void> {
  await produce(bootstrap, "kc-headers", "k:\n", "-K:", "-Z", "-H", "a=1", "-H", "b=2");
  const read = await consume(bootstrap, "kc-headers", "-f", "%k %S %h\n");
  equal(read, "k -1 a=1,b=2\n", "record");
}

async function idempotent(bootstrap: string): Promise<void> {
  const lines = Array.from({ length: 5000 }, (_, n) => String(n));
  const flags = ["-X", "enable.idempotence=true", "-X", "batch.num.messages=50", "-p", "0"];
  await produce(bootstrap, "kc-idempotent", lines.join("\n") + "\n", ...flags);
  const read = await consume(bootstrap, "kc-idempotent", "-f", "%s\n");
  equal(read.trimEnd().split("\n"), lines, "values in order");
}

async function group(bootstrap: string): Promise<void> {
  await produce(bootstrap, "kc-group", "a\nb\nc\n");
  const read = () =>
    output("kcat", [
      "-b",
      bootstrap,
      "-G",
      "kc-group",
      "-e",
      "-q",
      "-X",
      "auto.offset.reset=earliest",
      "kc-group",
    ]);
  equal((await read()).trimEnd().split("\n").sort(), ["a", "b", "c"], "first reading");
  await produce(bootstrap, "kc-group", "d\n");
  equal((await read()).trimEnd(), "d", "second reading goes on where the first ended");
}

async function listing(bootstrap: string): Promise<void> {
  await produce(bootstrap, "kc-list", "a\nb\n", "-p", "0");
  const metadata = JSON.parse(await output("kcat", ["-b", bootstrap, "-L", "-J", "-t", "kc-list"]));
  equal(metadata.topics[0].topic, "kc-list", "topic");
  equal(metadata.topics[0].partitions[0].leader, metadata.brokers[0].id, "leader");
  const query = await output("kcat", ["-b", bootstrap, "-Q", "-t", "kc-list:0:-1"]);
  equal(query.trim(), "kc-list [0] offset 2", "end offset");
}

const checks: Checks = {
  "produces and consumes with every codec, keys and offsets": codecs,
  "headers and a null value": headers,
  "an idempotent producer keeps order and count": idempotent,
  "a group reads on where it committed": group,
  "lists metadata and asks for offsets": listing,
};

/** kcat (librdkafka as Debian ships it, some years old). */
export const kcat: Suite = {
  name: "kcat",
  prepare: prepareKcat,
  run: (bootstrap, tell) => runChecks(checks, bootstrap, tell),
};
