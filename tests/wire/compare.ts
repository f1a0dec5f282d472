/**
 * Compares two answers to the same question from two healthy brokers. What differs between any two
 * runs is replaced by stable names first: ids by the order in which they appear, times near the run
 * by `<now>`, addresses, texts of errors (only whether there is one counts), throttle times,
 * checksums, sizes of the disk. The order of arrays does not count.
 */
import { isObject, type JsonObject, jsonText, type JsonValue } from "./json_text.ts";

const ID_FIELDS = new Set([
  "topicId",
  "incarnationId",
  "clusterId",
  "directoryId",
  "id",
  "replicaDirectoryId",
  "voterDirectoryId",
]);
const TIME_FIELDS = new Set([
  "timestamp",
  "baseTimestamp",
  "maxTimestamp",
  "logAppendTimeMs",
  "timestampMs",
  "deleteHorizonMs",
  "issueTimestampMs",
  "expiryTimestampMs",
  "maxTimestampMs",
  "transactionStartTimeMs",
  "lastTimestamp",
  "lastCaughtUpTimestamp",
  "lastFetchTimestamp",
]);
/** Fields of which only null or not null counts. */
const LOOSE_FIELDS = new Set([
  "crc",
  "throttleTimeMs",
  "errorMessage",
  "correlationId",
  "expectedCorrelationId",
  "raw",
  "totalBytes",
  "usableBytes",
  "reason",
  "logDir",
  "batchIndexErrorMessage",
]);
/** How far the metadata log has come, in offsets and elections: only known or unknown counts. */
const METADATA_OFFSET_FIELDS = new Set(["finalizedFeaturesEpoch"]);
/** The same, inside an object of that topic. */
const METADATA_TOPIC = "__cluster_metadata";
const PROGRESS_FIELDS = new Set(["highWatermark", "logEndOffset", "leaderEpoch"]);
/** Numbers that a broker hands out: `[field, least value that is one]`. */
const NUMBERED_FIELDS = new Map([["producerId", 0], ["sessionId", 1], ["brokerEpoch", 1]]);
/** Fields that tell the items of two arrays apart, so that they are compared pair by pair. */
const KEY_FIELDS = [
  "apiKey",
  "name",
  "topic",
  "topicName",
  "partitionIndex",
  "index",
  "partition",
  "partitionId",
  "groupId",
  "nodeId",
  "brokerId",
  "offset",
  "baseOffset",
  "resourceName",
  "configName",
  "transactionalId",
  "memberId",
  "topicId",
  "id",
  "logDir",
];
const UUID = /^[A-Za-z0-9_-]{22}$/;
const ZERO_UUID = "A".repeat(22);
const NEAR_MS = 8 * 86_400_000;

/** One side of a conversation: where and when its answers came from. */
export interface Side {
  readonly port: number;
  /** About when the conversation was held. */
  readonly nowMs: number;
}

/** Replaces what differs between any two runs; one for each side, for all lines of a conversation. */
export class Normaliser {
  readonly #side: Side;
  readonly #names: Map<string, string>;
  readonly #counts: Map<string, number>;
  #isInMetadataTopic = false;

  /** `from` is a normaliser whose names it starts with. */
  constructor(side: Side, from?: Normaliser) {
    this.#side = side;
    this.#names = new Map(from ? from.#names : []);
    this.#counts = new Map(from ? from.#counts : []);
  }

