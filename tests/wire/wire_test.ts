/**
 * Replays conversations that were recorded with Apache Kafka 4.4.0 against a fresh broker for each
 * script and compares every answer, but for what compare.ts forgives.
 *
 * `WIRE_TARGET=HOST:PORT` plays them against a broker that runs already and has seen none of them.
 */
import { AssertionError } from "../../broker/base/mod.ts";
import { decodeRequestHeader, Reader } from "../../broker/protocol/mod.ts";
import { type Difference, differences, Normaliser } from "./compare.ts";
import { decodeAnswer } from "./body_json.ts";
import { type JsonObject, jsonText } from "./json_text.ts";
import { knownDifference } from "./known_differences.ts";
import { Player } from "./player.ts";
import { openTarget } from "./target.ts";
import { readRecorded, RECORDED, type Recorded } from "./recorded.ts";

/** What the recorded broker was told beside the usual. */
const RECORDED_OVERRIDES = {
  "offsets.topic.num.partitions": "5",
  "transaction.state.log.num.partitions": "5",
  "share.coordinator.state.topic.num.partitions": "3",
};

/** One broker had all the recorded conversations; the first, `admin`, left this behind. */
const LEFT_BY_ADMIN: JsonObject = {
  api: "IncrementalAlterConfigs",
  version: 1,
  body: {
    resources: [{
      resourceType: 4,
      resourceName: "1",
      configs: [{ name: "log.retention.ms", configOperation: 0, value: "5000000" }],
    }],
  },
};
const SHOWN_MAX = 12;

/**
 * Questions that change nothing. Kafka takes a while to know of a new topic everywhere, so one whose
 * answer differs is asked again for a while.
 */
const QUESTIONS = new Set([
  "ApiVersions",
  "DescribeCluster",
  "DescribeConfigs",
  "DescribeGroups",
  "DescribeProducers",
  "DescribeTopicPartitions",
  "FindCoordinator",
  "ListGroups",
  "ListOffsets",
  "Metadata",
  "OffsetFetch",
  "OffsetForLeaderEpoch",
]);
const ASKED_AGAIN_MAX = 30;
const ASKED_AGAIN_PAUSE_MS = 100;

function describe(line: Recorded, found: readonly Difference[]): string {
  const { api, version, conn, raw } = line.input;
  const what = api === undefined ? `raw ${jsonText(raw)}` : `${api} version ${version}`;
  const shown = found.slice(0, SHOWN_MAX).map(({ path, recorded, live }) =>
    `  ${path}\n    Kafka: ${jsonText(recorded)}\n    ours:  ${jsonText(live)}`
  );
  const rest = found.length > SHOWN_MAX ? [`  and ${found.length - SHOWN_MAX} more`] : [];
  const where = conn === undefined ? "" : ` on connection ${conn}`;
  return [`line ${line.line}: ${what}${where}`, ...shown, ...rest].join("\n");
}

/** Shows what a raw frame was answered with, where the frame says which API it asks. */
function withBody(line: Recorded, answer: JsonObject): JsonObject {
  if (typeof answer.raw !== "string" || typeof line.input.raw !== "string") return answer;
  const reader = new Reader(Uint8Array.fromHex(line.input.raw));
  const { api, version } = decodeRequestHeader(reader);
  const { body } = decodeAnswer(api, version, Uint8Array.fromHex(answer.raw));
  return { ...answer, body };
}

async function replay(script: string): Promise<void> {
  const { lines, clientId } = await readRecorded([script]);
  await using target = await openTarget(RECORDED_OVERRIDES);
  const player = new Player(target.host, target.port, clientId);
  const recordedNames = new Normaliser(RECORDED);
  let liveNames = new Normaliser({ port: target.port, nowMs: Date.now() });
  const failures: string[] = [];
  try {
    if (script !== "admin") await player.play(LEFT_BY_ADMIN);
    for (const line of lines) {
      const recorded = recordedNames.answer(withBody(line, line.answer));
      for (let tries = 0;; tries++) {
        const names = liveNames.fork();
        const live = names.answer(withBody(line, await player.play(line.input)));
        const found = differences(recorded, live).filter(({ path }) =>
          knownDifference(script, line.line, path) === null
        );
        const isQuestion = QUESTIONS.has(String(line.input.api));
        if (found.length > 0 && isQuestion && tries < ASKED_AGAIN_MAX) {
          await new Promise((resolve) => setTimeout(resolve, ASKED_AGAIN_PAUSE_MS));
          continue;
        }
        liveNames = names;
        if (found.length > 0) failures.push(describe(line, found));
        break;
      }
    }
  } finally {
    await player.end();
  }
  if (failures.length === 0) return;
  const count = `${failures.length} of ${lines.length} answers differ`;
  throw new AssertionError(`${script}: ${count}\n${failures.join("\n")}`);
}

for (const script of ["admin", "produce", "fetch", "groups-classic", "malformed"]) {
  Deno.test(`Kafka's recorded ${script} conversation gets the same answers`, () => replay(script));
}
