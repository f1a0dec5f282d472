import type { Rule } from "./option_rule.ts";

/** Types of option values, by Kafka's names. */
export type OptionType =
  | "BOOLEAN"
  | "INT"
  | "SHORT"
  | "LONG"
  | "DOUBLE"
  | "STRING"
  | "LIST"
  | "CLASS"
  | "PASSWORD";

/**
 * A parsed value: boolean for BOOLEAN, number for INT, SHORT, LONG and DOUBLE (a LONG beyond 2^53 is
 * the nearest double, so that Long.MAX is 2^63), string for STRING, CLASS and PASSWORD, array of
 * strings for LIST, null where nothing is set and there is no default.
 */
export type OptionValue = boolean | number | string | readonly string[] | null;

/** How much an option matters to who runs a broker. */
export type Importance = "HIGH" | "MEDIUM" | "LOW";

/** Where a broker option may change while the node runs: not at all, for one broker, for all of them. */
export type Scope = "read-only" | "per-broker" | "cluster-wide";

/** A broker option that stands behind a topic or group option; its number times `factor` is the value. */
export interface BrokerSynonym {
  readonly name: string;
  readonly factor: number;
}

/**
 * One option of a broker, topic, group, client-metrics subscription or quota entity. The type
 * parameters are its name and what its values may be, so that reading an option by name is typed.
 */
export interface Option<N extends string = string, V extends OptionValue = OptionValue> {
  readonly name: N;
  readonly type: OptionType;
  /** Value where nothing is set; null is no value. */
  readonly defaultValue: V;
  /** Whether Kafka insists that it is set. */
  readonly required: boolean;
  /** What a value of the type must also obey, or null. */
  readonly rule: Rule | null;
  readonly importance: Importance;
  /** For broker options; the others may always change. */
  readonly scope: Scope;
  /** Left out of listings unless it is set. */
  readonly internal: boolean;
  /** What it does, in one line. */
  readonly doc: string;
  /** Broker options behind a topic or group option, in the order in which they count. */
  readonly synonyms: readonly BrokerSynonym[];
}

/** What an option's line in a table says beside its name and default. */
export interface OptionDetails {
  readonly doc: string;
  readonly rule?: Rule;
  readonly importance?: Importance;
  readonly scope?: Scope;
  readonly required?: true;
  readonly internal?: true;
  readonly synonyms?: readonly BrokerSynonym[];
}

/** Long.MAX as a number: 2^63. */
export const LONG_MAX = 2 ** 63;

/** Integer.MAX. */
export const INT_MAX = 2 ** 31 - 1;

/** A BOOLEAN option. */
export function boolean<const N extends string>(
  name: N,
  value: boolean,
  details: OptionDetails,
): Option<N, boolean> {
  return option<N, boolean>(name, "BOOLEAN", value, details);
}

/** An INT option. */
export function int<const N extends string, D extends number | null>(
  name: N,
  value: D,
  details: OptionDetails,
): Option<N, Maybe<number, D>> {
  return option<N, Maybe<number, D>>(name, "INT", value as Maybe<number, D>, details);
}

/** A SHORT option. */
export function short<const N extends string>(
  name: N,
  value: number,
  details: OptionDetails,
): Option<N, number> {
  return option<N, number>(name, "SHORT", value, details);
}

/** A LONG option. */
export function long<const N extends string, D extends number | null>(
  name: N,
  value: D,
  details: OptionDetails,
): Option<N, Maybe<number, D>> {
  return option<N, Maybe<number, D>>(name, "LONG", value as Maybe<number, D>, details);
}

/** A DOUBLE option. */
export function double<const N extends string>(
  name: N,
  value: number,
  details: OptionDetails,
): Option<N, number> {
  return option<N, number>(name, "DOUBLE", value, details);
}

/** A STRING option. */
export function string<const N extends string, D extends string | null>(
  name: N,
  value: D,
  details: OptionDetails,
): Option<N, Maybe<string, D>> {
  return option<N, Maybe<string, D>>(name, "STRING", value as Maybe<string, D>, details);
}

/** A LIST option. */
export function list<const N extends string, D extends readonly string[] | null>(
  name: N,
  value: D,
  details: OptionDetails,
): Option<N, Maybe<readonly string[], D>> {
  return option<N, Maybe<readonly string[], D>>(
    name,
    "LIST",
    value as Maybe<readonly string[], D>,
    details,
  );
}

/** A CLASS option: the name of a Java class. */
export function className<const N extends string>(
  name: N,
  value: string | null,
  details: OptionDetails,
): Option<N, string | null> {
  return option<N, string | null>(name, "CLASS", value, details);
}

/** A PASSWORD option: its value is never shown. */
export function password<const N extends string>(
  name: N,
  details: OptionDetails,
): Option<N, string | null> {
  return option<N, string | null>(name, "PASSWORD", null, details);
}

/** A synonym whose value counts as it is. */
export function same(name: string): BrokerSynonym {
  return { name, factor: 1 };
}

/** A synonym in hours behind an option in milliseconds. */
export function hours(name: string): BrokerSynonym {
  return { name, factor: 3_600_000 };
}

/** A synonym in minutes behind an option in milliseconds. */
export function minutes(name: string): BrokerSynonym {
  return { name, factor: 60_000 };
}

/** What an option with default D holds: T, and null where that is the default. */
type Maybe<T, D> = D extends null ? T | null : T;

function option<N extends string, V extends OptionValue>(
  name: N,
  type: OptionType,
  defaultValue: V,
  details: OptionDetails,
): Option<N, V> {
  return {
    name,
    type,
    defaultValue,
    required: details.required ?? false,
    rule: details.rule ?? null,
    importance: details.importance ?? "MEDIUM",
    scope: details.scope ?? "read-only",
    internal: details.internal ?? false,
    doc: details.doc,
    synonyms: details.synonyms ?? [],
  };
}
