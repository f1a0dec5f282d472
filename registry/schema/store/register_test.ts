import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readConfigUpdate } from "./config.ts";
import { avro, codeOf, errorOf, Registry } from "./harness_test.ts";
import { readSchemaRequest } from "./request.ts";

const INT = { schema: '"int"' };
const STRING = { schema: '"string"' };

Deno.test("a first schema gets id 1 and version 1, and is answered in full", () => {
  const registry = new Registry();
  const answer = registry.register("s", { schema: '{"type": "string"}' });
  const guid = "68b329da-9893-e340-99c7-d8ad5cb9c940";
  assertEquals({ ...answer, guid }, {
    id: 1,
    version: 1,
    guid,
    schemaType: "AVRO",
    schema: '"string"',
  });
});

Deno.test("one schema has one id in all subjects of a context, and its own version in each", () => {
  const registry = new Registry();
  assertEquals(registry.put("a", INT), [1, 1]);
  assertEquals(registry.put("b", STRING), [2, 1]);
  assertEquals(registry.put("b", { schema: '"bytes"' }), [3, 2]);
  assertEquals(registry.put("c", INT), [1, 1]);
});

Deno.test("registering a live version again writes nothing", () => {
  const registry = new Registry();
  registry.put("s", INT);
  const { records, result } = registry.store.decideRegister(
    "s",
    readSchemaRequest({ schema: ' { "type" : "int" } ' }),
  );
  assertEquals([records, result["id"], result["version"]], [[], 1, 1]);
});

Deno.test("a soft-deleted schema that comes back has its id and a new version; the old one goes", () => {
  const registry = new Registry();
  registry.put("s", INT);
  registry.write(registry.store.decideDeleteVersion("s", 1));
  const before = registry.topic.length;
  assertEquals(registry.put("s", INT), [1, 2]);
  assertEquals(registry.texts(before).map(([key, value]) => [key, value !== null]), [
    ['{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}', false],
    ['{"keytype":"SCHEMA","subject":"s","version":2,"magic":1}', true],
  ]);
  assertEquals(registry.store.versions("s", { deleted: true }), [2]);
});

Deno.test("a soft-deleted version that something refers to stays when its schema comes back", () => {
  const registry = new Registry();
  registry.put("base", avro("Base", "a:int"));
  registry.put("user", {
    ...avro("User", "base:Base"),
    references: [{ name: "Base", subject: "base", version: 1 }],
  });
  registry.write(registry.store.decideDeleteSubject("user"));
  registry.write(registry.store.decideDeleteSubject("base"));
  assertEquals(registry.put("base", avro("Base", "a:int")), [1, 2]);
  assertEquals(registry.store.versions("base", { deleted: true }), [1, 2]);
});

Deno.test("after permanent deletion of everything versions start at 1 again, ids don't", () => {
  const registry = new Registry();
  registry.put("s", INT);
  registry.write(registry.store.decideDeleteSubject("s"));
  registry.write(registry.store.decideDeleteSubject("s", { permanent: true }));
  assertEquals(registry.put("s", INT), [2, 1]);
});

Deno.test("ids are counted in each context apart, and a new context is announced first", () => {
  const registry = new Registry();
  registry.put("s", INT);
  const before = registry.topic.length;
  assertEquals(registry.put(":.ctx:s", STRING), [1, 1]);
  assertEquals(registry.texts(before)[0], [
    '{"keytype":"CONTEXT","tenant":"default","context":".ctx","magic":0}',
    '{"tenant":"default","context":".ctx"}',
  ]);
  assertEquals(registry.put(":.ctx:t", INT), [2, 1]);
  assertEquals(registry.texts().filter(([key]) => key.includes("CONTEXT")).length, 1);
  assertEquals(registry.put(":.:u", STRING), [2, 1]);
});

