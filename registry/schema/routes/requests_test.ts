/** How requests are read and answers written, whatever they are about. */
import { assert, assertEquals } from "@std/assert";
import { ask, avro, Caller, ID, testBroker, testRegistry, TYPE } from "../harness_test.ts";

Deno.test("requests and answers keep to what HTTP clients of a registry expect", async (t) => {
  await using broker = await testBroker();
  await using service = await testRegistry(broker, "schema.max.length=1000");
  const url = service.urls[0]!;
  const caller = new Caller(url);
  const path = "/subjects/s/versions";
  const schema = avro("S", ID);
  await caller.is(200, "POST", path, { schema });

  await t.step("answers have the type that is asked for", async () => {
    const typeOf = async (accept: string) =>
      (await ask(url, "GET", "/subjects", undefined, { Accept: accept })).type;
    assertEquals(await typeOf("*/*"), TYPE);
    assertEquals(await typeOf("application/json"), "application/json");
    assertEquals(await typeOf("application/*"), TYPE);
    assertEquals(
      await typeOf("application/json, application/vnd.schemaregistry+json;q=0.5"),
      "application/json",
    );
    const python = "application/vnd.schemaregistry.v1+json,application/vnd.schemaregistry+json," +
      "application/json";
    assertEquals(await typeOf(python), TYPE);
    const image = await ask(url, "GET", "/subjects", undefined, { Accept: "image/png" });
    assertEquals([image.status, image.json.error_code], [406, 406]);
    const refusal = await ask(url, "GET", "/subjects/none/versions", undefined, {
      Accept: "application/json",
    });
    assertEquals([refusal.status, refusal.type], [404, "application/json"]);
  });

  await t.step("bodies have one of the known types", async () => {
    for (
      const type of [TYPE, "application/vnd.schemaregistry+json", "application/json"]
        .concat("application/json; charset=utf-8", "application/octet-stream")
    ) {
      const told = await ask(url, "POST", path, { schema }, { "Content-Type": type });
      assertEquals([type, told.status, told.json.id], [type, 200, 1]);
    }
    const told = await ask(url, "POST", path, "x", { "Content-Type": "text/plain" });
    assertEquals([told.status, told.json.error_code], [415, 415]);
  });

  await t.step("bodies are JSON of the right shape, or refused by name", async () => {
    const refused = async (status: number, body: string, ...parts: string[]) => {
      const message = await caller.refused([status, status], "POST", path, body);
      for (const part of parts) assert(message.includes(part), message);
    };
    await refused(422, "", "body");
    await refused(400, '{"schema"', "JSON");
    await refused(400, "\u0000", "JSON");
    for (const body of ["[]", "null", '"x"', "1"]) await refused(422, body);
    await refused(422, '{"scheme":"x"}', "scheme");
    await refused(422, '{"schema":7}', "schema");
    await refused(422, '{"schema":"x","id":"7"}', "id");
    await refused(422, '{"schema":"x","references":{}}', "references");
    const unknown = { schema, references: [], metadata: { properties: {}, colour: "blue" } };
    assert((await caller.refused([422, 422], "POST", path, unknown)).includes("colour"));
    const lenient = await ask(url, "POST", "/subjects/lenient/versions", unknown, {
      "Confluent-Accept-Unknown-Properties": "true",
    });
    assertEquals(lenient.status, 200);
  });

  await t.step("bytes that are no UTF-8 are refused", async () => {
    const answer = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "Content-Type": TYPE },
      body: new Uint8Array([0x7b, 0xff, 0x7d]),
    });
    assertEquals([answer.status, (await answer.json()).error_code], [400, 400]);
  });

  await t.step("long schemas are refused before they are read, wherever they stand", async () => {
    const long = `"${"x".repeat(1000)}"`;
    await caller.refused([422, 42209], "POST", path, { schema: long });
    await caller.refused([422, 42209], "POST", "/subjects/s", { schema: long });
    await caller.refused([422, 42209], "POST", "/compatibility/subjects/s/versions", {
      schema: long,
    });
    const associations = [{ associationType: "value", schema: { schema: long } }];
    await caller.refused([422, 42209], "POST", "/associations", { associations });
    await caller.refused([422, 42209], "POST", "/associations:batchMutate", {
      requests: [{ associations }],
    });
  });

  await t.step("parameters are read as clients write them", async () => {
    assertEquals((await caller.is(200, "POST", "/subjects/s?normalize=False", { schema })).id, 1);
    assertEquals(await caller.is(200, "GET", "/subjects?deleted=true&deleted=false"), [
      "lenient",
      "s",
    ]);
    await caller.refused([422, 422], "GET", "/subjects?deleted=maybe");
    await caller.refused([422, 422], "GET", "/subjects?limit=many");
    await caller.refused([422, 422], "GET", "/subjects?limit=99999999999");
    assertEquals(await caller.is(200, "GET", "/subjects?limit=1&offset=1"), ["s"]);
    for (const version of ["0", "-2", "two", "1.0", "2147483648", "%00"]) {
      await caller.refused([422, 42202], "GET", `${path}/${version}`);
    }
    for (const id of ["9", "one", "-1", "4294967296"]) {
      await caller.refused([404, 40403], "GET", `/schemas/ids/${id}`);
    }
  });

  await t.step("paths may hold what they like", async () => {
    for (const subject of ["a/b", "a b", "ü€", "a:b", "..", "a%b", "x".repeat(300)]) {
      const own = `/subjects/${encodeURIComponent(subject).replaceAll(".", "%2E")}/versions`;
      if (subject === "..") continue;
      assertEquals((await caller.is(200, "POST", own, { schema })).version, 1);
      assert((await caller.is(200, "GET", "/subjects")).includes(subject), subject);
    }
    await caller.refused([422, 42208], "POST", "/subjects/a%00b/versions", { schema });
    await caller.refused([422, 42208], "POST", "/subjects/__GLOBAL/versions", { schema });
    const long = await ask(url, "GET", `/subjects/${"x".repeat(10_000)}/versions`);
    assert([404, 414, 422, 431].includes(long.status), `${long.status}`);
  });

  await t.step("other paths and methods are told apart", async () => {
    await caller.refused([404, 404], "GET", "/nothing");
    await caller.refused([404, 404], "GET", "/subjects/s/versions/1/nothing");
    await caller.refused([405, 405], "PATCH", "/subjects");
    await caller.refused([405, 405], "DELETE", "/subjects");
    const head = await ask(url, "HEAD", "/subjects");
    assertEquals([head.status, head.text, head.type], [200, "", TYPE]);
    const options = await ask(url, "OPTIONS", "/subjects");
    assert(options.status < 500, `${options.status}`);
    const told = await ask(url, "GET", "/subjects", undefined, { "X-Request-ID": "abc" });
    assertEquals(told.headers.get("X-Request-ID"), "abc");
  });

  await t.step("the document holds every endpoint, with integers of 32 bits", async () => {
    const { json } = await ask(url, "GET", "/openapi.json");
    const calls = Object.values(json.paths as Record<string, object>)
      .flatMap((methods) => Object.keys(methods));
    assertEquals(calls.length, 47);
    const limit = json.paths["/subjects"].get.parameters
      .find(({ name }: { name: string }) => name === "limit").schema;
    assertEquals([limit.type, limit.format ?? "int32"], ["integer", "int32"]);
  });
});
