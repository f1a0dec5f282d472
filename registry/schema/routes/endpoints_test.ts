/** Every endpoint with the answer that its clients know. */
import { assertEquals, assertMatch } from "@std/assert";
import { ask, avro, Caller, ID, NOTE, testBroker, testRegistry, TYPE } from "../harness_test.ts";

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

Deno.test("every endpoint answers as its clients know it", async (t) => {
  await using broker = await testBroker();
  await using service = await testRegistry(broker);
  const url = service.urls[0]!;
  const caller = new Caller(url);
  const is = caller.is.bind(caller);
  const refused = caller.refused.bind(caller);
  const v1 = avro("Order", ID);
  const v2 = avro("Order", ID, NOTE);
  let guid = "";

  await t.step("/ and /v1/metadata", async () => {
    assertEquals(await is(200, "GET", "/"), {});
    assertEquals(await is(200, "POST", "/"), {});
    assertEquals(await is(200, "GET", "/v1/metadata/id"), {
      scope: {
        path: [],
        clusters: {
          "kafka-cluster": broker.clusterId,
          "schema-registry-cluster": "schema-registry",
        },
      },
    });
    assertEquals(Object.keys(await is(200, "GET", "/v1/metadata/version")), [
      "version",
      "commitId",
    ]);
    assertEquals(await is(200, "GET", "/v1/metadata/deployment"), { attributes: [] });
  });

  await t.step("POST /subjects/{s}/versions registers once", async () => {
    const answer = await is(200, "POST", "/subjects/orders/versions", { schema: v1 });
    guid = answer.guid;
    assertMatch(guid, GUID);
    const expected = { id: 1, version: 1, guid, schemaType: "AVRO", schema: v1 };
    assertEquals(answer, expected);
    assertEquals(Object.keys(answer).at(-1), "schema");
    assertEquals(await is(200, "POST", "/subjects/orders/versions", { schema: v1 }), expected);
    assertEquals((await is(200, "POST", "/subjects/copies/versions", { schema: v1 })).id, 1);
    assertEquals((await is(200, "POST", "/subjects/orders/versions", { schema: v2 })).version, 2);
    const bad = { schema: avro("Order", ID, { name: "x", type: "int" }) };
    const message = await refused([409, 409], "POST", "/subjects/orders/versions", bad);
    assertMatch(message, /"orders".*READER_FIELD_MISSING_DEFAULT_VALUE/s);
    await refused([422, 42201], "POST", "/subjects/orders/versions", { schema: "{" });
    await refused([422, 42201], "POST", "/subjects/orders/versions", {
      ...{ schema: v1, schemaType: "XML" },
    });
    await refused([422, 42205], "POST", "/subjects/orders/versions", { schema: v1, id: 7 });
    await refused([422, 42201], "POST", "/subjects/refers/versions", {
      schema: avro("R", { name: "other", type: "Other" }),
      references: [{ name: "Other", subject: "nobody", version: 1 }],
    });
    await is(200, "POST", "/subjects/refers/versions", {
      schema: avro("R", { name: "order", type: "Order" }),
      references: [{ name: "Order", subject: "orders", version: 1 }],
    });
  });

  await t.step("/schemas", async () => {
    const list = await is(200, "GET", "/schemas");
    assertEquals(
      list.map((one: { subject: string; version: number }) => `${one.subject} ${one.version}`),
      ["copies 1", "orders 1", "orders 2", "refers 1"],
    );
    assertEquals(list[0], {
      ...{ subject: "copies", version: 1, id: 1, guid, schemaType: "AVRO", schema: v1 },
      ts: list[0].ts,
    });
    const latest = await is(200, "GET", "/schemas?subjectPrefix=ord&latestOnly=true");
    assertEquals(latest.map((one: { version: number }) => one.version), [2]);
    assertEquals((await is(200, "GET", "/schemas?offset=1&limit=2")).length, 2);
    assertEquals(await is(200, "GET", "/schemas/types"), ["JSON", "PROTOBUF", "AVRO"]);
  });

  await t.step("/schemas/ids/{id}", async () => {
    assertEquals(await is(200, "GET", "/schemas/ids/1"), { schema: v1, schemaType: "AVRO", guid });
    const told = await is(200, "GET", "/schemas/ids/1?subject=orders&fetchMaxId=true");
    assertEquals([told.subject, told.version, told.maxId], ["orders", 1, 3]);
    const raw = await ask(url, "GET", "/schemas/ids/1/schema");
    assertEquals([raw.status, raw.text, raw.type], [200, v1, TYPE]);
    assertEquals(await is(200, "GET", "/schemas/ids/1/subjects"), ["copies", "orders"]);
    assertEquals(await is(200, "GET", "/schemas/ids/1/subjects?subject=orders"), ["orders"]);
    assertEquals(await is(200, "GET", "/schemas/ids/1/versions"), [
      { subject: "copies", version: 1 },
      { subject: "orders", version: 1 },
    ]);
    for (const end of ["", "/schema", "/subjects", "/versions"]) {
      await refused([404, 40403], "GET", `/schemas/ids/99${end}`);
    }
    assertEquals((await is(200, "GET", `/schemas/guids/${guid}`)).schema, v1);
    assertEquals(await is(200, "GET", `/schemas/guids/${guid}/ids`), [{ context: ".", id: 1 }]);
    await refused([404, 40403], "GET", "/schemas/guids/00000000-0000-0000-0000-000000000000");
    await refused([404, 40403], "GET", "/schemas/guids/x/ids");
  });

  await t.step("/subjects", async () => {
    assertEquals(await is(200, "GET", "/subjects"), ["copies", "orders", "refers"]);
    assertEquals(await is(200, "GET", "/subjects?subjectPrefix=o"), ["orders"]);
    const found = await is(200, "POST", "/subjects/orders", { schema: v2 });
    assertEquals([found.subject, found.version, found.id], ["orders", 2, 2]);
    await refused([404, 40401], "POST", "/subjects/nobody", { schema: v1 });
    await refused([404, 40403], "POST", "/subjects/copies", { schema: v2 });
    await refused([422, 42201], "POST", "/subjects/orders", { schema: "{" });
    assertEquals(await is(200, "GET", "/subjects/orders/versions"), [1, 2]);
    await refused([404, 40401], "GET", "/subjects/nobody/versions");
    const version = await is(200, "GET", "/subjects/orders/versions/1");
    assertEquals(version, {
      ...{ subject: "orders", version: 1, id: 1, guid, schemaType: "AVRO", schema: v1 },
      ts: version.ts,
    });
    for (const latest of ["latest", "-1"]) {
      assertEquals((await is(200, "GET", `/subjects/orders/versions/${latest}`)).version, 2);
    }
    await refused([404, 40401], "GET", "/subjects/nobody/versions/1");
    await refused([404, 40402], "GET", "/subjects/orders/versions/9");
    const raw = await ask(url, "GET", "/subjects/orders/versions/1/schema");
    assertEquals([raw.status, raw.text], [200, v1]);
    assertEquals(await is(200, "GET", "/subjects/orders/versions/1/referencedby"), [3]);
    assertEquals(await is(200, "GET", "/subjects/orders/versions/2/referencedby"), []);
    const metadata = { properties: { owner: "ana" } };
    await is(200, "POST", "/subjects/owned/versions", { schema: v1, metadata });
    const owned = await is(200, "GET", "/subjects/owned/metadata?key=owner&value=ana");
    assertEquals([owned.version, owned.metadata], [1, metadata]);
    await refused([404, 40402], "GET", "/subjects/owned/metadata?key=owner&value=bob");
  });

  await t.step("/compatibility", async () => {
    const one = "/compatibility/subjects/orders/versions/latest";
    const all = "/compatibility/subjects/orders/versions";
    const bad = { schema: avro("Order", ID, { name: "x", type: "int" }) };
    assertEquals(await is(200, "POST", one, { schema: v2 }), { is_compatible: true });
    assertEquals(await is(200, "POST", one, bad), { is_compatible: false });
    const { is_compatible, messages } = await is(200, "POST", `${all}?verbose=true`, bad);
    assertEquals(is_compatible, false);
    assertMatch(messages[0], /errorType.*READER_FIELD_MISSING_DEFAULT_VALUE.*additionalInfo/s);
    assertMatch(messages.at(-1), /compatibility: 'BACKWARD'/);
    const nobody = "/compatibility/subjects/nobody/versions";
    assertEquals(await is(200, "POST", nobody, bad), { is_compatible: true });
    assertEquals(await is(200, "POST", `${nobody}/latest`, bad), { is_compatible: true });
    await refused([404, 40402], "POST", `${nobody}/1`, bad);
    await refused([422, 42202], "POST", `${nobody}/x`, bad);
    await refused([422, 42201], "POST", one, { schema: "{" });
  });

  await t.step("/config", async () => {
    assertEquals(await is(200, "GET", "/config"), { compatibilityLevel: "BACKWARD" });
    const level = { compatibility: "FULL" };
    assertEquals(await is(200, "PUT", "/config", level), level);
    assertEquals(await is(200, "GET", "/config"), { compatibilityLevel: "FULL" });
    assertEquals(await is(200, "DELETE", "/config"), { compatibilityLevel: "FULL" });
    assertEquals(await is(200, "GET", "/config"), { compatibilityLevel: "BACKWARD" });
    await refused([404, 40408], "GET", "/config/orders");
    assertEquals(await is(200, "GET", "/config/orders?defaultToGlobal=true"), {
      compatibilityLevel: "BACKWARD",
    });
    const full = { compatibility: "none", normalize: true };
    await is(200, "PUT", "/config/orders", full);
    await is(200, "PUT", "/config/orders", { alias: null });
    assertEquals(await is(200, "GET", "/config/orders"), {
      compatibilityLevel: "NONE",
      normalize: true,
    });
    await refused([422, 42203], "PUT", "/config/orders", { compatibility: "SOMEWHAT" });
    assertEquals((await is(200, "DELETE", "/config/orders")).compatibilityLevel, "NONE");
    await refused([404, 40401], "DELETE", "/config/orders");
  });

  await t.step("/mode", async () => {
    assertEquals(await is(200, "GET", "/mode"), { mode: "READWRITE" });
    assertEquals(await is(200, "PUT", "/mode", { mode: "READONLY" }), { mode: "READONLY" });
    await refused([422, 42205], "POST", "/subjects/new/versions", { schema: v1 });
    await refused([422, 42205], "DELETE", "/subjects/copies");
    assertEquals(await is(200, "DELETE", "/mode"), { mode: "READONLY" });
    await refused([404, 40409], "GET", "/mode/copies");
    assertEquals(await is(200, "GET", "/mode/copies?defaultToGlobal=true"), { mode: "READWRITE" });
    await refused([422, 42205], "PUT", "/mode/copies", { mode: "IMPORT" });
    await is(200, "PUT", "/mode/copies?force=true", { mode: "IMPORT" });
    await refused([422, 42205], "POST", "/subjects/copies/versions", { schema: v2 });
    const imported = { schema: '"int"', id: 100, version: 5 };
    const made = await is(200, "POST", "/subjects/copies/versions", imported);
    assertEquals([made.id, made.version], [100, 5]);
    assertEquals(await is(200, "GET", "/mode/copies"), { mode: "IMPORT" });
    await refused([422, 42204], "PUT", "/mode/copies", { mode: "ASLEEP" });
    assertEquals(await is(200, "DELETE", "/mode/copies"), { mode: "IMPORT" });
    await refused([404, 40401], "DELETE", "/mode/copies");
  });

  await t.step("/contexts and the same paths inside of one", async () => {
    const inside = "/contexts/.test";
    assertEquals((await is(200, "POST", `${inside}/subjects/x/versions`, { schema: v1 })).id, 1);
    assertEquals(await is(200, "GET", "/contexts"), [".", ".test"]);
    assertEquals(await is(200, "GET", `${inside}/subjects`), [":.test:x"]);
    assertEquals((await is(200, "GET", "/subjects")).at(0), ":.test:x");
    assertEquals((await is(200, "GET", "/subjects?subjectPrefix=")).at(0), "copies");
    assertEquals((await is(200, "GET", `${inside}/schemas/ids/1?subject=x`)).version, 1);
    await refused([404, 40403], "GET", `${inside}/schemas/ids/2`);
    assertEquals((await is(200, "GET", `${inside}/schemas`)).length, 1);
    assertEquals((await is(200, "GET", "/subjects/:.test:x/versions/1")).subject, ":.test:x");
    await is(200, "PUT", `${inside}/config`, { compatibility: "NONE" });
    assertEquals(await is(200, "GET", "/config/:.test:"), { compatibilityLevel: "NONE" });
    assertEquals(await is(200, "GET", `${inside}/config/x?defaultToGlobal=true`), {
      compatibilityLevel: "NONE",
    });
    await is(200, "PUT", `${inside}/mode`, { mode: "READONLY" });
    await refused([422, 42205], "POST", `${inside}/subjects/x/versions`, { schema: v2 });
    await is(200, "DELETE", `${inside}/mode`);
    await refused([400, 400], "GET", "/contexts/test/subjects");
    await refused([422, 42211], "DELETE", inside);
    await is(200, "DELETE", `${inside}/subjects/x`);
    await is(200, "DELETE", `${inside}/subjects/x?permanent=true`);
    await is(204, "DELETE", inside);
    assertEquals(await is(200, "GET", "/contexts"), ["."]);
  });

  await t.step("deletions are soft, then permanent", async () => {
    await refused([422, 42206], "DELETE", "/subjects/orders/versions/1");
    await refused([422, 42206], "DELETE", "/subjects/orders");
    await refused([404, 40407], "DELETE", "/subjects/orders/versions/2?permanent=true");
    assertEquals(await is(200, "DELETE", "/subjects/orders/versions/2"), 2);
    await refused([404, 40406], "DELETE", "/subjects/orders/versions/2");
    assertEquals((await is(200, "GET", "/subjects/orders/versions/latest")).version, 1);
    assertEquals(await is(200, "GET", "/subjects/orders/versions?deletedOnly=true"), [2]);
    assertEquals(await is(200, "GET", "/subjects/orders/versions?deletedAsNegative=true"), [1, -2]);
    const gone = await is(200, "GET", "/subjects/orders/versions/2?deleted=true");
    assertEquals([gone.version, gone.deleted], [2, true]);
    assertEquals((await is(200, "GET", "/schemas/ids/2")).schema, v2);
    assertEquals(await is(200, "DELETE", "/subjects/orders/versions/2?permanent=true"), 2);
    await refused([404, 40403], "GET", "/schemas/ids/2");
    await refused([404, 40401], "DELETE", "/subjects/nobody");
    await refused([404, 40405], "DELETE", "/subjects/copies?permanent=true");
    assertEquals(await is(200, "DELETE", "/subjects/copies"), [1, 5]);
    await refused([404, 40404], "DELETE", "/subjects/copies");
    assertEquals(await is(200, "GET", "/subjects?deletedOnly=true"), ["copies"]);
    assertEquals(await is(200, "DELETE", "/subjects/copies?permanent=true"), [1, 5]);
    await refused([404, 40401], "GET", "/subjects/copies/versions?deleted=true");
  });
});
