// Bytes and JSON that Kafka's own classes wrote for every message in every version, and the same
// bytes damaged in every way that we could think of.
import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { below, SeededPrng } from "../base/mod.ts";
import { codec, losslessCodec } from "./codec.ts";
import type { CoordinatorRecordKind } from "./coordinator_records/mod.ts";
import { interpretDecode, interpretEncode } from "./interpret.ts";
import { fromJson, type JsonValue, toJson } from "./json.ts";
import { type LosslessValue, UNKNOWN_TAGS } from "./lossless.ts";
import * as protocol from "./mod.ts";
import { ProtocolError } from "./protocol_error.ts";
import { Reader } from "./reader.ts";
import type { AnyMessage, Fields, StoredMessage } from "./schema.ts";
import { Writer } from "./writer.ts";

interface Vector {
  readonly message: string;
  readonly kind: string;
  readonly version: number;
  readonly case: string;
  readonly json: { [name: string]: JsonValue };
  readonly hex: string;
  readonly framedHex?: string;
}

const vectors = readVectors();
const messages = messagesByName();

function readVectors(): Vector[] {
  const file = new URL("../../tests/vectors/messages.jsonl.gz", import.meta.url);
  const text = gunzipSync(Deno.readFileSync(file)).toString();
  return text.trimEnd().split("\n").map((line) => JSON.parse(line, exactIntegers));
}

/** Integers beyond 2^53 become bigints: the source text has every digit. */
function exactIntegers(this: unknown, ...args: unknown[]): unknown {
  const [, value, context] = args as [string, unknown, { source: string }];
  const isWide = typeof value === "number" && !Number.isSafeInteger(value) &&
    /^-?\d+$/.test(context.source);
  return isWide ? BigInt(context.source) : value;
}

function messagesByName(): Map<string, AnyMessage> {
  const all = new Map<string, AnyMessage>([
    ["RequestHeaderData", protocol.requestHeader],
    ["ResponseHeaderData", protocol.responseHeader],
  ]);
  for (const api of protocol.apis) {
    all.set(api.request.name, api.request).set(api.response.name, api.response);
  }
  for (const value of Object.values(protocol)) {
    if (typeof value === "object" && value !== null && "fields" in value) {
      all.set(value.name, value);
    }
  }
  return all;
}

function messageOf(vector: Vector): AnyMessage {
  const message = messages.get(vector.message);
  if (message === undefined) throw new Error(`No message is declared as ${vector.message}`);
  return message;
}

/** Runs `check` on every vector and says on which it failed. */
function forEachVector(check: (vector: Vector, message: AnyMessage, bytes: Uint8Array) => void) {
  for (const vector of vectors) {
    try {
      check(vector, messageOf(vector), Uint8Array.fromHex(vector.hex));
    } catch (cause) {
      const name = `${vector.message} version ${vector.version}, case ${vector.case}`;
      throw new Error(`${name}: ${(cause as Error).message}`, { cause });
    }
  }
}

function encoded(write: (writer: Writer) => void): string {
  const writer = new Writer(4096);
  write(writer);
  return writer.toBytes().toHex();
}

/** A text that is equal for equal values; unknown tagged fields count. */
function fingerprint(value: unknown): string {
  return JSON.stringify(value, (_key, inner) => {
    if (typeof inner === "bigint") return `${inner}n`;
    if (inner instanceof Uint8Array) return inner.toHex();
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    const entries = Object.entries(inner).sort(([a], [b]) => a < b ? -1 : 1);
    return Object.fromEntries([...entries, ["unknownTags", inner[UNKNOWN_TAGS]]]);
  });
}

Deno.test("there are vectors of every declared message", () => {
  assertEquals(vectors.length, 4180);
  const covered = new Set(vectors.map((vector) => vector.message));
  const missing = [...messages.keys()].filter((name) =>
    !covered.has(name) && !covered.has(`${name}Data`)
  );
  assertEquals(missing, []);
});

