import type { VersionRange } from "./versions.ts";

/**
 * The schema language: a message is plain data, and its TypeScript type is inferred from it. Names,
 * order, versions, tags and defaults are Kafka's own, so a KIP greps straight to the code.
 */

/** Every kind of field that the protocol knows. */
export type Kind =
  | "bool"
  | "int8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "float64"
  | "uuid"
  | "string"
  | "bytes"
  | "records"
  | "array"
  | "struct";

/** What a declaration says about a field besides its kind. */
export interface FieldOptions {
  /** Versions that have the field; all of them when left out. */
  readonly versions?: VersionRange;
  /** Number of a tagged field (KIP-482): optional, at the end, only present off its default. */
  readonly tag?: number;
  /** `"none"` keeps the old length prefix in flexible versions too. */
  readonly flexible?: "none";
}

interface ScalarOptions<V> extends FieldOptions {
  readonly default?: V;
}

interface PlainOptions extends FieldOptions {
  readonly nullable?: never;
  readonly default?: never;
}

interface RecordsOptions extends FieldOptions {
  readonly nullable?: VersionRange;
}

interface NullableOptions extends FieldOptions {
  /** Versions in which null may stand on the wire. */
  readonly nullable: VersionRange;
  readonly default?: null;
}

declare const VALUE: unique symbol;

/** One field; `V` is the type of its value and exists for the type checker alone. */
export interface Field<V> {
  readonly kind: Kind;
  readonly options: FieldOptions & { readonly nullable?: VersionRange; readonly default?: unknown };
  /** What an array holds. */
  readonly element: Field<unknown> | null;
  /** What a struct holds. */
  readonly fields: Fields | null;
  readonly [VALUE]?: V;
}

/** The fields of a struct in the order in which they are written. */
export interface Fields {
  readonly [name: string]: Field<unknown>;
}

/** The type of a struct with these fields: one object type for every version. */
export type Infer<F extends Fields> = {
  -readonly [K in keyof F]: F[K] extends Field<infer V> ? V : never;
};

/**
 * A stretch of record batches that is read when it is sent, such as a range of a log segment, so
 * that an answer need not be assembled in memory.
 */
export interface RecordsSource {
  readonly sizeBytes: number;
  /** Fills all of `buffer` from the byte `fromBytes` on, or throws. */
  read(buffer: Uint8Array, fromBytes: number): void;
}

const NONE: FieldOptions = {};

function scalar<V>(kind: Kind): (options?: ScalarOptions<V>) => Field<V> {
  return (options = NONE) => ({ kind, options, element: null, fields: null });
}

/** True or false, one byte. */
export const bool: (options?: ScalarOptions<boolean>) => Field<boolean> = scalar("bool");
/** -2^7 to 2^7 - 1. */
export const int8: (options?: ScalarOptions<number>) => Field<number> = scalar("int8");
/** -2^15 to 2^15 - 1. */
export const int16: (options?: ScalarOptions<number>) => Field<number> = scalar("int16");
/** 0 to 2^16 - 1. */
export const uint16: (options?: ScalarOptions<number>) => Field<number> = scalar("uint16");
/** -2^31 to 2^31 - 1. */
export const int32: (options?: ScalarOptions<number>) => Field<number> = scalar("int32");
/** 0 to 2^32 - 1. */
export const uint32: (options?: ScalarOptions<number>) => Field<number> = scalar("uint32");
/**
 * -2^63 to 2^63 - 1 as a number: beyond 2^53 the nearest double, and writing saturates, so that the
 * smallest and largest value survive. A lossless codec gives a bigint there.
 */
export const int64: (options?: ScalarOptions<number>) => Field<number> = scalar("int64");
/** An IEEE 754 double. */
export const float64: (options?: ScalarOptions<number>) => Field<number> = scalar("float64");
/** A uuid as Kafka writes it: 22 letters of base64url. */
export const uuid: (options?: ScalarOptions<string>) => Field<string> = scalar("uuid");

/** Text, in UTF-8 up to 32,767 bytes long. */
export function string(
  options: FieldOptions & { readonly nullable: VersionRange; readonly default?: string | null },
): Field<string | null>;
export function string(
  options?: FieldOptions & { readonly nullable?: never; readonly default?: string },
): Field<string>;
export function string(options: FieldOptions = NONE): Field<string | null> {
  return { kind: "string", options, element: null, fields: null };
}

/** Opaque bytes: decoded as a view into the frame, valid for as long as the frame is. */
export function bytes(options: NullableOptions): Field<Uint8Array | null>;
export function bytes(options?: PlainOptions): Field<Uint8Array>;
export function bytes(options: FieldOptions = NONE): Field<Uint8Array | null> {
  return { kind: "bytes", options, element: null, fields: null };
}

/** Record batches that arrive: decoded as a view into the frame. Null by default. */
export function records(options: RecordsOptions = NONE): Field<Uint8Array | null> {
  return { kind: "records", options, element: null, fields: null };
}

