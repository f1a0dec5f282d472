import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { codec, losslessCodec, make } from "./codec.ts";
import { interpretDecode, interpretEncode } from "./interpret.ts";
import { defaultsOf, isNullable, isPresent } from "./layout.ts";
import { type LosslessValue, UNKNOWN_TAGS } from "./lossless.ts";
import { apis, fetch, joinGroup, listOffsets, metadata } from "./messages/mod.ts";
import { ProtocolError } from "./protocol_error.ts";
import { Reader } from "./reader.ts";
import {
  type AnyMessage,
  array,
  bool,
  bytes,
  type Field,
  type Fields,
  float64,
  int16,
  int32,
  int64,
  INT64_MAX,
  int8,
  type MessageOf,
  record,
  string,
  struct,
  uint16,
  uint32,
  uuid,
} from "./schema.ts";
import { uuidFromBytes, ZERO_UUID } from "./uuid.ts";
import { versionBounds } from "./versions.ts";
import { Writer } from "./writer.ts";

/** Every kind, nullable and tagged, plain and in versions. */
const everything = record({ name: "Everything", versions: "0-3", flexible: "2+" }, {
  bool: bool(),
  int8: int8({ default: -1 }),
  int16: int16(),
  uint16: uint16(),
  int32: int32({ versions: "1+", default: 5 }),
  uint32: uint32(),
  int64: int64(),
  float64: float64(),
  uuid: uuid(),
  string: string(),
  laterNullString: string({ nullable: "1+", default: null }),
  bytes: bytes({ nullable: "0+" }),
  oldLength: string({ nullable: "0+", flexible: "none" }),
  numbers: array(int32()),
  names: array(string(), { nullable: "2+", default: null }),
  structs: array({ name: string(), inner: array({ id: int64() }) }, { versions: "1+" }),
  one: struct({ a: int8(), b: string({ versions: "3+" }) }, { nullable: "1+", default: null }),
  kind: struct({ kind: string() }),
  taggedNumber: int64({ versions: "2+", tag: 1, default: INT64_MAX }),
  taggedStruct: struct({ x: int32({ default: -1 }), y: array(uuid()) }, { versions: "2+", tag: 0 }),
  taggedNullable: struct({ x: int32() }, { versions: "3+", tag: 5, nullable: "3+" }),
  taggedText: string({ versions: "2+", tag: 3, nullable: "2+", default: null }),
  taggedBytes: bytes({ versions: "2+", tag: 4 }),
});

type Everything = MessageOf<typeof everything>;

/** Any value of the field that `version` can carry; the default where it lacks the field. */
function valueOf(field: Field<unknown>, version: number): fc.Arbitrary<unknown> {
  const value = presentValueOf(field, version);
  return isNullable(field, version) ? fc.option(value, { freq: 4, nil: null }) : value;
}

function presentValueOf(field: Field<unknown>, version: number): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case "bool":
      return fc.boolean();
    case "int8":
      return fc.integer({ min: -128, max: 127 });
    case "int16":
      return fc.integer({ min: -32768, max: 32767 });
    case "uint16":
      return fc.integer({ min: 0, max: 65535 });
    case "int32":
      return fc.integer();
    case "uint32":
      return fc.nat(2 ** 32 - 1);
    case "int64":
      return fc.oneof(fc.maxSafeInteger(), fc.constantFrom(INT64_MAX, -(2 ** 63)));
    case "float64":
      return fc.double({ noNaN: true });
    case "uuid":
      return fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => uuidFromBytes(bytes));
    case "string":
      return fc.string({ unit: "binary", maxLength: 60 });
    case "bytes":
    case "records":
      return fc.uint8Array({ maxLength: 20 });
    case "array":
      return fc.array(valueOf(field.element!, version), { maxLength: 3 });
    case "struct":
      return structOf(field.fields!, version);
  }
}

