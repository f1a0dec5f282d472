/** What holds whatever is done to a registry. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { readConfigUpdate } from "./config.ts";
import { answers, avro, Registry } from "./harness_test.ts";
import type { JsonObject } from "./json.ts";
import { RegistryError } from "./registry_error.ts";

const SUBJECTS = ["a", "b", ":.c:a", ":.c:b"];
const subject = fc.constantFrom(...SUBJECTS);
const flag = fc.boolean();
/** Few schemas, so that they meet again; some refer to others, some are incompatible. */
const schema = fc.oneof(
  fc.constantFrom('"int"', '"long"', '"string"', '"bytes"').map((text) => ({ schema: text })),
  fc.integer({ min: 0, max: 3 }).map((count) =>
    avro("R", ...Array.from({ length: count }, (_, at) => `f${at}:int?`))
  ),
  fc.tuple(subject, fc.constantFrom(1, 2, -1)).map(([target, version]) => ({
    ...avro("User", "r:R"),
    references: [{ name: "R", subject: target, version }],
  })),
);

type Step = (registry: Registry) => unknown;

/** Everything but what an import does, which chooses its ids. */
const ownSteps: readonly fc.WeightedArbitrary<Step>[] = [
  { weight: 8, arbitrary: fc.tuple(subject, schema, flag).map(register) },
  {
    weight: 3,
    arbitrary: fc.tuple(subject, fc.integer({ min: -1, max: 3 }), flag)
      .map(([name, version, permanent]): Step => (registry) =>
        registry.write(registry.store.decideDeleteVersion(name, version, { permanent }))
      ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(subject, flag).map(([name, permanent]): Step => (registry) =>
      registry.write(registry.store.decideDeleteSubject(name, { permanent }))
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constantFrom(null, ":.c:", ...SUBJECTS),
      fc.constantFrom("NONE", "BACKWARD", "FULL_TRANSITIVE", null),
    ).map(([scope, compatibility]): Step => (registry) =>
      registry.write(registry.store.decideSetConfig(scope, readConfigUpdate({ compatibility })))
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constantFrom(null, ":.c:", ...SUBJECTS),
      fc.constantFrom("READWRITE", "READONLY", "IMPORT"),
      flag,
    ).map(([scope, mode, force]): Step => (registry) =>
      registry.write(registry.store.decideSetMode(scope, mode as "READONLY", { force }))
    ),
  },
];

const step: fc.Arbitrary<Step> = fc.oneof(...ownSteps, {
  weight: 1,
  arbitrary: fc.tuple(
    subject,
    schema,
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 0, max: 4 }),
  ).map(([name, body, id, version]) => register([name, { ...body, id, version }, false])),
});

function register([name, body, force]: [string, JsonObject, boolean]): Step {
  return (registry) => registry.register(name, body, { force });
}

/** Carries steps out; what the registry refuses is no failure. */
function run(steps: readonly Step[], after: (registry: Registry) => void = () => {}): Registry {
  const registry = new Registry();
  for (const one of steps) {
    try {
      one(registry);
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
    }
    after(registry);
  }
  return registry;
}

const steps = fc.array(step, { maxLength: 40 });

Deno.test("a registry started on its topic answers as the one that wrote it, compacted or not", () => {
  fc.assert(
    fc.property(steps, (list) => {
      const registry = run(list);
      assertEquals(answers(registry.restarted()), answers(registry.store));
      assertEquals(answers(registry.restarted(true)), answers(registry.store));
    }),
    { numRuns: 150 },
  );
});

Deno.test("an id is never that of two schemas in one context, not even over time", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(...ownSteps), { maxLength: 40 }), (list) => {
      const texts = new Map<string, string>();
      run(list, ({ store }) => {
        for (const { subject: name, id, guid } of store.schemas({ subjectPrefix: ":*:" })) {
          const context = String(name).startsWith(":.c:") ? ".c" : ".";
          const known = texts.get(`${context} ${id}`) ?? guid;
          assertEquals(guid, known);
          texts.set(`${context} ${id}`, String(guid));
        }
      });
    }),
    { numRuns: 100 },
  );
});

Deno.test("a live version is found by its id, by its GUID and by lookup", () => {
  fc.assert(
    fc.property(steps, (list) => {
      const { store } = run(list);
      for (const entry of store.schemas({ subjectPrefix: ":*:" })) {
        const { subject: name, version, id, guid, schema: text } = entry;
        const byId = store.schemaById(Number(id), { subject: String(name) });
        assertEquals([byId["schema"], byId["subject"]], [text, name]);
        assertEquals(store.schemaByGuid(String(guid))["schema"], text);
        assert(store.versions(String(name)).includes(Number(version)));
        assert(store.subjectsOfId(Number(id), { subject: String(name) }).includes(String(name)));
      }
    }),
    { numRuns: 100 },
  );
});

Deno.test("what is referred to is never gone", () => {
  fc.assert(
    fc.property(steps, (list) => {
      const { store } = run(list);
      for (const entry of store.schemas({ subjectPrefix: ":*:", deleted: true })) {
        const references = (entry["references"] ?? []) as { subject: string; version: number }[];
        const context = String(entry["subject"]).startsWith(":.c:") ? ":.c:" : "";
        for (const { subject: target, version } of references) {
          const name = target.startsWith(":") ? target : `${context}${target}`;
          assertEquals(store.version(name, version, { deleted: true })["version"], version);
        }
      }
    }),
    { numRuns: 100 },
  );
});