/** Record batches that leave: bytes, or a source that is read while the answer is being sent. */
export function recordsToSend(
  options: RecordsOptions = NONE,
): Field<Uint8Array | RecordsSource | null> {
  return { kind: "records", options, element: null, fields: null };
}

/** Many of a kind: `array(int32())`, or of a struct: `array({ name: string() })`. */
export function array<V>(of: Field<V>, options: NullableOptions): Field<V[] | null>;
export function array<V>(of: Field<V>, options?: PlainOptions): Field<V[]>;
export function array<F extends Fields>(of: F, options: NullableOptions): Field<Infer<F>[] | null>;
export function array<F extends Fields>(of: F, options?: PlainOptions): Field<Infer<F>[]>;
export function array(
  of: Field<unknown> | Fields,
  options: FieldOptions = NONE,
): Field<unknown[] | null> {
  return { kind: "array", options, element: isField(of) ? of : struct(of), fields: null };
}

/** Fields in a field. */
export function struct<F extends Fields>(of: F, options: NullableOptions): Field<Infer<F> | null>;
export function struct<F extends Fields>(of: F, options?: PlainOptions): Field<Infer<F>>;
export function struct(of: Fields, options: FieldOptions = NONE): Field<unknown> {
  return { kind: "struct", options, element: null, fields: of };
}

/** A struct may have a field called `kind`, which is then no text. */
function isField(of: Field<unknown> | Fields): of is Field<unknown> {
  return typeof of.kind === "string";
}

/** A message: a request, a response, or an entry that Kafka stores. */
export interface Message<F extends Fields> {
  /** Kafka's name, such as `HeartbeatRequest`. */
  readonly name: string;
  readonly versions: VersionRange;
  /** Versions with compact lengths and tagged fields (KIP-482). */
  readonly flexible: VersionRange | "none";
  readonly fields: F;
}

/** A message that Kafka stores: `type` is the number in front of it, -1 where it has none. */
export interface StoredMessage<F extends Fields, N extends string = string> extends Message<F> {
  readonly name: N;
  readonly type: number;
}

/** A stored message that was read: which one, its version, its value. Switch on the name. */
export type StoredOf<M> = M extends StoredMessage<infer F, infer N>
  ? { readonly name: N; readonly version: number; readonly value: Infer<F> }
  : never;

/** A message of whatever fields. */
export type AnyMessage = Message<Fields>;
/** The type of a message's value. */
export type MessageOf<M> = M extends Message<infer F> ? Infer<F> : never;

/** Which listeners serve an API. */
export type ListenerRole = "broker" | "controller";

/** One API key: its request and response share versions. */
export interface Api<Q extends Fields, S extends Fields> {
  readonly key: number;
  /** Kafka's name without `Request` or `Response`, such as `Heartbeat`. */
  readonly name: string;
  readonly versions: VersionRange;
  readonly flexible: VersionRange | "none";
  readonly listeners: readonly ListenerRole[];
  /** The last version is for development: advertised with `unstable.api.versions.enable` alone. */
  readonly latestVersionUnstable: boolean;
  readonly request: Message<Q>;
  readonly response: Message<S>;
}

/** An API of whatever fields. */
export type AnyApi = Api<Fields, Fields>;
/** The type of an API's request. */
export type RequestOf<A> = A extends { readonly request: Message<infer Q> } ? Infer<Q> : never;
/** The type of an API's response. */
export type ResponseOf<A> = A extends { readonly response: Message<infer S> } ? Infer<S> : never;

/** Declares an API: its facts, then the fields of both messages. */
export function api<Q extends Fields, S extends Fields>(
  facts: {
    readonly key: number;
    readonly name: string;
    readonly versions: VersionRange;
    readonly flexible: VersionRange | "none";
    readonly listeners: readonly ListenerRole[];
    readonly latestVersionUnstable?: true;
  },
  fields: { readonly request: Q; readonly response: S },
): Api<Q, S> {
  const { key, name, versions, flexible, listeners, latestVersionUnstable = false } = facts;
  const request = { name: `${name}Request`, versions, flexible, fields: fields.request };
  const response = { name: `${name}Response`, versions, flexible, fields: fields.response };
  return { key, name, versions, flexible, listeners, latestVersionUnstable, request, response };
}

/** Declares a message that Kafka stores. */
export function record<const N extends string, F extends Fields>(
  facts: {
    readonly name: N;
    readonly type?: number;
    readonly versions: VersionRange;
    readonly flexible: VersionRange | "none";
  },
  fields: F,
): StoredMessage<F, N> {
  const { name, type = -1, versions, flexible } = facts;
  return { name, type, versions, flexible, fields };
}

/** The smallest int32. */
export const INT32_MIN = -(2 ** 31);
/** The largest int32. */
export const INT32_MAX = 2 ** 31 - 1;
/** The largest int64 as the production codec holds it: it is written as 2^63 - 1. */
export const INT64_MAX = 2 ** 63;