function structOf(fields: Fields, version: number): fc.Arbitrary<Record<string, unknown>> {
  const defaults = defaultsOf(fields, false);
  return fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [
        name,
        isPresent(field, version) ? valueOf(field, version) : fc.constant(defaults[name]),
      ]),
    ),
    { noNullPrototype: true },
  );
}

function encoded(message: AnyMessage, version: number, value: object): Uint8Array {
  const writer = new Writer(64);
  codec(message, version).encode(writer, value as Record<string, unknown>);
  return writer.toBytes();
}

function checkRoundTrip(message: AnyMessage, version: number, value: Record<string, unknown>) {
  const bytes = encoded(message, version, value);
  const writer = new Writer(64);
  interpretEncode(message, version, writer, value);
  assertEquals(writer.toBytes(), bytes);
  const reader = new Reader(bytes);
  assertEquals(codec(message, version).decode(reader), value);
  assertEquals(reader.remaining, 0);
  assertEquals(
    interpretDecode(message, version, new Reader(bytes)),
    losslessCodec(message, version).decode(new Reader(bytes)),
  );
}

Deno.test("any value of any kind survives, and both codecs agree on its bytes", () => {
  for (let version = 0; version <= 3; version++) {
    fc.assert(
      fc.property(structOf(everything.fields, version), (value) => {
        checkRoundTrip(everything, version, value);
      }),
      { numRuns: 200 },
    );
  }
});

Deno.test("any value of any request and response survives in every version", () => {
  for (const { request, response } of apis) {
    for (const message of [request, response]) {
      const { first, last } = versionBounds(message.versions);
      for (let version = first; version <= last; version++) {
        const property = fc.property(structOf(message.fields, version), (value) => {
          checkRoundTrip(message, version, value);
        });
        fc.assert(property, { numRuns: 3 });
      }
    }
  }
});

Deno.test("random bytes are refused as ProtocolError or read, never anything else", () => {
  const frames = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(fc.constantFrom(0, 1, 2, 3, 127, 128, 255), { maxLength: 200 })
      .map((bytes) => Uint8Array.from(bytes)),
  );
  fc.assert(
    fc.property(frames, fc.integer({ min: 0, max: 3 }), (bytes, version) => {
      try {
        codec(everything, version).decode(new Reader(bytes));
      } catch (error) {
        assertEquals(error instanceof ProtocolError, true, String(error));
      }
    }),
    { numRuns: 5000 },
  );
});

Deno.test("fields that the version lacks have their default, in one shape for all versions", () => {
  const value = make(everything, { int32: 77, taggedText: "x", string: "s" });
  const old = codec(everything, 0).decode(
    new Reader(encoded(everything, 0, {
      ...value,
      laterNullString: "",
      names: [],
      one: { a: 0, b: "" },
    })),
  );
  assertEquals([old.int32, old.taggedText, old.string], [5, null, "s"]);
  assertEquals(Object.keys(old), Object.keys(everything.fields));
  assertEquals(Object.keys(value), Object.keys(everything.fields));
});

Deno.test("make() fills up every depth and copies what it is given", () => {
  const topics = [{ topic: "t", partitions: [{ partition: 4 }] }];
  const request = make(fetch.request, { maxWaitMs: 5, topics });
  assertEquals(request.sessionEpoch, -1);
  assertEquals(request.replicaState, { replicaId: -1, replicaEpoch: -1 });
  assertEquals(request.topics, [{
    topic: "t",
    topicId: ZERO_UUID,
    partitions: [{
      partition: 4,
      currentLeaderEpoch: -1,
      fetchOffset: 0,
      lastFetchedEpoch: -1,
      logStartOffset: -1,
      partitionMaxBytes: 0,
      replicaDirectoryId: ZERO_UUID,
      highWatermark: INT64_MAX,
    }],
  }]);
  assertEquals(make(metadata.request, { topics: null }).topics, null);
  assertEquals(make(everything, { one: { a: 3 } }).one, { a: 3, b: "" });
  assertEquals(make(everything, {}).one, null);
});

