import { DatumError } from "../schema.ts";

/** A message as an object of its fields, by the names that they have in JSON. */
export type JsonObject = Record<string, unknown>;

/** How a message whose JSON isn't an object of its fields is written. */
export interface SpecialForm {
  /** The object of its fields that such a JSON value stands for. */
  toFields(json: unknown): JsonObject;
  /** The way back. */
  fromFields(fields: JsonObject): unknown;
}

const TIMESTAMP_SECONDS_MIN = -62_135_596_800, TIMESTAMP_SECONDS_MAX = 253_402_300_799;
const DURATION_SECONDS_MAX = 315_576_000_000;
const NANOS_PER_SECOND = 1_000_000_000;

const timestamp: SpecialForm = {
  toFields(json) {
    const match = typeof json === "string" &&
      /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/.exec(json);
    const ms = match ? Date.parse(`${match[1]}Z`) : NaN;
    // Days that a month doesn't have are carried over by the parser.
    if (!match || Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 19) !== match[1]) {
      throw new DatumError(`${show(json)} is no time such as "2024-05-06T07:08:09.5Z"`);
    }
    const offset = (Number(match[4] ?? 0) * 60 + Number(match[5] ?? 0)) * 60;
    const seconds = ms / 1000 - (match[3] === "-" ? -offset : offset);
    if (seconds < TIMESTAMP_SECONDS_MIN || seconds > TIMESTAMP_SECONDS_MAX) {
      throw new DatumError(`${show(json)} is outside the years 0001 to 9999`);
    }
    return { seconds, nanos: Number((match[2] ?? "").padEnd(9, "0")) };
  },
  fromFields({ seconds, nanos }) {
    const value = Number(seconds), rest = Number(nanos);
    const inRange = value >= TIMESTAMP_SECONDS_MIN && value <= TIMESTAMP_SECONDS_MAX;
    if (!inRange || rest < 0 || rest >= NANOS_PER_SECOND) {
      throw new DatumError(`a time of ${seconds} s and ${nanos} ns has no JSON`);
    }
    return `${new Date(value * 1000).toISOString().slice(0, 19)}${fraction(rest)}Z`;
  },
};

const duration: SpecialForm = {
  toFields(json) {
    const match = typeof json === "string" && /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(json);
    if (!match || Number(match[2]) > DURATION_SECONDS_MAX) {
      throw new DatumError(
        `${show(json)} is no duration such as "1.5s", of ${DURATION_SECONDS_MAX} s at most`,
      );
    }
    const sign = match[1] === "-" ? -1 : 1;
    const seconds = sign * Number(match[2]);
    const nanos = sign * Number((match[3] ?? "").padEnd(9, "0"));
    return { seconds: seconds === 0 ? 0 : seconds, nanos: nanos === 0 ? 0 : nanos };
  },
  fromFields({ seconds, nanos }) {
    const value = Number(seconds), rest = Number(nanos);
    const mixed = (value < 0 && rest > 0) || (value > 0 && rest < 0);
    if (Math.abs(value) > DURATION_SECONDS_MAX || Math.abs(rest) >= NANOS_PER_SECOND || mixed) {
      throw new DatumError(`a duration of ${seconds} s and ${nanos} ns has no JSON`);
    }
    const sign = value < 0 || rest < 0 ? "-" : "";
    return `${sign}${Math.abs(value)}${fraction(Math.abs(rest))}s`;
  },
};

/** Nothing, or a dot and 3, 6 or 9 digits. */
function fraction(nanos: number): string {
  if (nanos === 0) return "";
  const digits = `${nanos}`.padStart(9, "0");
  return `.${digits.replace(/(?:000){1,2}$/, "")}`;
}

const fieldMask: SpecialForm = {
  toFields(json) {
    if (typeof json !== "string" || !/^[A-Za-z0-9.,]*$/.test(json)) {
      throw new DatumError(`${show(json)} is no list of paths such as "user.displayName,photo"`);
    }
    if (json === "") return { paths: [] };
    const snake = (path: string) => path.replace(/[A-Z]/g, (char) => `_${char.toLowerCase()}`);
    return { paths: json.split(",").map(snake) };
  },
  fromFields({ paths }) {
    return (paths as string[]).map((path) => {
      if (/[A-Z]|_(?![a-z])/.test(path)) throw new DatumError(`path ${show(path)} has no JSON`);
      return path.replace(/_([a-z])/g, (_, char: string) => char.toUpperCase());
    }).join(",");
  },
};

const struct: SpecialForm = {
  toFields(json) {
    if (!isObject(json)) throw new DatumError(`${show(json)} is no object`);
    return { fields: json };
  },
  fromFields: ({ fields }) => fields,
};

const listValue: SpecialForm = {
  toFields(json) {
    if (!Array.isArray(json)) throw new DatumError(`${show(json)} is no array`);
    return { values: json };
  },
  fromFields: ({ values }) => values,
};

const value: SpecialForm = {
  toFields(json) {
    if (json === null) return { nullValue: 0 };
    if (Array.isArray(json)) return { listValue: json };
    switch (typeof json) {
      case "boolean":
        return { boolValue: json };
      case "string":
        return { stringValue: json };
      case "number":
        if (Number.isFinite(json)) return { numberValue: json };
        break;
      case "bigint":
        return { numberValue: Number(json) };
      case "object":
        return { structValue: json };
    }
    throw new DatumError(`${show(json)} is no JSON value`);
  },
  fromFields(fields) {
    // A value that says nothing is what JSON calls null.
    const set = Object.values(fields)[0] ?? null;
    if (typeof set === "string" && "numberValue" in fields) {
      throw new DatumError(`the number ${set} has no JSON in a Value`);
    }
    return set;
  },
};

const wrapper: SpecialForm = {
  toFields: (json) => ({ value: json }),
  fromFields: (fields) => fields.value,
};

const FORMS = new Map<string, SpecialForm>(Object.entries({
  "google.protobuf.Timestamp": timestamp,
  "google.protobuf.Duration": duration,
  "google.protobuf.FieldMask": fieldMask,
  "google.protobuf.Struct": struct,
  "google.protobuf.ListValue": listValue,
  "google.protobuf.Value": value,
  "google.protobuf.DoubleValue": wrapper,
  "google.protobuf.FloatValue": wrapper,
  "google.protobuf.Int64Value": wrapper,
  "google.protobuf.UInt64Value": wrapper,
  "google.protobuf.Int32Value": wrapper,
  "google.protobuf.UInt32Value": wrapper,
  "google.protobuf.BoolValue": wrapper,
  "google.protobuf.StringValue": wrapper,
  "google.protobuf.BytesValue": wrapper,
}));

/** The form that this message has in JSON; null when it is an object of its fields. */
export function specialForm(fullName: string): SpecialForm | null {
  return FORMS.get(fullName) ?? null;
}

/** Whether a value is an object with keys, as JSON has them. */
export function isObject(json: unknown): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** A value as messages show it, cut short. */
export function show(json: unknown): string {
  const text = typeof json === "bigint" ? `${json}` : JSON.stringify(json) ?? String(json);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Sets a key that may have any name, `__proto__` too. */
export function setKey(object: JsonObject, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else object[key] = value;
}