Deno.test("the record of a schema has the fields of other registries, in their order", () => {
  const registry = new Registry();
  registry.put("base", avro("Base", "a:int"));
  registry.put("s", {
    ...avro("User", "base:Base"),
    references: [{ name: "Base", subject: "base", version: 1 }],
    metadata: { properties: { owner: "ana" } },
    ruleSet: { domainRules: [{ name: "r", kind: "CONDITION", mode: "WRITE", type: "CEL" }] },
  });
  const [key, value] = registry.texts(1)[0]!;
  assertEquals(key, '{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}');
  assertEquals(Object.keys(JSON.parse(value!)), [
    ...["subject", "version", "id", "md5", "schemaType", "references", "metadata", "ruleSet"],
    ...["schema", "deleted"],
  ]);
});

Deno.test("an unknown kind of schema and a text that is none are refused with 42201", () => {
  const registry = new Registry();
  for (const body of [{ schema: '"int"', schemaType: "avro" }, { schema: "{" }, { schema: "" }]) {
    assertEquals(codeOf(() => registry.register("s", body)), 42201, JSON.stringify(body));
  }
  const error = errorOf(() => registry.register("s", { ...INT, schemaType: "THRIFT" }));
  assertStringIncludes(error!.message, "AVRO, JSON, PROTOBUF");
});

Deno.test("schemas of one text but of another kind have ids of their own", () => {
  const registry = new Registry();
  const schema = '{"type":"string","logicalType":"none"}';
  registry.write(registry.store.decideSetConfig(null, readConfigUpdate({ compatibility: "none" })));
  assertEquals(registry.put("s", { schema }), [1, 1]);
  assertEquals(registry.put("s", { schema, schemaType: "JSON" }), [2, 2]);
});

Deno.test("references must name a live version; -1 stands for the latest, and is stored as its number", () => {
  const registry = new Registry();
  registry.put("base", avro("Base", "a:int"));
  registry.put("base", avro("Base", "a:int", "b:int?"));
  const user = (version: number) => ({
    ...avro("User", "base:Base"),
    references: [{ name: "Base", subject: "base", version }],
  });
  const { references } = registry.register("s", user(-1));
  assertEquals(references, [{ name: "Base", subject: "base", version: 2 }]);
  assertEquals(registry.put("s", user(2)), [3, 1]);
  assertEquals(codeOf(() => registry.register("t", user(3))), 42201);
  assertEquals(codeOf(() => registry.register("t", user(0))), 42201);
  registry.write(registry.store.decideDeleteVersion("base", 1));
  assertEquals(codeOf(() => registry.register("t", user(1))), 42201);
  const nobody = { ...INT, references: [{ name: "x", subject: "nobody", version: -1 }] };
  assertEquals(codeOf(() => registry.register("t", nobody)), 42201);
});

Deno.test("a reference without a context is to a subject in the context of who refers", () => {
  const registry = new Registry();
  registry.put("base", avro("Base", "a:int"));
  const user = (subject: string) => ({
    ...avro("User", "base:Base"),
    references: [{ name: "Base", subject, version: 1 }],
  });
  assertEquals(codeOf(() => registry.register(":.ctx:user", user("base"))), 42201);
  assertEquals(registry.put(":.ctx:user", user(":.:base")), [1, 1]);
  assertEquals(registry.store.referencedBy("base", 1), [1]);
});

Deno.test("an incompatible schema is refused with 409 or 40901, naming subject, version and reasons", () => {
  for (const incompatibleErrorCode of [409, 40901] as const) {
    const registry = new Registry({ incompatibleErrorCode });
    registry.put("s", avro("R", "a:int"));
    const error = errorOf(() => registry.register("s", avro("R", "a:int", "must:string")));
    assertEquals(error?.errorCode, incompatibleErrorCode);
    assertStringIncludes(error!.message, 'subject "s" is incompatible with version 1');
    assertStringIncludes(error!.message, "READER_FIELD_MISSING_DEFAULT_VALUE");
    assertStringIncludes(error!.message, "{oldSchemaVersion: 1}");
  }
});

