import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { avroFormat, type AvroSchema } from "../../formats/mod.ts";
import { avroIncompatibilities } from "./avro.ts";

const NAMES = ["A", "B", "C", "n.A", "n.B"];

/** A schema as JSON, and a value of it. Each named type is given a name of its own afterwards. */
const types: fc.Arbitrary<unknown> = fc.letrec<{ type: unknown }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom("null", "boolean", "int", "long", "float", "double", "bytes", "string"),
    fc.record({ type: fc.constant("array"), items: tie("type") }),
    fc.record({ type: fc.constant("map"), values: tie("type") }),
    fc.record({ type: fc.constant("fixed"), size: fc.nat(3) }),
    fc.record({
      type: fc.constant("enum"),
      symbols: fc.uniqueArray(fc.constantFrom("X", "Y", "Z"), { minLength: 1 }),
    }),
    fc.array(tie("type"), { maxLength: 3 }),
    fc.record({
      type: fc.constant("record"),
      fields: fc.uniqueArray(
        fc.record({ name: fc.constantFrom("a", "b", "c", "d"), type: tie("type") }),
        { selector: ({ name }) => name, maxLength: 3 },
      ),
    }),
  ),
})).type;

/** Names types in turn, and leaves out branches that a union may not have. */
function named(type: unknown, next: () => string, isBranch = false): unknown {
  if (typeof type === "string") return type;
  if (Array.isArray(type)) {
    if (isBranch) return "null";
    const seen = new Set<string>();
    return type.map((branch) => named(branch, next, true)).filter((branch) => {
      const one = branch as { name?: string; type?: string };
      const key = typeof branch === "string" ? branch : one.name ?? one.type!;
      return seen.has(key) ? false : seen.add(key);
    });
  }
  const copy = { ...type as Record<string, unknown> };
  if ("size" in copy || "symbols" in copy || "fields" in copy) copy["name"] = next();
  if ("items" in copy) copy["items"] = named(copy["items"], next);
  if ("values" in copy) copy["values"] = named(copy["values"], next);
  if (Array.isArray(copy["fields"])) {
    copy["fields"] = copy["fields"].map((field) => ({ ...field, type: named(field.type, next) }));
  }
  return copy;
}

const schemas: fc.Arbitrary<AvroSchema> = types.map((type) => {
  let count = 0;
  const next = () => `${NAMES[count % NAMES.length]}${Math.floor(count++ / NAMES.length)}`;
  return avroFormat.parse(JSON.stringify(named(type, next)), [], { strict: true });
});

Deno.test("a schema reads what was written with itself", () => {
  fc.assert(
    fc.property(schemas, (schema) => {
      assertEquals(avroIncompatibilities(schema, schema, "STRICT"), []);
      assertEquals(avroIncompatibilities(schema, schema, "LOGICAL"), []);
    }),
    { numRuns: 500 },
  );
});

Deno.test("a schema reads what was written with its own texts", () => {
  fc.assert(
    fc.property(schemas, (schema) => {
      for (
        const text of [schema.canonicalText, schema.normalizedText(), schema.textAs("resolved")]
      ) {
        const again = avroFormat.parse(text, [], { strict: true });
        assert(again.equals(schema));
        assertEquals(again.canonicalText, schema.canonicalText);
        assertEquals(avroIncompatibilities(again, schema, "STRICT"), []);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("a nullable version of a type reads the type, and the type not it", () => {
  fc.assert(
    fc.property(schemas, (schema) => {
      const { kind } = schema.root;
      if (kind === "union" || kind === "null") return;
      const nullable = avroFormat.parse(`["null",${schema.canonicalText}]`, [], { strict: true });
      assertEquals(avroIncompatibilities(nullable, schema, "STRICT"), []);
      assert(avroIncompatibilities(schema, nullable, "STRICT").length > 0);
    }),
    { numRuns: 300 },
  );
});
