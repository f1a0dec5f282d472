import type { ErrorObject } from "ajv";
import { SchemaError } from "../schema.ts";
import { newAjv } from "./ajv_drafts.ts";
import { bundle, STEP_KEYWORD } from "./bundle.ts";
import { linearRegExp } from "./linear_regexp.ts";
import type { SchemaResources } from "./schema_resources.ts";
import { valueFormats } from "./value_formats.ts";

/** Most visits of referred schemas while one value is checked: alternatives that refer to themselves double. */
const STEPS_MAX = 200_000;

/** Most faults of a value that are told. */
const FAULTS_MAX = 20;

/** What is wrong with a value, as sentences with its JSON pointer; none when it fits. */
export type ValueValidator = (value: unknown) => string[];

class StepLimit extends Error {}

/**
 * Makes a function that checks values. Its time is bounded whatever the schema and the value are: patterns
 * and formats run in linear time, and a value that takes too many steps is refused. Throws
 * {@linkcode SchemaError} for a schema that can't be checked so: a pattern with look-around, for one.
 */
export function valueValidator(resources: SchemaResources): ValueValidator {
  let steps = 0;
  const ajv = newAjv(resources.draft, {
    meta: false,
    validateSchema: false,
    // Without it, an object without the property has one named like what all objects inherit.
    ownProperties: true,
    // Without it, what stands beside a tuple isn't checked for an empty array (ajv 8.20).
    allErrors: true,
    code: { regExp: Object.assign(compilePattern, { code: "compilePattern" }) },
  });
  ajv.addKeyword({
    keyword: STEP_KEYWORD,
    validate: () => {
      if (++steps > STEPS_MAX) throw new StepLimit();
      return true;
    },
  });
  for (const [name, format] of valueFormats()) ajv.addFormat(name, format);
  const validate = compile(() => ajv.compile(bundle(resources) as object));
  return (value) => {
    steps = 0;
    try {
      return validate(value) === true ? [] : listFaults(validate.errors ?? []);
    } catch (error) {
      if (error instanceof StepLimit) return [`# takes more than ${STEPS_MAX} steps to be checked`];
      if (error instanceof RangeError) return ["# is nested too deeply to be checked"];
      if (error instanceof SchemaError) return [`# can't be checked: ${error.message}`];
      throw error;
    }
  };
}

function compile<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof SchemaError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SchemaError(`Values can't be checked against this JSON Schema: ${reason}`, {
      cause: error,
    });
  }
}

/** The library tells expressions apart by their text. */
function compilePattern(pattern: string): { test(text: string): boolean; toString(): string } {
  const compiled = linearRegExp(pattern);
  if (compiled === null) {
    throw new SchemaError(
      `pattern ${JSON.stringify(pattern)} can't be matched in linear time: ` +
        `look-around, back references and repeats above 1000 are not available`,
    );
  }
  return { test: (text) => compiled.test(text), toString: () => pattern };
}

function listFaults(errors: readonly ErrorObject[]): string[] {
  return errors.slice(0, FAULTS_MAX).map(describe);
}

function describe(error: ErrorObject): string {
  const { allowedValues, additionalProperty, unevaluatedProperty } = error.params;
  const extra = allowedValues ?? additionalProperty ?? unevaluatedProperty;
  const suffix = extra === undefined ? "" : `: ${JSON.stringify(extra)}`;
  return `#${error.instancePath} ${error.message ?? error.keyword}${suffix}`;
}