Deno.test("force, level NONE and mode IMPORT let an incompatible schema in", () => {
  const registry = new Registry();
  registry.put("s", INT);
  assertEquals(codeOf(() => registry.register("s", STRING)), 409);
  assertEquals(registry.put("s", STRING, { force: true }), [2, 2]);
  registry.write(registry.store.decideSetConfig("s", readConfigUpdate({ compatibility: "NONE" })));
  assertEquals(registry.put("s", { schema: '"boolean"' }), [3, 3]);
});

Deno.test("compatibility is asked of the latest version, or of all live ones at transitive levels", () => {
  const registry = new Registry();
  const { store } = registry;
  registry.put("s", avro("R", "a:int"));
  registry.put("s", avro("R", "a:int", "b:int?"));
  // `b` without a default can be read where it was written: not from version 1.
  const fields = [{ name: "a", type: "int" }, { name: "b", type: ["null", "int"] }];
  const body = { schema: JSON.stringify({ type: "record", name: "R", fields }) };
  const request = readSchemaRequest(body);
  assertEquals(codeOf(() => store.decideRegister("s", request)), 0);
  const update = readConfigUpdate({ compatibility: "BACKWARD_TRANSITIVE" });
  registry.write(store.decideSetConfig("s", update));
  const error = errorOf(() => store.decideRegister("s", request));
  assertStringIncludes(error!.message, "incompatible with version 1");
  registry.write(store.decideDeleteVersion("s", 1));
  assertEquals(registry.put("s", body), [3, 3]);
});

Deno.test("schemas of another compatibility group don't count", () => {
  const registry = new Registry();
  const update = readConfigUpdate({ compatibility: "BACKWARD", compatibilityGroup: "major" });
  registry.write(registry.store.decideSetConfig("s", update));
  const inGroup = (schema: string, major: string) => ({
    schema,
    metadata: { properties: { major } },
  });
  assertEquals(registry.put("s", inGroup('"int"', "1")), [1, 1]);
  assertEquals(registry.put("s", inGroup('"string"', "2")), [2, 2]);
  assertEquals(codeOf(() => registry.register("s", inGroup('"boolean"', "2"))), 409);
  assertEquals(registry.put("s", inGroup('"long"', "1")), [3, 3]);
});

Deno.test("in mode READWRITE an id is refused with 42205, a version but the next with 42201", () => {
  const registry = new Registry();
  assertEquals(codeOf(() => registry.register("s", { ...INT, id: 7 })), 42205);
  assertEquals(codeOf(() => registry.register("s", { ...INT, version: 2 })), 42201);
  assertEquals(registry.put("s", { ...INT, version: -1 }), [1, 1]);
  assertEquals(registry.put("s", { schema: '"long"', version: 2 }), [2, 2]);
});

Deno.test("a version that is asked for is noted in the metadata, from then on", () => {
  const registry = new Registry();
  assertEquals(registry.register("s", { ...INT, version: 1 })["metadata"], {
    properties: { "confluent:version": "1" },
  });
  assertEquals(registry.register("s", { schema: '"long"' })["metadata"], {
    properties: { "confluent:version": "2" },
  });
  assertEquals(registry.put("s", { schema: '"long"' }), [2, 2]);
  assertEquals(registry.put("s", { ...INT, version: 1 }), [1, 1]);
});

Deno.test("in mode IMPORT schemas come with ids and versions, and may not replace others", () => {
  const registry = new Registry();
  registry.write(registry.store.decideSetMode(null, "IMPORT"));
  assertEquals(codeOf(() => registry.register("s", INT)), 42205);
  assertEquals(registry.put("s", { ...INT, id: 10, version: 3 }), [10, 3]);
  assertEquals(registry.put("s", { ...STRING, id: 4, version: 1 }), [4, 1]);
  // Once more: nothing to do.
  const again = readSchemaRequest({ ...INT, id: 10, version: 3 });
  assertEquals(registry.store.decideRegister("s", again).records, []);
  const bytes = { schema: '"bytes"' };
  assertEquals(codeOf(() => registry.register("s", { ...bytes, id: 10, version: 5 })), 42205);
  assertEquals(codeOf(() => registry.register("s", { ...bytes, id: 11, version: 3 })), 42205);
  assertEquals(codeOf(() => registry.register("t", { ...INT, id: 11, version: 1 })), 42207);
  assertEquals(registry.put("s", { ...INT, id: 10, version: 2 }), [10, 2]);
  assertEquals(registry.store.versions("s"), [1, 2, 3]);
  registry.write(registry.store.decideSetMode(null, "READWRITE"));
  assertEquals(registry.put("u", bytes), [11, 1]);
});

