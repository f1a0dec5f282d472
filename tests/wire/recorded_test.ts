/** The player's own parts, held to the recordings without a broker. */
import { assert, assertEquals } from "@std/assert";
import { apis } from "../../broker/protocol/mod.ts";
import { encodeBody } from "./body_json.ts";
import { differences, Normaliser } from "./compare.ts";
import { type JsonObject, jsonText } from "./json_text.ts";
import { decodeAnswer } from "./body_json.ts";
import { readRecorded, RECORDED } from "./recorded.ts";

const SCRIPTS = [
  "admin",
  "produce",
  "fetch",
  "groups-classic",
  "groups-consumer",
  "transactions",
  "malformed",
];

Deno.test("encodeBody() writes every recorded request byte for byte", async () => {
  const { lines } = await readRecorded(SCRIPTS);
  let compared = 0;
  for (const { script, line, input, requestHex } of lines) {
    const text = jsonText(input);
    // Saved values are of the recorded run, and packed bytes are the library's own.
    if (requestHex === "" || /\$\w|"compression"/.test(text)) continue;
    if (input.bodyHex !== undefined || /"value":"(now|late)"/.test(text)) continue;
    const api = apis.find(({ name }) => name === input.api)!;
    const body = encodeBody(api, input.version as number, input.body ?? {}).toHex();
    assert(
      requestHex.endsWith(body),
      `${script} line ${line}: ${text}\nis ${body}\nnot ${requestHex}`,
    );
    compared += 1;
  }
  assert(compared > 200, `${compared} requests compared`);
});

Deno.test("decodeAnswer() reads every recorded answer as it was recorded", async () => {
  const { lines } = await readRecorded(SCRIPTS);
  let compared = 0;
  for (const { script, line, answer, answerHex } of lines) {
    if (answerHex === "" || answer.body === undefined) continue;
    const api = apis.find(({ name }) => name === answer.api)!;
    const found = decodeAnswer(api, answer.version as number, Uint8Array.fromHex(answerHex));
    const differing = differences(answer.body, found.body);
    assertEquals(differing, [], `${script} line ${line}`);
    compared += 1;
  }
  assert(compared > 300, `${compared} answers compared`);
});

const SIDE = { port: 9092, nowMs: RECORDED.nowMs };

/** Where two answers differ once each has gone through a normaliser of its own. */
function paths(recorded: JsonObject, live: JsonObject): string[] {
  const [left, right] = [new Normaliser(SIDE), new Normaliser({ ...SIDE, port: 9192 })];
  return differences(left.answer(recorded), right.answer(live)).map(({ path }) => path);
}

Deno.test("differences() forgives what is of one run alone", () => {
  const one = {
    nodes: [{ host: "a", port: 9092 }, { host: "b", port: 9092, logDir: "/x" }],
    topics: [{ name: "t", topicId: "9l1yQ0mSTcqU1cHcxyyzAA", errorMessage: "gone" }],
    memberId: "m-1",
    leader: "m-1",
    producerId: 7,
    timestampMs: RECORDED.nowMs + 5,
  };
  const other = {
    nodes: [{ host: "c", port: 9192, logDir: "/y" }, { host: "d", port: 9192 }],
    topics: [{ name: "t", topicId: "aaaaQ0mSTcqU1cHcxyyzAA", errorMessage: "is gone" }],
    memberId: "m-2",
    leader: "m-2",
    producerId: 4000,
    timestampMs: RECORDED.nowMs + 9000,
  };
  assertEquals(paths(one, other), []);
});

Deno.test("differences() finds what must be alike", () => {
  assertEquals(paths({ errorCode: 0 }, { errorCode: 3 }), ["errorCode"]);
  assertEquals(paths({ errorMessage: null }, { errorMessage: "x" }), ["errorMessage"]);
  assertEquals(paths({ a: [1, 2] }, { a: [2] }), ["a[0]"]);
  assertEquals(
    paths({ a: [{ name: "x", n: 1 }, { name: "y", n: 2 }] }, {
      a: [{ name: "y", n: 3 }, { name: "x", n: 1 }],
    }),
    ['a[name="y"].n'],
  );
  assertEquals(paths({ producerId: -1 }, { producerId: 3 }), ["producerId"]);
  assertEquals(paths({ memberId: "a", leader: "a" }, { memberId: "a", leader: "b" }), ["leader"]);
  assertEquals(paths({ timestampMs: 1_700_000_000_000 }, { timestampMs: 1_700_000_000_001 }), [
    "timestampMs",
  ]);
  assertEquals(paths({ offset: 9_007_199_254_740_993n }, { offset: 9_007_199_254_740_992n }), [
    "offset",
  ]);
});
