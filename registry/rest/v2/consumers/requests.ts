/** What the bodies of calls on consumer instances say. */
import { randomUUID } from "node:crypto";
import { RE2JS, RE2JSException } from "re2js";
import { topicNameProblem } from "../../../../broker/protocol/mod.ts";
import { HttpError } from "../../../http/mod.ts";
import type { OffsetToCommit, TopicChoice, TopicPartition } from "../../../kafka/mod.ts";
import { restCodes } from "../../errors.ts";
import { EMBEDDED_FORMATS, type EmbeddedFormat } from "../../records/mod.ts";
import { Fields, shownJson } from "../../request_json.ts";
import type { RestOptions } from "../../settings.ts";

const INT32_MAX = 2 ** 31 - 1;
const FETCH_MIN_BYTES_MAX = 10_000_000;
/** A group or an instance has a name of at most so many letters. */
const NAME_LENGTH_MAX = 1000;
const PATTERN_LENGTH_MAX = 10_000;

/** An instance as its maker wants it. */
export interface InstanceRequest {
  readonly name: string;
  readonly format: EmbeddedFormat;
  /** Null: as the proxy's consumers do. */
  readonly autoOffsetReset: "earliest" | "latest" | null;
  readonly autoCommit: boolean | null;
  readonly fetchMinBytes: number;
  readonly requestTimeoutMs: number;
}

/** Reads the body of a call that makes an instance; undefined stands for an empty one. */
export function instanceRequest(body: unknown, settings: RestOptions): InstanceRequest {
  const fields = new Fields(body ?? {}, [
    "id",
    "name",
    "format",
    "auto.offset.reset",
    "auto.commit.enable",
    "fetch.min.bytes",
    "consumer.request.timeout.ms",
  ]);
  const values = body as Readonly<Record<string, unknown>> | undefined;
  const autoCommit = wordOf(values, "auto.commit.enable", ["true", "false"]);
  return {
    name: fields.text("id") || fields.text("name") || drawnName(settings.id),
    format: wordOf(values, "format", EMBEDDED_FORMATS) ?? "binary",
    autoOffsetReset: wordOf(values, "auto.offset.reset", ["earliest", "latest"]),
    autoCommit: autoCommit === null ? null : autoCommit === "true",
    fetchMinBytes: numberOf(values, "fetch.min.bytes", -1, FETCH_MIN_BYTES_MAX) ??
      settings["fetch.min.bytes"],
    requestTimeoutMs: numberOf(values, "consumer.request.timeout.ms", 1, INT32_MAX) ??
      settings["consumer.request.timeout.ms"],
  };
}

/** Throws 422 for a name that is too long to be one, or that no path can have in it. */
export function checkName(what: string, name: string): void {
  if (name === "." || name === "..") {
    throw new HttpError(
      422,
      restCodes.BAD_CONSUMER_CONFIG,
      `The name of the ${what} is ${shownJson(name)}, which paths can't have in them`,
    );
  }
  if (name.length <= NAME_LENGTH_MAX) return;
  throw new HttpError(
    422,
    restCodes.BAD_CONSUMER_CONFIG,
    `The name of the ${what} has ${name.length} letters; allowed: up to ${NAME_LENGTH_MAX}`,
  );
}

function drawnName(id: string): string {
  return `rest-consumer-${id === "" ? "" : `${id}-`}${randomUUID()}`;
}

/** Options come as JSON's own kinds or as text. */
function wordOf<W extends string>(
  values: Readonly<Record<string, unknown>> | undefined,
  name: string,
  allowed: readonly W[],
): W | null {
  const value = values?.[name];
  if (value === undefined || value === null) return null;
  const text = typeof value === "string" || typeof value === "boolean"
    ? String(value).toLowerCase()
    : "";
  const word = allowed.find((one) => one === text);
  if (word !== undefined) return word;
  throw new HttpError(
    422,
    restCodes.BAD_CONSUMER_CONFIG,
    `${name} is ${shownJson(value)}; allowed: ${allowed.join(", ")}`,
  );
}

function numberOf(
  values: Readonly<Record<string, unknown>> | undefined,
  name: string,
  min: number,
  max: number,
): number | null {
  const value = values?.[name];
  if (value === undefined || value === null) return null;
  const number = typeof value === "string" && /^-?[0-9]{1,15}$/.test(value) ? Number(value) : value;
  if (Number.isInteger(number) && number as number >= min && number as number <= max) {
    return number as number;
  }
  throw new HttpError(
    422,
    restCodes.CONSUMER_CONFIG_CONSTRAINT,
    `${name} is ${shownJson(value)}; allowed: a whole number from ${min} to ${max}`,
  );
}

