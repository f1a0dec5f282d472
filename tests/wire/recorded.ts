/**
 * Conversations with Apache Kafka 4.4.0, recorded line by line: what was asked, as JSON and as bytes,
 * and what came back.
 */
import { gunzipSync } from "node:zlib";
import { decodeRequestHeader, Reader } from "../../broker/protocol/mod.ts";
import { isObject, type JsonObject, numberField, parseJson, textField } from "./json_text.ts";

/** One line of a conversation. */
export interface Recorded {
  readonly script: string;
  /** Where it stands in its script. */
  readonly line: number;
  /** What to do, as `Player.play` takes it. */
  readonly input: JsonObject;
  /** What the broker answered. */
  readonly answer: JsonObject;
  /** The frames without their length; empty when there was none. */
  readonly requestHex: string;
  readonly answerHex: string;
}

/** When the recording was made (24 November 2026), and where the broker listened. */
export const RECORDED = { nowMs: 1_795_482_000_000, host: "127.0.0.1", port: 19192 };

/** What belongs to the recording and not to the answer. */
const ASIDE = new Set(["script", "line", "input", "hex", "requestHex"]);

/** The lines of the scripts, in order, and the client id that they were recorded with. */
export async function readRecorded(
  scripts: readonly string[],
): Promise<{ lines: Recorded[]; clientId: string }> {
  const file = new URL("../vectors/wire.jsonl.gz", import.meta.url);
  const text = new TextDecoder().decode(gunzipSync(await Deno.readFile(file)));
  const lines: Recorded[] = [];
  let clientId = "";
  for (const line of text.trimEnd().split("\n")) {
    const record = parseJson(line);
    if (!isObject(record) || !isObject(record.input)) throw new Error(`Not a recording: ${line}`);
    const script = textField(record, "script", "");
    if (!scripts.includes(script)) continue;
    const kept = Object.entries(record).filter(([name]) => !ASIDE.has(name));
    const answer = Object.fromEntries(kept);
    const number = numberField(record, "line", 0);
    const requestHex = textField(record, "requestHex", "");
    const answerHex = textField(record, "hex", "");
    lines.push({ script, line: number, input: record.input, answer, requestHex, answerHex });
    if (clientId === "") clientId = clientIdOf(requestHex);
  }
  return { lines, clientId };
}

function clientIdOf(requestHex: string): string {
  if (requestHex === "") return "";
  return decodeRequestHeader(new Reader(Uint8Array.fromHex(requestHex))).clientId ?? "";
}