  /** One that goes on from here and leaves this one as it is. */
  fork(): Normaliser {
    return new Normaliser(this.#side, this);
  }

  /** The answer with stable names in place of what is of this run alone. */
  answer(value: JsonValue): JsonValue {
    return this.#value(null, value);
  }

  #value(field: string | null, value: JsonValue): JsonValue {
    if (Array.isArray(value)) return value.map((item) => this.#value(field, item));
    if (isObject(value)) return this.#object(value);
    if (field === null) return value;
    if (LOOSE_FIELDS.has(field)) return value === null ? "<null>" : "<any>";
    if (typeof value === "number" || typeof value === "bigint") return this.#number(field, value);
    if (typeof value !== "string" || value === "") return value;
    if (field === "host") return "<host>";
    // A cluster may be given any id, that of all zeros too.
    if (field === "clusterId") return "<clusterId>";
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    if (field === "memberId") return this.#name("memberId", value);
    if (value.includes("://")) return this.#addresses(value);
    return ID_FIELDS.has(field) && isUuid(value) ? this.#name("uuid", value) : value;
  }

  #object(value: JsonObject): JsonObject {
    const topic = value.topicName ?? value.name;
    const id = value.topicId;
    if (typeof topic === "string" && topic !== "" && isUuid(id) && !this.#names.has(id)) {
      this.#names.set(id, `<topicId of ${topic}>`);
    }
    const isOuter = !this.#isInMetadataTopic && topic === METADATA_TOPIC;
    if (isOuter) this.#isInMetadataTopic = true;
    const named = Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, this.#value(name, inner)]),
    );
    if (isOuter) this.#isInMetadataTopic = false;
    return named;
  }

  /** Listener addresses with names for their ports: the controller listens one above the broker. */
  #addresses(text: string): string {
    const { port } = this.#side;
    return text.replaceAll(`:${port + 1}`, ":<port+1>").replaceAll(`:${port}`, ":<port>");
  }

  #number(field: string, value: number | bigint): JsonValue {
    const isProgress = METADATA_OFFSET_FIELDS.has(field) ||
      (this.#isInMetadataTopic && PROGRESS_FIELDS.has(field));
    if (isProgress) return value < 0 ? value : "<progress>";
    if (field === "port" && Number(value) === this.#side.port) return "<port>";
    if (field === "port" && Number(value) === this.#side.port + 1) return "<port+1>";
    if (TIME_FIELDS.has(field) || field.endsWith("TimestampMs") || field.endsWith("TimeMs")) {
      return Math.abs(Number(value) - this.#side.nowMs) < NEAR_MS ? "<now>" : value;
    }
    const least = NUMBERED_FIELDS.get(field);
    return least !== undefined && value >= least ? this.#name(field, String(value)) : value;
  }

  #name(kind: string, value: string): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const name = `<${kind}#${count}>`;
    this.#names.set(value, name);
    return name;
  }
}

function isUuid(value: JsonValue | undefined): value is string {
  return typeof value === "string" && UUID.test(value) && value !== ZERO_UUID;
}

/** One place where two answers differ; `undefined` where a side has nothing. */
export interface Difference {
  readonly path: string;
  readonly recorded: JsonValue | undefined;
  readonly live: JsonValue | undefined;
}

/** Where two normalised answers differ. */
export function differences(recorded: JsonValue, live: JsonValue): Difference[] {
  const found: Difference[] = [];
  compare("", recorded, live, found);
  return found;
}

type Maybe = JsonValue | undefined;

function compare(path: string, recorded: Maybe, live: Maybe, found: Difference[]): void {
  if (jsonText(recorded) === jsonText(live)) return;
  if (isObject(recorded) && isObject(live)) {
    for (const name of [...new Set([...Object.keys(recorded), ...Object.keys(live)])].sort()) {
      compare(path === "" ? name : `${path}.${name}`, recorded[name], live[name], found);
    }
  } else if (Array.isArray(recorded) && Array.isArray(live)) {
    compareArrays(path, recorded, live, found);
  } else {
    found.push({ path, recorded, live });
  }
}

function compareArrays(
  path: string,
  recorded: readonly JsonValue[],
  live: readonly JsonValue[],
  found: Difference[],
): void {
  const [onlyRecorded, onlyLive] = withoutPairs(recorded, live);
  const key = KEY_FIELDS.find((field) =>
    tellsApart(onlyRecorded, field) && tellsApart(onlyLive, field)
  );
  if (key === undefined) {
    for (let index = 0; index < Math.max(onlyRecorded.length, onlyLive.length); index++) {
      compare(`${path}[${index}]`, onlyRecorded[index], onlyLive[index], found);
    }
    return;
  }
  const [left, right] = [onlyRecorded, onlyLive].map((items) =>
    new Map(items.map((item) => [jsonText((item as JsonObject)[key]), item]))
  );
  for (const value of [...new Set([...left!.keys(), ...right!.keys()])].sort()) {
    compare(`${path}[${key}=${value}]`, left!.get(value), right!.get(value), found);
  }
}

/** The items of each that have no equal in the other. */
function withoutPairs(
  one: readonly JsonValue[],
  other: readonly JsonValue[],
): [JsonValue[], JsonValue[]] {
  const left = new Map<string, JsonValue[]>();
  for (const item of one) {
    const text = jsonText(item);
    left.set(text, [...left.get(text) ?? [], item]);
  }
  const onlyOther = other.filter((item) => left.get(jsonText(item))?.pop() === undefined);
  return [[...left.values()].flat(), onlyOther];
}

function tellsApart(items: readonly JsonValue[], field: string): boolean {
  const seen = new Set<string>();
  return items.every((item) => {
    if (!isObject(item) || item[field] === undefined) return false;
    const text = jsonText(item[field]);
    return !seen.has(text) && seen.add(text) !== undefined;
  });
}