/** Reads a subscription; a list wins over a pattern. */
export function topicChoice(body: unknown): TopicChoice {
  const fields = new Fields(body ?? {}, ["topics", "topic_pattern"]);
  const topics = fields.list("topics", (item, where) => {
    const problem = typeof item === "string" ? topicNameProblem(item) : "it is no string";
    if (problem === null) return item as string;
    throw new HttpError(422, 422, `${where} is ${shownJson(item)}, no name of a topic: ${problem}`);
  });
  if (topics !== null) return { topics: [...new Set(topics)] };
  const pattern = fields.text("topic_pattern");
  if (pattern === null) {
    throw new HttpError(422, 422, "The body needs one of the fields topics, topic_pattern");
  }
  return { pattern, matches: matcher(pattern) };
}

/** Whether a whole name matches, in time that grows with its length alone. */
function matcher(pattern: string): (topic: string) => boolean {
  if (pattern.length > PATTERN_LENGTH_MAX) {
    const message = `topic_pattern has ${pattern.length} letters; allowed: ${PATTERN_LENGTH_MAX}`;
    throw new HttpError(422, 422, message);
  }
  try {
    const compiled = RE2JS.compile(pattern);
    return (topic) => compiled.matches(topic);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new HttpError(
      422,
      422,
      `topic_pattern is ${shownJson(pattern)}, no regular expression: ${
        error.message.slice(0, 200)
      }`,
    );
  }
}

/** Reads `{"partitions":[{"topic","partition"}]}`. */
export function partitionList(body: unknown): TopicPartition[] {
  const fields = new Fields(body ?? {}, ["partitions"]);
  return fields.required(
    "partitions",
    fields.list("partitions", (item, where) => {
      return topicPartition(new Fields(item, ["topic", "partition"], where));
    }),
  );
}

function topicPartition(fields: Fields): TopicPartition {
  return {
    topic: fields.required("topic", fields.text("topic")),
    partition: fields.required("partition", fields.integer("partition", 0, INT32_MAX)),
  };
}

/** Reads `{"offsets":[{"topic","partition","offset","metadata"}]}`: the offsets as they stand there. */
export function offsetList(body: unknown): OffsetToCommit[] {
  const fields = new Fields(body ?? {}, ["offsets"]);
  return fields.required("offsets", fields.list("offsets", offsetOf));
}

/** Where a consumer shall go on. */
export interface PositionsRequest {
  readonly offsets: readonly OffsetToCommit[];
  readonly timestamps: readonly (TopicPartition & { readonly timestampMs: number })[];
}

/** Reads the body of a seek. */
export function positionsRequest(body: unknown): PositionsRequest {
  const fields = new Fields(body ?? {}, ["offsets", "timestamps"]);
  const offsets = fields.list("offsets", offsetOf);
  const timestamps = fields.list("timestamps", (item, where) => {
    const at = new Fields(item, ["topic", "partition", "timestamp"], where);
    const text = at.required("timestamp", at.text("timestamp"));
    return { ...topicPartition(at), timestampMs: timeOf(text, where) };
  });
  if (offsets === null && timestamps === null) {
    throw new HttpError(422, 422, "The body needs one of the fields offsets, timestamps");
  }
  return { offsets: offsets ?? [], timestamps: timestamps ?? [] };
}

function offsetOf(item: unknown, where: string): OffsetToCommit {
  const fields = new Fields(item, ["topic", "partition", "offset", "metadata"], where);
  return {
    ...topicPartition(fields),
    offset: fields.required(
      "offset",
      fields.integer("offset", 0, Number.MAX_SAFE_INTEGER - 1),
    ),
    metadata: fields.text("metadata") ?? "",
  };
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$/;

function timeOf(text: string, where: string): number {
  const timeMs = ISO_TIME.test(text) ? Date.parse(text.replace(",", ".")) : NaN;
  if (timeMs >= 0) return timeMs;
  throw new HttpError(
    422,
    422,
    `${where}: timestamp is ${shownJson(text)}; allowed: a time like 2026-01-31T12:00:00Z`,
  );
}
