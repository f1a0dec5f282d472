import { assertEquals } from "@std/assert";
import { records, startRestWorld } from "../testing/rest_world_test.ts";

Deno.test("the cluster is told", async (t) => {
  await using world = await startRestWorld();
  const { ask, refused } = world;
  const body = { records: [{ value: 1 }, { value: 2 }] };
  await ask("POST", "/topics/told", { type: records("json"), body });
  const partition = {
    partition: 0,
    leader: 1,
    replicas: [{ broker: 1, leader: true, in_sync: true }],
  };

  await t.step("brokers, topics, partitions and offsets", async () => {
    assertEquals((await ask("GET", "/")).json, {});
    assertEquals((await ask("POST", "/", { body: {} })).json, {});
    assertEquals((await ask("GET", "/brokers")).json, { brokers: [1] });
    assertEquals((await ask("GET", "/topics")).json, ["told"]);
    const topic = (await ask("GET", "/topics/told")).json;
    assertEquals([topic.name, topic.partitions], ["told", [partition]]);
    assertEquals(topic.configs["cleanup.policy"], "delete");
    assertEquals((await ask("GET", "/topics/told/partitions")).json, [partition]);
    assertEquals((await ask("GET", "/topics/told/partitions/0")).json, partition);
    const offsets = (await ask("GET", "/topics/told/partitions/0/offsets")).json;
    assertEquals(offsets, { beginning_offset: 0, end_offset: 2 });
  });

  await t.step("what is not there has its code", async () => {
    for (const topic of ["none", "%00", "a%2Fb", "%zz", "x".repeat(10_000)]) {
      await refused("GET", `/topics/${topic}`, [404, 40401]);
      await refused("GET", `/topics/${topic}/partitions/0/offsets`, [404, 40401]);
    }
    for (const number of ["1", "-1", "2147483647"]) {
      await refused("GET", `/topics/told/partitions/${number}`, [404, 40402]);
      await refused("GET", `/topics/told/partitions/${number}/offsets`, [404, 40402]);
    }
    await refused("GET", "/topics/told/partitions/x", [404, 404]);
    await refused("GET", "/nothing", [404, 404]);
    await refused("DELETE", "/topics", [405, 405]);
    await refused("GET", "/topics", [406, 406], { accept: "text/html" });
  });

  await t.step("plain JSON is given to who asks for it", async () => {
    const told = await ask("GET", "/topics", { accept: "application/json" });
    assertEquals(told.type, "application/json");
  });

  await t.step("the OpenAPI document has all 23 calls", async () => {
    const { paths } = (await ask("GET", "/openapi.json", { accept: "application/json" })).json;
    const v2 = Object.values(paths as Record<string, Record<string, { tags?: string[] }>>)
      .flatMap((methods) => Object.values(methods)).filter(({ tags }) => tags?.includes("v2"));
    assertEquals(v2.length, 23);
  });
  assertEquals(world.bugs, []);
});

Deno.test("endpoints that are blocked, and v2 as a whole, are not there", async () => {
  await using world = await startRestWorld(["api.endpoints.blocklist=api.v2.topics.*"]);
  await world.refused("GET", "/topics", [404, 404]);
  assertEquals((await world.ask("GET", "/brokers")).status, 200);
});