Deno.test("the lossless codec reads and writes every vector to the byte", () => {
  forEachVector((vector, message, bytes) => {
    const { decode, encode } = losslessCodec(message, vector.version);
    const reader = new Reader(bytes);
    const value = decode(reader);
    assertEquals(reader.remaining, 0);
    assertEquals(fingerprint(toJson(message, vector.version, value)), fingerprint(vector.json));
    assertEquals(encoded((writer) => encode(writer, value)), vector.hex);
  });
});

Deno.test("every vector can be written from its JSON", () => {
  forEachVector((vector, message) => {
    if (vector.case === "tags") return;
    const value = fromJson(message, vector.version, vector.json);
    const { encode } = losslessCodec(message, vector.version);
    assertEquals(encoded((writer) => encode(writer, value)), vector.hex);
  });
});

Deno.test("the interpreter agrees with the compiled codec on every vector", () => {
  forEachVector((vector, message, bytes) => {
    const value = interpretDecode(message, vector.version, new Reader(bytes));
    const compiled = losslessCodec(message, vector.version).decode(new Reader(bytes));
    assertEquals(fingerprint(value), fingerprint(compiled));
    const hex = encoded((writer) => interpretEncode(message, vector.version, writer, value));
    assertEquals(hex, vector.hex);
  });
});

Deno.test("the production codec reads every vector, and writes it to the byte where numbers are safe", () => {
  let compared = 0;
  forEachVector((vector, message, bytes) => {
    const { decode, encode } = codec(message, vector.version);
    const reader = new Reader(bytes);
    const value = decode(reader);
    assertEquals(reader.remaining, 0);
    const hex = encoded((writer) => encode(writer, value));
    const lossless = losslessCodec(message, vector.version).decode(new Reader(bytes));
    if (vector.case === "tags" || hasWideNumber(lossless)) return;
    assertEquals(hex, vector.hex);
    compared++;
  });
  assertEquals(compared > 2500, true, `${compared} compared`);
});

function hasWideNumber(value: unknown): boolean {
  if (typeof value === "bigint") return value !== 2n ** 63n - 1n && value !== -(2n ** 63n);
  if (value === null || typeof value !== "object" || value instanceof Uint8Array) return false;
  return Object.values(value).some(hasWideNumber);
}

/**
 * Runs `check` on the vectors of stored records whose numbers and tags the production codec keeps.
 */
function forEachFramed(
  kind: string,
  check: (framedHex: string, message: StoredMessage<Fields>, value: never, version: number) => void,
): void {
  let checked = 0;
  forEachVector((vector, message, bytes) => {
    if (vector.kind !== kind || vector.framedHex === undefined || vector.case === "tags") return;
    if (hasWideNumber(losslessCodec(message, vector.version).decode(new Reader(bytes)))) return;
    const value = codec(message, vector.version).decode(new Reader(bytes)) as never;
    check(vector.framedHex, message as StoredMessage<Fields>, value, vector.version);
    checked++;
  });
  assertEquals(checked > 100, true, `${checked} checked`);
}

Deno.test("metadata records are framed as Kafka frames them", () => {
  forEachFramed("metadata", (framedHex, message, value, version) => {
    assertEquals(protocol.encodeMetadataRecord(message, version, value).toHex(), framedHex);
    const decoded: unknown = protocol.decodeMetadataRecord(Uint8Array.fromHex(framedHex));
    assertEquals(decoded, { name: message.name, version, value });
  });
});

const families: readonly (readonly CoordinatorRecordKind[])[] = [
  protocol.groupRecords,
  protocol.transactionRecords,
  protocol.shareStateRecords,
] as never;

/** The topic's kinds among which `message` is a key or value, and its own kind. */
function familyOf(message: AnyMessage) {
  for (const family of families) {
    const kind = family.find(({ key, value }) => key === message || value === message);
    if (kind !== undefined) return { family, kind };
  }
  throw new Error(`${message.name} belongs to no topic`);
}

