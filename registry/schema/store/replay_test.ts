import { assertEquals } from "@std/assert";
import { codeOf, Registry } from "./harness_test.ts";
import { readConfigUpdate } from "./config.ts";
import type { RegistryRecord } from "./record_key.ts";
import { readSchemaRequest } from "./request.ts";

const INT = '"int"';
const STRING = '"string"';

function key(subject: string, version: number, magic = 1) {
  return { keytype: "SCHEMA", subject, version, magic };
}

function value(subject: string, version: number, id: number, schema: string, deleted = false) {
  return { subject, version, id, schema, deleted };
}

Deno.test("replay() reads keys of magic 0, and takes them away under their own spelling", () => {
  const registry = new Registry();
  assertEquals(registry.foreign(key("s", 1, 0), value("s", 1, 5, INT)), "applied");
  assertEquals(registry.store.version("s", 1)["id"], 5);
  registry.write(registry.store.decideDeleteVersion("s", 1));
  registry.write(registry.store.decideDeleteVersion("s", 1, { permanent: true }));
  assertEquals(registry.restarted(true).subjects({ deleted: true }), []);
  const last = new Map(registry.texts());
  assertEquals(last.get(JSON.stringify(key("s", 1, 0))), null);
});

Deno.test("replay() takes a global config without a subject and with a null one for the same", () => {
  const registry = new Registry();
  registry.foreign('{"keytype":"CONFIG","subject":null,"magic":0}', { compatibilityLevel: "FULL" });
  assertEquals(registry.store.config(null), { compatibilityLevel: "FULL" });
  registry.write(
    registry.store.decideSetConfig(null, readConfigUpdate({ compatibility: "FORWARD" })),
  );
  registry.write(registry.store.decideDeleteConfig(null));
  assertEquals(registry.store.config(null), { compatibilityLevel: "BACKWARD" });
  // Compaction must not bring back what the other spelling held.
  assertEquals(registry.restarted(true).config(null), { compatibilityLevel: "BACKWARD" });
});

Deno.test("replay() takes an empty value for none", () => {
  const registry = new Registry();
  registry.foreign(key("s", 1), value("s", 1, 1, INT));
  assertEquals(registry.foreign(key("s", 1), ""), "applied");
  assertEquals(registry.store.subjects({ deleted: true }), []);
});

Deno.test("replay() leaves out what it doesn't understand", () => {
  const registry = new Registry();
  assertEquals(registry.foreign("not json", "{}"), "ignored");
  assertEquals(registry.foreign({ keytype: "TASTE", magic: 0 }, {}), "ignored");
  assertEquals(registry.foreign(key("s", 1), "not json"), "ignored");
  assertEquals(registry.foreign(key("s", 1), [1]), "ignored");
  assertEquals(registry.foreign(key("s", 1), { schema: INT }), "ignored");
  assertEquals(registry.foreign(key("s", 1), value("s", 1, 1.5, INT)), "ignored");
  assertEquals(registry.foreign({ keytype: "MODE", magic: 0 }, { mode: "SLEEPY" }), "ignored");
  assertEquals(registry.foreign({ keytype: "NOOP", magic: 0 }, null), "applied");
  assertEquals(registry.store.replay(null, null).kind, "ignored");
  assertEquals(registry.store.subjects(), []);
});

Deno.test("replay() leaves unknown fields out, and keeps the schema when its metadata is strange", () => {
  const registry = new Registry();
  const strange = { ...value("s", 1, 1, INT), metadata: 5, ruleSet: [], offset: 3, ts: 4 };
  assertEquals(registry.foreign(key("s", 1), strange), "applied");
  const { metadata, ruleSet, schema } = registry.store.version("s", 1);
  assertEquals([metadata, ruleSet, schema], [undefined, undefined, INT]);
  registry.foreign(
    { keytype: "CONFIG", subject: "s", magic: 0 },
    { compatibilityLevel: "FULL", normalize: "maybe", flavour: "mint" },
  );
  assertEquals(registry.store.config("s"), { compatibilityLevel: "FULL" });
});

