import { Ajv } from "ajv";
import type { Options, ValidateFunction } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import draft6 from "ajv/dist/refs/json-schema-draft-06.json" with { type: "json" };
import Ajv04Module from "ajv-draft-04";
import { SchemaError } from "../schema.ts";
import type { Draft } from "./drafts.ts";
import { type JsonValue, parseJson, writeComparable } from "./json_text.ts";

/** What is used of any of ajv's classes. */
export type AnyAjv = Pick<
  Ajv,
  "addKeyword" | "addFormat" | "removeKeyword" | "compile" | "getSchema"
>;

// The module is CommonJS: its type says that the class is its default, at run time it is the class itself.
const Ajv04 = Ajv04Module as unknown as new (options: Options) => AnyAjv;

/** A validator library for one draft that no value can slow down: items are compared through a set. */
export function newAjv(draft: Draft, options: Options): AnyAjv {
  const ajv = construct(draft, { strict: false, logger: false, inlineRefs: false, ...options });
  ajv.removeKeyword("uniqueItems");
  ajv.addKeyword({
    keyword: "uniqueItems",
    type: "array",
    schemaType: "boolean",
    error: { message: "must NOT have duplicate items" },
    validate: (unique: boolean, items: unknown[]) => !unique || areDistinct(items),
  });
  return ajv;
}

function construct(draft: Draft, options: Options): AnyAjv {
  if (draft === 2020) return new Ajv2020(options);
  if (draft === 2019) return new Ajv2019(options);
  if (draft === 4) return new Ajv04(options);
  const ajv = new Ajv(options);
  if (draft === 6 && options.meta !== false) ajv.addMetaSchema(draft6);
  return ajv;
}

function areDistinct(items: readonly unknown[]): boolean {
  const seen = new Set<string>();
  for (const item of items) {
    const text = typeof item === "string"
      ? JSON.stringify(item)
      : writeComparable(parseJson(JSON.stringify(item)));
    if (seen.has(text)) return false;
    seen.add(text);
  }
  return true;
}

const META_URIS: Readonly<Record<Draft, string>> = {
  4: "http://json-schema.org/draft-04/schema",
  6: "http://json-schema.org/draft-06/schema",
  7: "http://json-schema.org/draft-07/schema",
  2019: "https://json-schema.org/draft/2019-09/schema",
  2020: "https://json-schema.org/draft/2020-12/schema",
};
const DRAFT_NAMES: Readonly<Record<Draft, string>> = {
  4: "draft 4",
  6: "draft 6",
  7: "draft 7",
  2019: "draft 2019-09",
  2020: "draft 2020-12",
};

/** One per draft, made when first needed: reading the schema of schemas takes some 20 ms. */
const metaAjvs = new Map<Draft, AnyAjv>();

function metaAjv(draft: Draft): AnyAjv {
  let ajv = metaAjvs.get(draft);
  if (ajv === undefined) {
    ajv = newAjv(draft, { validateFormats: false, validateSchema: false });
    metaAjvs.set(draft, ajv);
  }
  return ajv;
}

/** The draft's schema of schemas as a function. */
function metaValidator(draft: Draft): ValidateFunction {
  const validate = metaAjv(draft).getSchema(META_URIS[draft]);
  if (validate === undefined) throw new Error(`No schema of schemas for ${DRAFT_NAMES[draft]}`);
  return validate;
}

/**
 * Throws {@linkcode SchemaError} naming the place unless `schema`, as `JSON.parse` gave it, is a schema of
 * the draft.
 */
export function checkAgainstDraft(schema: unknown, draft: Draft): void {
  const validate = metaValidator(draft);
  let isValid: boolean;
  try {
    isValid = validate(schema) === true;
  } catch (error) {
    throw new SchemaError(`Schema is nested too deeply to be checked`, { cause: error });
  }
  if (isValid) return;
  const errors = validate.errors ?? [];
  const deepest = errors.reduce(
    (best, error) => error.instancePath.length > best.instancePath.length ? error : best,
    errors[0] ?? { instancePath: "", message: "must be a schema", params: {} },
  );
  const { allowedValues } = deepest.params as { allowedValues?: unknown };
  const allowed = allowedValues === undefined ? "" : `: ${JSON.stringify(allowedValues)}`;
  throw new SchemaError(
    `Not a JSON Schema of ${
      DRAFT_NAMES[draft]
    }: #${deepest.instancePath} ${deepest.message}${allowed}`,
  );
}

const META_SCHEMA_URI = /^https?:\/\/json-schema\.org\/(?:draft-0([467])|draft\/(20[12]\d)-\d\d)\//;

/** The schema of schemas, or a part of it, that a URI without fragment names; null: none of them. */
export function metaSchema(uri: string): { value: JsonValue; draft: Draft } | null {
  const match = META_SCHEMA_URI.exec(uri);
  if (match === null) return null;
  const draft = Number(match[1] ?? match[2]);
  if (!(draft in META_URIS)) return null;
  const known = draft as Draft;
  const found = metaAjv(known).getSchema(uri.replace(/^https?/, known > 7 ? "https" : "http"));
  return found === undefined
    ? null
    : { value: parseJson(JSON.stringify(found.schema)), draft: known };
}