Deno.test("keys of coordinator records are framed as Kafka frames them", () => {
  forEachFramed("coordinator-key", (framedHex, message, key) => {
    const { family, kind } = familyOf(message);
    const bytes = Uint8Array.fromHex(framedHex);
    const decoded: unknown = protocol.decodeCoordinatorRecord(family, bytes, null);
    assertEquals(decoded, { name: kind.name, key, version: -1, value: null });
    assertEquals(protocol.encodeCoordinatorKey(message, key).toHex(), framedHex);
  });
});

Deno.test("values of coordinator records are framed as Kafka frames them", () => {
  forEachFramed("coordinator-value", (framedHex, message, value, version) => {
    const { family, kind } = familyOf(message);
    const key = protocol.make(kind.key, {});
    const keyBytes = protocol.encodeCoordinatorKey(kind.key, key);
    const bytes = Uint8Array.fromHex(framedHex);
    const decoded: unknown = protocol.decodeCoordinatorRecord(family, keyBytes, bytes);
    assertEquals(decoded, { name: kind.name, key, version, value });
    assertEquals(protocol.encodeCoordinatorValue(message, version, value).toHex(), framedHex);
  });
});

/**
 * Reads hostile bytes: gives a value or throws ProtocolError, and nothing is larger than its input.
 */
function decodeHostile(
  message: AnyMessage,
  version: number,
  bytes: Uint8Array,
): LosslessValue | null {
  try {
    const reader = new Reader(bytes);
    const value = losslessCodec(message, version).decode(reader);
    assertEquals(countElements(value) <= bytes.length, true, "more elements than bytes");
    return value;
  } catch (error) {
    assertInstanceOf(error, ProtocolError);
    return null;
  }
}

/** Elements of all arrays in `value`. */
function countElements(value: unknown): number {
  if (value === null || typeof value !== "object" || value instanceof Uint8Array) return 0;
  const own = Array.isArray(value) ? value.length : 0;
  return Object.values(value).reduce((count, inner) => count + countElements(inner), own);
}

Deno.test("every vector cut short is refused, wherever the cut", () => {
  forEachVector((vector, message, bytes) => {
    const step = Math.max(1, Math.floor(bytes.length / 16));
    for (let length = 0; length < bytes.length; length += step) {
      assertThrows(
        () => losslessCodec(message, vector.version).decode(new Reader(bytes.subarray(0, length))),
        ProtocolError,
      );
    }
  });
});

Deno.test("damaged vectors are refused or read; what is read can be written and read again", () => {
  const prng = new SeededPrng(3);
  const extremes = ["7fffffff", "ffffffff", "80000000", "ffffffff07", "ffffffffff7f", "00", "fe"]
    .map((hex) => Uint8Array.fromHex(hex));
  forEachVector((vector, message, bytes) => {
    if (bytes.length === 0) return;
    for (let round = 0; round < 8; round++) {
      const damaged = bytes.slice();
      const at = below(prng, bytes.length);
      if (round < 4) damaged[at] = below(prng, 256);
      else damaged.set(extremes[below(prng, extremes.length)]!.subarray(0, bytes.length - at), at);
      const value = decodeHostile(message, vector.version, damaged);
      if (value === null) continue;
      const { decode, encode } = losslessCodec(message, vector.version);
      const writer = new Writer(4096);
      encode(writer, value);
      assertEquals(fingerprint(decode(new Reader(writer.toBytes()))), fingerprint(value));
    }
  });
});

Deno.test("random bytes are refused or read, as every message in its newest version", () => {
  const prng = new SeededPrng(4);
  for (const message of messages.values()) {
    const version = Number(/\d+$/.exec(message.versions)![0]);
    for (let round = 0; round < 200; round++) {
      const bytes = new Uint8Array(below(prng, 64));
      // Small bytes make plausible lengths, so that damage is met deeper inside.
      const limit = round % 2 === 0 ? 256 : 4;
      for (let i = 0; i < bytes.length; i++) bytes[i] = below(prng, limit);
      decodeHostile(message, version, bytes);
    }
  }
});