function needsRepair(registry: Registry): boolean {
  return registry.store.decideRepair().records.length > 0;
}

Deno.test("replay() keeps the first schema of an id, and the store says how to put the topic right", () => {
  const registry = new Registry();
  registry.foreign(key("s", 1), value("s", 1, 1, INT));
  registry.foreign(key("t", 1), value("t", 1, 2, STRING));
  registry.foreign(key("v", 1), value("v", 1, 2, STRING));
  assertEquals(needsRepair(registry), false);
  assertEquals(registry.foreign(key("u", 1), value("u", 1, 1, STRING)), "conflict");
  assertEquals(registry.foreign(key("v", 1), value("v", 1, 1, STRING)), "conflict");
  assertEquals(registry.store.schemaById(1)["schema"], INT);
  assertEquals(registry.store.subjects(), ["s", "t", "v"]);

  const from = registry.topic.length;
  assertEquals(registry.write(registry.store.decideRepair()), 2);
  const [absent, kept] = registry.texts(from);
  assertEquals(absent, [JSON.stringify(key("u", 1)), null]);
  const { id, schema } = JSON.parse(kept![1]!);
  assertEquals([kept![0], id, schema], [JSON.stringify(key("v", 1)), 2, STRING]);
  assertEquals(needsRepair(registry), false);
  assertEquals(registry.restarted(true).subjects(), ["s", "t", "v"]);
});

Deno.test("a repair leaves alone what was registered properly since", () => {
  const registry = new Registry();
  registry.foreign(key("s", 1), value("s", 1, 1, INT));
  // Written by one that did not know of "s"; refused, and tried again with an id of its own.
  assertEquals(registry.foreign(key("t", 1), value("t", 1, 1, STRING)), "conflict");
  registry.put("t", { schema: STRING });
  assertEquals(needsRepair(registry), false);
  assertEquals(registry.store.decideRepair().records, []);
  assertEquals(registry.restarted(true).version("t", 1)["id"], 2);
});

Deno.test("a repair tells of a version what is true when it is made, not when it was refused", () => {
  const registry = new Registry();
  registry.foreign(key("s", 1), value("s", 1, 1, INT));
  registry.foreign(key("s", 1), value("s", 1, 2, STRING));
  registry.foreign(
    { keytype: "DELETE_SUBJECT", subject: "s", magic: 0 },
    { subject: "s", version: 1 },
  );
  registry.write(registry.store.decideRepair());
  assertEquals(registry.store.versions("s", { deletedOnly: true }), [1]);
  assertEquals(registry.restarted(true).versions("s", { deletedOnly: true }), [1]);
});

Deno.test("a repair or a deletion that comes late changes nothing, and is mended itself", () => {
  const registry = new Registry();
  const late = (records: readonly RegistryRecord[]) =>
    records.map(({ key, value, condition = null }) => {
      registry.topic.push({ key, value, ...(condition && { condition }) });
      return registry.store.replay(key, value, null, condition).kind;
    });
  registry.put("s", { schema: INT });
  registry.foreign(key("t", 1), value("t", 1, 1, STRING));
  // Another instance mends it too, but after the version was registered properly.
  const { records: repair } = registry.store.decideRepair();
  registry.put("t", { schema: STRING });
  assertEquals(late(repair), ["conflict"]);
  assertEquals(registry.store.version("t", 1)["schema"], STRING);
  registry.write(registry.store.decideRepair());
  assertEquals(registry.restarted(true).version("t", 1)["schema"], STRING);
  // Another instance takes a version away that was taken away and registered anew meanwhile.
  registry.write(registry.store.decideDeleteVersion("t", 1));
  const { records: deletion } = registry.store.decideDeleteVersion("t", 1, { permanent: true });
  registry.write({ records: deletion, result: null });
  registry.put("t", { schema: '"long"' });
  assertEquals(late(deletion), ["conflict"]);
  assertEquals(registry.store.version("t", 1)["schema"], '"long"');
  registry.write(registry.store.decideRepair());
  assertEquals(registry.restarted(true).version("t", 1)["schema"], '"long"');
  // A soft deletion isn't undone by a repair that was decided before.
  registry.foreign(key("t", 1), value("t", 1, 1, STRING));
  const { records: stale } = registry.store.decideRepair();
  registry.write(registry.store.decideDeleteVersion("t", 1));
  assertEquals(late(stale), ["conflict"]);
  assertEquals(registry.store.versions("t", { deletedOnly: true }), [1]);
});

