/** `/associations...`: which resources use which subjects. */
import { assertEquals, assertMatch } from "@std/assert";
import { ask, avro, Caller, ID, NOTE, testBroker, testRegistry } from "../harness_test.ts";

const RESOURCE = {
  resourceName: "orders",
  resourceNamespace: "lkc-1",
  resourceId: "r-1",
  resourceType: "topic",
};

Deno.test("resources are associated with subjects, asked for and let go", async (t) => {
  await using broker = await testBroker();
  await using service = await testRegistry(broker);
  const caller = new Caller(service.urls[0]!);
  const is = caller.is.bind(caller);
  const refused = caller.refused.bind(caller);
  const subject = ":.lkc-1:orders-value";
  const path = "/associations/resources/r-1";
  const create = {
    ...RESOURCE,
    associations: [{ associationType: "value", schema: { schema: avro("Order", ID) } }],
  };

  await t.step("dryRun tells what would be, and changes nothing", async () => {
    const told = await is(200, "POST", "/associations?dryRun=true", create);
    assertEquals(told.associations[0].subject, subject);
    assertEquals(await is(200, "GET", path), []);
    assertEquals(await is(200, "GET", "/subjects"), []);
  });

  await t.step("POST makes them, with the schemas that come along", async () => {
    const { associations, ...resource } = await is(200, "POST", "/associations", create);
    assertEquals(resource, RESOURCE);
    const { schema, ...association } = associations[0];
    assertEquals(association, {
      ...{ subject, associationType: "value", lifecycle: "STRONG", frozen: false },
    });
    assertEquals([schema.id, schema.version], [1, 1]);
    assertEquals(await is(200, "GET", "/subjects"), [subject]);
    await refused([422, 42212], "POST", "/associations", { ...RESOURCE, associations: [] });
    await refused([404, 40401], "POST", "/associations", {
      ...{ ...RESOURCE, resourceId: "r-2", resourceName: "other" },
      associations: [{ associationType: "value", lifecycle: "WEAK", subject: "nobody" }],
    });
    await refused([422, 422], "POST", "/associations", { ...create, colour: "blue" });
  });

  await t.step("they are found by subject, name and id", async () => {
    const lists = [
      `/associations/subjects/${encodeURIComponent(subject)}`,
      "/contexts/.lkc-1/associations/subjects/orders-value",
      "/associations/resources/lkc-1/orders",
      "/associations/resources/-/orders",
      path,
    ];
    for (const list of lists) {
      const [found, ...others] = await is(200, "GET", list);
      assertMatch(found.guid, /^[0-9a-f-]{36}$/);
      assertEquals(others, []);
      assertEquals(found, {
        ...{ ...RESOURCE, subject, guid: found.guid, associationType: "value" },
        ...{ lifecycle: "STRONG", frozen: false },
      });
    }
    assertEquals(await is(200, "GET", `${path}?associationType=key`), []);
    assertEquals(await is(200, "GET", `${path}?lifecycle=WEAK`), []);
    assertEquals(await is(200, "GET", `${path}?resourceType=table`), []);
    await refused([422, 42212], "GET", `${path}?lifecycle=SOME`);
    assertEquals(await is(200, "GET", "/associations/resources/nobody"), []);
  });

  await t.step("PUT changes them", async () => {
    const associations = [{ associationType: "value", frozen: true }];
    const told = await is(200, "PUT", path, { associations });
    assertEquals(told.associations[0].frozen, true);
    await refused([422, 422], "PUT", path, { resourceId: "r-2", associations });
    await refused([409, 40905], "POST", `/subjects/${encodeURIComponent(subject)}/versions`, {
      schema: avro("Order", ID, NOTE),
    });
    await refused([409, 40904], "DELETE", `/subjects/${encodeURIComponent(subject)}`);
  });

  await t.step("batches answer for each part", async () => {
    const url = caller.url;
    const weak = { associationType: "key", lifecycle: "WEAK", subject: "keys" };
    await is(200, "POST", "/subjects/keys/versions", { schema: '"long"' });
    const changes = {
      requests: [
        { ...RESOURCE, associations: [{ opType: "CREATE", ...weak }] },
        { ...RESOURCE, associations: [{ opType: "SHAKE" }] },
        {
          ...{ ...RESOURCE, resourceId: "r-3", resourceName: "third" },
          associations: [{ opType: "UPSERT", ...weak }, {
            ...{ opType: "CREATE", associationType: "value" },
            schema: { schema: '"int"' },
          }],
        },
        { ...RESOURCE, resourceId: "r-9", associations: [{ opType: "DELETE" }] },
      ],
    };
    const dry = await ask(url, "POST", "/associations:batchMutate?dryRun=true", changes);
    assertEquals(dry.status, 207);
    assertEquals(await is(200, "GET", `${path}?associationType=key`), []);
    const told = await ask(url, "POST", "/associations:batchMutate", changes);
    assertEquals(told.status, 207);
    const codes = told.json.results.map((one: { error?: { error_code: number } }) =>
      one.error?.error_code ?? 0
    );
    assertEquals(codes, [0, 422, 0, 40410]);
    assertEquals((await is(200, "GET", path)).length, 2);
    const gets = {
      requests: [{ resourceId: "r-1" }, { resourceName: "third", associationTypes: ["value"] }, {}],
    };
    const got = await ask(url, "POST", "/associations:batchGet?includeSchemas=true", gets);
    assertEquals(got.status, 207);
    const [first, second, third] = got.json.results;
    assertEquals(first.result.associations.length, 2);
    assertEquals(second.result.associations[0].schema.schema, '"int"');
    assertEquals(third.error.error_code, 422);
    const many = { requests: Array(101).fill({ resourceId: "r-1" }) };
    await refused([422, 422], "POST", "/associations:batchGet", many);
    await refused([422, 422], "POST", "/associations:batchMutate", { requests: 1 });
    const undo = {
      requests: [{ ...RESOURCE, associations: [{ opType: "DELETE", associationType: "key" }] }],
    };
    const undone = await ask(url, "POST", "/associations:batchMutate", undo);
    assertEquals(undone.json, { results: [{}] });
    assertEquals((await is(200, "GET", path)).length, 1);
  });

  await t.step("DELETE lets them go, with their subjects where asked", async () => {
    await refused([409, 40905], "DELETE", path);
    await is(204, "DELETE", `${path}?cascadeLifecycle=true&dryRun=true`);
    assertEquals((await is(200, "GET", path)).length, 1);
    await is(204, "DELETE", `${path}?cascadeLifecycle=true`);
    await refused([404, 40410], "DELETE", path);
    assertEquals(await is(200, "GET", "/subjects?deletedOnly=true"), [subject]);
  });
});
