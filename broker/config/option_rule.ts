/**
 * Rules that a value must obey beside its type: each says in words what it allows and tests a value.
 */
import type { OptionValue } from "./option.ts";

/** A rule: what it allows, for messages, and whether it accepts a parsed value. */
export interface Rule {
  readonly allowed: string;
  /** The least and the largest number, where the rule is a range. */
  readonly range?: { readonly min: number; readonly max: number };
  accepts(value: OptionValue): boolean;
}

/** A number of at least `min`. NaN passes here and in `between`, as it does in Kafka's validators. */
export function atLeast(min: number): Rule {
  return {
    allowed: `${min} or more`,
    range: { min, max: Infinity },
    accepts: (value) => typeof value === "number" && !(value < min),
  };
}

/** A number from `min` to `max`, both included. */
export function between(min: number, max: number): Rule {
  return {
    allowed: `${min} to ${max}`,
    range: { min, max },
    accepts: (value) => typeof value === "number" && !(value < min || value > max),
  };
}

/** One of these texts. */
export function oneOf(...values: readonly string[]): Rule {
  return {
    allowed: values.join(", "),
    accepts: (value) => typeof value === "string" && values.includes(value),
  };
}

/** One of these texts, in any case. */
export function oneOfAnyCase(...values: readonly string[]): Rule {
  const upper = values.map((value) => value.toUpperCase());
  return {
    allowed: `${values.join(", ")} in upper or lower case`,
    accepts: (value) => typeof value === "string" && upper.includes(value.toUpperCase()),
  };
}

/** A gzip level: 1 to 9, or -1 for gzip's own default. */
export const gzipLevel: Rule = {
  allowed: "1 to 9, or -1",
  accepts: (value) => typeof value === "number" && ((value >= 1 && value <= 9) || value === -1),
};

/** A text that is not empty, or nothing at all. */
export const nonEmptyText: Rule = {
  allowed: "a text that is not empty",
  accepts: (value) => value === null || (typeof value === "string" && value !== ""),
};

/** Any text. */
export const anyText: Rule = {
  allowed: "any text",
  accepts: (value) => typeof value === "string",
};

/** A list without empty items; `mayBeEmpty` allows one without items. */
export function items(options: { readonly mayBeEmpty: boolean }): Rule {
  return {
    allowed: `a list ${options.mayBeEmpty ? "" : "of at least one item, "}without empty items`,
    accepts: (value) => isList(value, options.mayBeEmpty) && !value.includes(""),
  };
}

/** A list of these items. */
export function itemsOf(
  values: readonly string[],
  options: { readonly mayBeEmpty: boolean },
): Rule {
  return {
    allowed: `a list ${options.mayBeEmpty ? "" : "that is not empty "}of ${values.join(", ")}`,
    accepts: (value) =>
      isList(value, options.mayBeEmpty) && value.every((item) => values.includes(item)),
  };
}

const HOST_AND_PORT = /^(?:[0-9a-zA-Z\-%._]*:\/\/)?\[?[0-9a-zA-Z\-%._:]*\]?:(\d{1,5})$/;

/** Voters as `id@host:port`. */
export const quorumVoters: Rule = {
  allowed: "a list of id@host:port",
  accepts: (value) =>
    isList(value, true) && value.every((item) => {
      const [id = "", address, rest] = item.split("@");
      return /^[+-]?\d{1,10}$/.test(id) && rest === undefined && isHostAndPort(address ?? "");
    }),
};

/** Servers as `host:port`. */
export const bootstrapServers: Rule = {
  allowed: "a list of host:port",
  accepts: (value) => isList(value, true) && value.every(isHostAndPort),
};

/** Replicas as `partition:broker`, or `*` alone. */
export const throttledReplicas: Rule = {
  allowed: "* or a list of partition:broker",
  accepts: (value) => {
    if (!Array.isArray(value)) return false;
    const text = value.join(",").trim();
    return text === "*" || text.replace(/,+$/, "") === "" ||
      text.replace(/,+$/, "").split(",").every((item) => /^\d+:\d+$/.test(item));
  },
};

const DURATION =
  /^P(?=.)(?:([+-]?)\d+D)?(?:T(?=[+\-\d])(?:[+-]?\d+H)?(?:[+-]?\d+M)?(?:[+-]?\d+(?:[.,]\d{0,9})?S)?)?$/i;

/** Where a share group begins: latest, earliest, or by_duration with an ISO 8601 duration. */
export const offsetReset: Rule = {
  allowed: "latest, earliest or by_duration:PnDTnHnMn.nS with a duration that is not negative",
  accepts: (value) => {
    if (typeof value !== "string") return false;
    if (value === "latest" || value === "earliest") return true;
    const duration = value.startsWith("by_duration:") ? value.slice("by_duration:".length) : "";
    return DURATION.test(duration) && !duration.includes("-");
  },
};

function isHostAndPort(text: string): boolean {
  const port = HOST_AND_PORT.exec(text)?.[1];
  return port !== undefined && Number(port) <= 65535;
}

function isList(value: OptionValue, mayBeEmpty: boolean): value is readonly string[] {
  return Array.isArray(value) && (mayBeEmpty || value.length > 0);
}
