import { assertEquals, assertStringIncludes } from "@std/assert";
import { GroupMembership, KafkaClient } from "../../../kafka/mod.ts";
import { startRestWorld } from "../../testing/rest_world_test.ts";
import { Cluster } from "./cluster_asks_test.ts";

Deno.test("v3 refuses what isn't right with its code, never a 5xx", async (t) => {
  await using world = await startRestWorld();
  const cluster = await Cluster.of(world);
  await cluster.is(201, "POST", "/topics", { topic_name: "held" });
  const long = "x".repeat(40_000);

  await t.step("types of bodies and answers", async () => {
    const topics = `${cluster.path}/topics`;
    const body = { topic_name: "typed" };
    await world.refused("POST", topics, [415, 415], { body, type: "text/plain" });
    for (const path of ["/v3/clusters", cluster.path, topics]) {
      await world.refused("GET", path, [406, 406], { accept: "text/html" });
    }
    const { status } = await world.ask("GET", topics, { accept: "text/html, application/*;q=0.1" });
    assertEquals(status, 200);
  });

  await t.step("bodies that are none, or lack what they need", async () => {
    for (const body of ["", "null", "[]", "7"]) {
      await cluster.refused([422, 422], "POST", "/topics", body);
    }
    await cluster.refused([400, 400], "POST", "/topics", '{"topic_name":"a"');
    await cluster.refused([422, 422], "PATCH", "/topics/held", {});
    const lists = ["/topics/held/configs:alter", "/brokers/1/configs:alter"];
    for (const path of [...lists, "/broker-configs:alter", "/topics/-/configs:alter"]) {
      await cluster.refused([422, 422], "POST", path, {});
      await cluster.refused([422, 422], "POST", path, { data: {} });
      await cluster.refused([422, 422], "POST", path, { data: [7] });
    }
    await cluster.refused([422, 422], "POST", "/acls:batch", {});
  });

  await t.step("numbers and texts that are too large", async () => {
    for (const partitions_count of [0, 2 ** 31 - 1]) {
      await cluster.refused([400, 40002], "POST", "/topics", { topic_name: "n", partitions_count });
    }
    for (const partitions_count of [-2, 1.5, 2 ** 31, "3", true]) {
      await cluster.refused([422, 422], "POST", "/topics", { topic_name: "n", partitions_count });
    }
    await cluster.refused([422, 422], "POST", "/topics", { topic_name: long });
    const configs = [{ name: long, value: "1" }];
    await cluster.refused([422, 422], "POST", "/topics", { topic_name: "n", configs });
    const option = "/topics/held/configs/retention.ms";
    await cluster.refused([422, 422], "PUT", option, { value: "9".repeat(40_000) });
    // More bytes than characters.
    await cluster.refused([422, 422], "PUT", option, { value: "é".repeat(20_000) });
  });

  await t.step("places in paths that can't be", async () => {
    for (const number of ["-1", "x", "99999999999", "1e3", "%00"]) {
      await cluster.refused([404, 404], "GET", `/topics/held/partitions/${number}`);
      await cluster.refused([404, 404], "GET", `/brokers/${number}/configs`);
    }
    for (const topic of ["..%2F", "%00", "a%2Fb", "%zz", "x".repeat(10_000)]) {
      await cluster.refused([400, 40002], "GET", `/topics/${topic}`);
    }
    for (const path of ["/links", "/links/a/mirrors", "/share-groups", "/configs:alter"]) {
      await cluster.refused([404, 404], "GET", path);
    }
    await cluster.refused([405, 405], "GET", "/topics/held/configs:alter");
    await cluster.refused([400, 400], "GET", "/topics?includeAuthorizedOperations=maybe");
  });

  await t.step("options that there are not", async () => {
    const value = { value: "1" };
    for (const owner of ["/topics/held/configs", "/brokers/1/configs", "/broker-configs"]) {
      const message = await cluster.refused([404, 404], "PUT", `${owner}/nothing`, value);
      assertStringIncludes(message, '"nothing"');
      await cluster.refused([404, 404], "DELETE", `${owner}/nothing`);
      const data = [{ name: "retention.ms", value: "1" }, { name: "nothing", value: "1" }];
      await cluster.refused([404, 404], "POST", `${owner}:alter`, { data });
    }
    await cluster.refused([404, 40403], "PUT", "/topics/none/configs/retention.ms", value);
  });

  await t.step("several topics together: each fails for itself", async () => {
    const topic = (topic_name: string, name: string, value = "5000") => ({
      topic_name,
      configs: [{ name, value }],
    });
    await cluster.is(201, "POST", "/topics", { topic_name: "other" });
    const data = [
      topic("none", "retention.ms"),
      topic("held", "retention.ms"),
      topic("other", "nothing"),
    ];
    const path = "/topics/-/configs:alter";
    const { failures } = await cluster.is(207, "POST", path, { data });
    assertEquals(
      failures.map((one: { topic_name: string; error_code: number }) => [
        one.topic_name,
        one.error_code,
      ]),
      [["none", 40403], ["other", 404]],
    );
    const option = "/topics/held/configs/retention.ms";
    assertEquals((await cluster.is(200, "GET", option)).value, "5000");
    const soon = { data: [topic("held", "retention.ms", "soon")] };
    assertEquals((await cluster.is(207, "POST", path, soon)).failures[0].error_code, 40002);
    const checked = { data: [topic("held", "retention.ms", "6000")], validate_only: true };
    assertEquals((await cluster.is(207, "POST", path, checked)).failures, []);
    assertEquals((await cluster.is(200, "GET", option)).value, "5000");
    assertEquals((await cluster.is(207, "POST", path, { data: [] })).failures, []);
    await cluster.refused([422, 422], "POST", path, { data: [...data, ...data] });
  });
  assertEquals(world.bugs, []);
});

Deno.test("members whose assignment is no assignment have no partitions", async () => {
  await using world = await startRestWorld();
  const cluster = await Cluster.of(world);
  const client = new KafkaClient({ bootstrap: [world.broker.bootstrap], clientId: "odd" });
  const { promise: assigned, resolve, reject } = Promise.withResolvers<void>();
  const membership = new GroupMembership(client, {
    groupId: "odd",
    protocolType: "consumer",
    protocols: () => [{ name: "range", metadata: new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0]) }],
    assign: (_, members) => new Map(members.map((m) => [m.memberId, new Uint8Array([0, 0, 255])])),
    onAssigned: () => resolve(),
    onRevoked() {},
    onFatal: reject,
  });
  membership.start();
  await assigned;
  const { data: groups } = await cluster.is(200, "GET", "/consumer-groups");
  assertEquals(groups.map((one: { state: string }) => one.state), ["STABLE"]);
  const brokers = `${world.url}${cluster.path}/brokers/1`;
  assertEquals(groups[0].coordinator.related, brokers);
  const { data: members } = await cluster.is(200, "GET", "/consumer-groups/odd/consumers");
  assertEquals(members.length, 1);
  const { json } = await world.ask("GET", members[0].assignments.related);
  assertEquals(json.data, []);
  await cluster.refused([404, 404], "GET", "/consumer-groups/odd/lag-summary");
  await membership.leave();
  await client.close();
  assertEquals(world.bugs, []);
});