Deno.test("replay() keeps the first schema of a version, whatever id a second one has", () => {
  const registry = new Registry();
  registry.foreign(key("s", 1), value("s", 1, 1, INT));
  assertEquals(registry.foreign(key("s", 1), value("s", 1, 1, STRING)), "conflict");
  assertEquals(registry.foreign(key("s", 1), value("s", 1, 2, STRING)), "conflict");
  assertEquals(registry.store.schemaById(1)["schema"], INT);
  assertEquals(registry.store.counts().schemas, 1);
});

Deno.test("DELETE_SUBJECT hides versions up to its own; a later record is live again", () => {
  const registry = new Registry();
  for (const version of [1, 2, 3]) {
    registry.foreign(key("s", version), value("s", version, version, `"${version}"`));
  }
  const watermark = { keytype: "DELETE_SUBJECT", subject: "s", magic: 0 };
  registry.foreign(watermark, { subject: "s", version: 2 });
  assertEquals(registry.store.versions("s"), [3]);
  assertEquals(registry.store.versions("s", { deletedOnly: true }), [1, 2]);
  registry.foreign(key("s", 1), value("s", 1, 1, '"1"'));
  assertEquals(registry.store.versions("s"), [1, 3]);
  registry.foreign(watermark, null);
  assertEquals(registry.store.versions("s"), [1, 3]);
});

Deno.test("CLEAR_SUBJECT forgets soft-deleted versions of a subject or a whole context", () => {
  const registry = new Registry();
  registry.foreign(key("s", 1), value("s", 1, 1, INT, true));
  registry.foreign(key("s", 2), value("s", 2, 2, STRING));
  registry.foreign(key("t", 1), value("t", 1, 1, INT, true));
  registry.foreign(key(":.c:s", 1), value(":.c:s", 1, 1, INT, true));
  registry.foreign({ keytype: "CLEAR_SUBJECT", subject: "s", magic: 0 }, { subject: "s" });
  assertEquals(registry.store.versions("s", { deleted: true }), [2]);
  assertEquals(registry.store.subjects({ deletedOnly: true }), [":.c:s", "t"]);
  registry.foreign({ keytype: "CLEAR_SUBJECT", subject: ":.c:", magic: 0 }, { subject: ":.c:" });
  assertEquals(registry.store.subjects({ deletedOnly: true }), ["t"]);
});

Deno.test("a tombstone takes the id away with its last version", () => {
  const registry = new Registry();
  registry.foreign(key("s", 1), value("s", 1, 1, INT));
  registry.foreign(key("t", 1), value("t", 1, 1, INT));
  registry.foreign(key("s", 1), null);
  assertEquals(registry.store.versionsOfId(1), [{ subject: "t", version: 1 }]);
  registry.foreign(key("t", 1), null);
  assertEquals(codeOf(() => registry.store.schemaById(1)), 40403);
});

Deno.test("references stored as -1 lead to the latest version, and protect it", () => {
  const registry = new Registry();
  registry.put("base", { schema: '{"type":"record","name":"Base","fields":[]}' });
  const schema = '{"type":"record","name":"User","fields":[{"name":"b","type":"Base"}]}';
  const references = [{ name: "Base", subject: "base", version: -1 }];
  registry.foreign(key("user", 1), { ...value("user", 1, 2, schema), references });
  assertEquals(registry.store.referencedBy("base", 1), [2]);
  assertEquals(codeOf(() => registry.store.decideDeleteVersion("base", 1)), 42206);
  const request = readSchemaRequest({ schema, references: [{ ...references[0], version: 1 }] });
  assertEquals(registry.store.lookup("user", request)["version"], 1);
});