Deno.test("two made values share nothing that can be changed", () => {
  const first = make(everything, {});
  first.numbers.push(1);
  first.taggedStruct.y.push(ZERO_UUID);
  assertEquals(make(everything, {}).numbers, []);
  assertEquals(make(everything, {}).taggedStruct.y, []);
});

Deno.test("tagged fields are written off their default only", () => {
  const plain = encoded(everything, 3, make(everything, {}));
  assertEquals(plain.at(-1), 0);
  const tagged = encoded(
    everything,
    3,
    make(everything, { taggedStruct: { x: 1 }, taggedText: "" }),
  );
  assertEquals(
    tagged.subarray(plain.length - 1).toHex(),
    "02" + "00" + "06" + "00000001" + "01" + "00" + "03" + "01" + "01",
  );
});

Deno.test("unknown tagged fields are passed over, and kept by the lossless codec in their place", () => {
  // One tagged field: tag 3, 2 bytes, "z". Then with an unknown one on each side.
  const hex = encoded(everything, 3, make(everything, { taggedText: "z" })).toHex();
  const known = "0302027a";
  assertEquals(hex.endsWith("01" + known), true);
  const around = "03" + "0201aa" + known + "0700";
  const bytes = Uint8Array.fromHex(hex.slice(0, -("01" + known).length) + around);
  const value = codec(everything, 3).decode(new Reader(bytes));
  assertEquals(value.taggedText, "z");
  const lossless = losslessCodec(everything, 3).decode(new Reader(bytes)) as LosslessValue;
  assertEquals(lossless[UNKNOWN_TAGS], [
    { tag: 2, bytes: new Uint8Array([0xaa]) },
    { tag: 7, bytes: new Uint8Array(0) },
  ]);
  const writer = new Writer(64);
  losslessCodec(everything, 3).encode(writer, lossless);
  assertEquals(writer.toBytes().toHex(), bytes.toHex());
});

Deno.test("a tagged field whose size is wrong is refused", () => {
  const bytes = encoded(everything, 3, make(everything, { taggedText: "abc" }));
  assertEquals(bytes.subarray(-6).toHex(), "0304" + "04616263");
  for (const size of [3, 5]) {
    const damaged = new Uint8Array([...bytes, 0]);
    damaged[bytes.length - 5] = size;
    assertThrows(
      () => codec(everything, 3).decode(new Reader(damaged)),
      ProtocolError,
      "Cannot read the tagged field taggedText",
    );
  }
});

Deno.test("null is refused by name where the version does not allow it", () => {
  const request = { ...make(metadata.request, {}), topics: null };
  assertThrows(
    () => encoded(metadata.request, 0, request),
    ProtocolError,
    "Cannot write topics: null is not allowed",
  );
  const response = { ...make(joinGroup.response, {}), protocolName: null };
  assertThrows(() => encoded(joinGroup.response, 6, response), ProtocolError, "protocolName");
  assertThrows(
    () => codec(metadata.request, 0).decode(new Reader(Uint8Array.fromHex("ffffffff"))),
    ProtocolError,
    "Cannot read topics at byte 4: null is not allowed",
  );
});

Deno.test("a version that does not exist is refused by name", () => {
  assertThrows(
    () => codec(listOffsets.request, 0),
    ProtocolError,
    "Cannot code ListOffsetsRequest: version 0, supported are 1-11",
  );
  assertThrows(() => codec(listOffsets.request, 12), ProtocolError, "version 12");
  assertThrows(() => codec(listOffsets.request, -1), ProtocolError, "version -1");
});

Deno.test("a value that is no uuid is refused", () => {
  const value: Everything = { ...make(everything, {}), uuid: "not a uuid" };
  assertThrows(() => encoded(everything, 3, value), ProtocolError, 'Not a uuid: "not a uuid"');
});