Deno.test("READONLY refuses every registering with 42205", () => {
  const registry = new Registry();
  registry.put("s", INT);
  registry.write(registry.store.decideSetMode("s", "READONLY"));
  assertEquals(codeOf(() => registry.register("s", INT)), 42205);
  assertEquals(registry.put("t", INT), [1, 1]);
});

Deno.test("metadata and rules that aren't given are those of the version before", () => {
  const registry = new Registry();
  const metadata = { properties: { owner: "ana" } };
  const rule = { name: "r", kind: "CONDITION", mode: "WRITE", type: "CEL" };
  registry.put("s", { ...INT, metadata, ruleSet: { domainRules: [rule] } });
  const next = registry.register("s", { schema: '"long"' });
  assertEquals(next["metadata"], metadata);
  assertEquals(next["ruleSet"], { domainRules: [{ ...rule, disabled: false }] });
  // An empty text stands for that of the version before.
  const other = { properties: { owner: "bob" } };
  const edited = registry.register("s", { metadata: other });
  assertEquals([edited["version"], edited["schema"], edited["metadata"]], [3, '"long"', other]);
});

Deno.test("defaults lie below and overrides above what is given", () => {
  const registry = new Registry();
  const properties = (entries: Record<string, string>) => ({ properties: entries });
  const rule = { name: "r", kind: "CONDITION", mode: "WRITE", type: "CEL", disabled: false };
  registry.write(registry.store.decideSetConfig(
    "s",
    readConfigUpdate({
      defaultMetadata: properties({ a: "default", b: "default", c: "default" }),
      overrideMetadata: properties({ c: "override" }),
      defaultRuleSet: { domainRules: [rule] },
    }),
  ));
  const answer = registry.register("s", {
    ...INT,
    metadata: properties({ b: "given", c: "given" }),
  });
  assertEquals(answer["metadata"], properties({ a: "default", b: "given", c: "override" }));
  assertEquals(answer["ruleSet"], { domainRules: [rule] });
  // The same again is the same version.
  assertEquals(registry.put("s", { ...INT, metadata: properties({ b: "given" }) }), [1, 1]);
  assertEquals(registry.store.lookup("s", readSchemaRequest(INT))["version"], 1);
});

Deno.test("a rule set that nobody could obey is refused with 42210, unless rules aren't validated", () => {
  const registry = new Registry();
  const body = {
    ...INT,
    ruleSet: { domainRules: [{ name: "1", kind: "CONDITION", mode: "WRITE", type: "CEL" }] },
  };
  assertEquals(codeOf(() => registry.register("s", body)), 42210);
  registry.write(
    registry.store.decideSetConfig("s", readConfigUpdate({ validateRules: false })),
  );
  assertEquals(registry.put("s", body), [1, 1]);
});

Deno.test("reserved field names are refused where they are minded, and stay reserved", () => {
  const registry = new Registry();
  registry.write(registry.store.decideSetConfig("s", readConfigUpdate({ validateFields: true })));
  const reserved = { properties: { "confluent:reserved": "old, older" } };
  const taken = { ...avro("R", "a:int", "old:int?"), metadata: reserved };
  const error = errorOf(() => registry.register("s", taken));
  assertEquals(error?.errorCode, 409);
  assertStringIncludes(error!.message, "FIELD_CONFLICTS_WITH_RESERVED_FIELD");
  registry.put("s", { ...avro("R", "a:int"), metadata: reserved });
  const freed = {
    ...avro("R", "a:int", "b:int?"),
    metadata: { properties: { "confluent:reserved": "old" } },
  };
  assertStringIncludes(
    errorOf(() => registry.register("s", freed))!.message,
    "RESERVED_FIELD_REMOVED",
  );
});

Deno.test("normalised, texts that differ in writing alone are one schema", () => {
  const registry = new Registry();
  const written = { schema: '{"type":"record","name":"n.R","fields":[{"name":"a","type":"int"}]}' };
  const otherwise = {
    schema:
      '{"fields":[{"type":{"type":"int"},"name":"a"}],"name":"R","namespace":"n","type":"record"}',
  };
  assertEquals(registry.put("s", written, { normalize: true }), [1, 1]);
  assertEquals(registry.put("t", otherwise, { normalize: true }), [1, 1]);
  registry.write(registry.store.decideSetConfig("u", readConfigUpdate({ normalize: true })));
  assertEquals(registry.put("u", otherwise), [1, 1]);
});

Deno.test("a change of documentation alone makes a new id", () => {
  const registry = new Registry();
  const documented = (doc: string) => ({
    schema: JSON.stringify({ type: "record", name: "R", doc, fields: [] }),
  });
  assertEquals(registry.put("s", documented("one")), [1, 1]);
  assertEquals(registry.put("s", documented("two")), [2, 2]);
});

Deno.test("new schemas are held to strict rules, those already there are not", () => {
  const registry = new Registry();
  const schema = '{"type":"record","name":"R","fields":[{"name":"a","type":"int","default":"x"}]}';
  assertEquals(codeOf(() => registry.register("s", { schema })), 42201);
  const key = { keytype: "SCHEMA", subject: "s", version: 1, magic: 1 };
  registry.foreign(key, { subject: "s", version: 1, id: 1, schema, deleted: false });
  assertEquals(registry.put("s", { schema }), [1, 1]);
  registry.write(
    registry.store.decideSetConfig("t", readConfigUpdate({ validateNewSchemas: false })),
  );
  assertEquals(registry.put("t", { schema }), [1, 1]);
});

Deno.test("references that go in a circle are refused, not followed for ever", () => {
  const registry = new Registry();
  const record = (name: string, subject: string, other: string, id: number) =>
    registry.foreign({ keytype: "SCHEMA", subject, version: 1, magic: 1 }, {
      ...{ subject, version: 1, id, schema: avro(name, `x:${other}`)["schema"], deleted: false },
      references: [{ name: other, subject: other.toLowerCase(), version: 1 }],
    });
  record("A", "a", "B", 1);
  record("B", "b", "A", 2);
  const body = {
    ...avro("C", "a:A"),
    references: [{ name: "A", subject: "a", version: 1 }],
  };
  const error = errorOf(() => registry.register("c", body));
  assertEquals(error?.errorCode, 42201);
  assertStringIncludes(error!.message, "circle");
});

Deno.test("an alias is registered under what it stands for", () => {
  const registry = new Registry();
  registry.write(registry.store.decideSetConfig("old", readConfigUpdate({ alias: "new" })));
  registry.put("old", INT);
  assertEquals(registry.store.subjects(), ["new"]);
  assertEquals(registry.store.version("old", 1)["subject"], "new");
});

Deno.test("a subject that can't be is refused with 42208", () => {
  const registry = new Registry();
  for (const subject of ["__GLOBAL", "a\u0001", ":.__GLOBAL:x"]) {
    assertEquals(codeOf(() => registry.register(subject, INT)), 42208, subject);
  }
});

Deno.test("a body with what nobody knows is refused with 422 naming it", () => {
  const error = errorOf(() => readSchemaRequest({ schema: "x", colour: "red" }));
  assertEquals(error?.errorCode, 422);
  assert(error!.message.includes("colour"));
  assertEquals(codeOf(() => readSchemaRequest({ schema: "x", colour: "red" }, true)), 0);
  for (const body of [null, [], "x", { schema: 1 }, { schema: "x", version: 1.5 }]) {
    assertEquals(codeOf(() => readSchemaRequest(body)), 422, JSON.stringify(body));
  }
});
