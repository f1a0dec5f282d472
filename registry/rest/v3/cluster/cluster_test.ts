import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { records, startRestWorld } from "../../testing/rest_world_test.ts";
import { Cluster } from "./cluster_asks_test.ts";

Deno.test("v3 tells of the cluster and changes it", async (t) => {
  await using world = await startRestWorld();
  const cluster = await Cluster.of(world);

  await t.step("the cluster and its brokers, with addresses that lead on", async () => {
    const { json: list } = await world.ask("GET", "/kafka/v3/clusters");
    assertEquals(list.kind, "KafkaClusterList");
    assertStringIncludes(list.data[0].brokers.related, "/kafka/v3/clusters/");
    const told = await cluster.is(200, "GET", "");
    assertEquals(told.kind, "KafkaCluster");
    assertMatch(told.metadata.resource_name, /^crn:\/\/\/kafka=/);
    const { json: brokers } = await world.ask("GET", told.brokers.related);
    assertEquals(brokers.data.map((one: { broker_id: number }) => one.broker_id), [1]);
    assertEquals((await cluster.is(200, "GET", "/brokers/1")).port, world.broker.port);
    await cluster.refused([404, 404], "GET", "/brokers/7");
    await cluster.refused([404, 404], "GET", "/brokers/one");
    await world.refused("GET", "/v3/clusters/other/topics", [404, 404]);
    await cluster.refused([404, 404], "GET", "/links");
  });

  await t.step("topics are made, told, grown", async () => {
    const made = await cluster.ask("POST", "/topics", {
      topic_name: "orders",
      partitions_count: 2,
      configs: [{ name: "retention.ms", value: "1000" }],
    });
    assertEquals(made.status, 201);
    assertEquals([made.json.partitions_count, made.json.replication_factor], [2, 1]);
    const valid = { topic_name: "maybe", partitions_count: 3, validate_only: true };
    assertEquals((await cluster.is(200, "POST", "/topics", valid)).partitions_count, 3);
    const names = (await cluster.is(200, "GET", "/topics")).data
      .map((topic: { topic_name: string }) => topic.topic_name);
    assert(names.includes("orders") && !names.includes("maybe"), names.join());
    const asked = "/topics/orders?include_authorized_operations=true";
    assert((await cluster.is(200, "GET", asked)).authorized_operations.includes("WRITE"));
    assertEquals(
      (await cluster.is(200, "PATCH", "/topics/orders", { partitions_count: 3 })).partitions_count,
      3,
    );
    const shrink = await cluster.refused([400, 40002], "PATCH", "/topics/orders", {
      partitions_count: 1,
    });
    assertStringIncludes(shrink, "orders");
    await cluster.refused([400, 40002], "POST", "/topics", { topic_name: "orders" });
    await cluster.refused([400, 40002], "POST", "/topics", { topic_name: "a/b" });
    await cluster.refused([400, 40002], "POST", "/topics", {
      topic_name: "wide",
      replication_factor: 3,
    });
    await cluster.refused([404, 40403], "GET", "/topics/none");
    await cluster.refused([422, 422], "POST", "/topics", { topic: "x" });
    await cluster.refused([422, 422], "POST", "/topics", { topic_name: 7 });
    await cluster.refused([400, 400], "POST", "/topics", "{");
    await cluster.refused([400, 400], "POST", "/topics", {
      topic_name: "both",
      partitions_count: 1,
      replicas_assignments: [{ partition_id: 0, broker_ids: [1] }],
    });
    const assigned = {
      topic_name: "placed",
      replicas_assignments: [{ partition_id: 0, broker_ids: [1] }],
    };
    assertEquals((await cluster.is(201, "POST", "/topics", assigned)).partitions_count, 1);
  });

  await t.step("partitions, replicas and offsets", async () => {
    const value = { body: { records: [{ value: 1, partition: 2 }] }, type: records("json") };
    assertEquals((await world.ask("POST", "/topics/orders", value)).status, 200);
    assertEquals((await cluster.is(200, "GET", "/topics/orders/partitions")).data.length, 3);
    const offset = await cluster.is(200, "GET", "/topics/orders/partitions/2/offset");
    assertEquals([offset.earliest_offset, offset.latest_offset], [0, 1]);
    await cluster.refused([400, 400], "GET", "/topics/orders/partitions/2/offset?offset_type=x");
    await cluster.refused([404, 40403], "GET", "/topics/orders/partitions/9");
    const replica = await cluster.is(200, "GET", "/topics/orders/partitions/0/replicas/1");
    assertEquals([replica.is_leader, replica.is_in_sync], [true, true]);
    await cluster.refused([404, 404], "GET", "/topics/orders/partitions/0/replicas/2");
    await cluster.refused([404, 404], "GET", "/topics/orders/partitions/0/reassignment");
    for (const path of ["/topics/orders", "/topics/-"]) {
      const list = await cluster.is(200, "GET", `${path}/partitions/-/reassignment`);
      assertEquals(list.data, []);
    }
    const held = (await cluster.is(200, "GET", "/brokers/1/partition-replicas")).data;
    assertEquals(
      held.filter((one: { topic_name: string }) => one.topic_name === "orders").length,
      3,
    );
  });

  await t.step("options are told with sources, set, altered together and taken back", async () => {
    const path = "/topics/orders/configs";
    const retention = await cluster.is(200, "GET", `${path}/retention.ms`);
    assertEquals([retention.value, retention.source], ["1000", "DYNAMIC_TOPIC_CONFIG"]);
    await cluster.is(204, "PUT", `${path}/retention.ms`, { value: "5000" });
    await cluster.is(204, "POST", `${path}:alter`, {
      data: [{ name: "segment.bytes", value: "2000000" }, {
        name: "retention.ms",
        operation: "DELETE",
      }],
    });
    const all = (await cluster.is(200, "GET", path)).data as {
      name: string;
      value: string;
      is_default: boolean;
    }[];
    const told = (name: string) => all.find((one) => one.name === name)!;
    assertEquals(told("segment.bytes").value, "2000000");
    assertEquals(told("retention.ms").is_default, true);
    await cluster.is(204, "POST", `${path}:alter`, {
      data: [{ name: "segment.bytes", value: "3000000" }],
      validate_only: true,
    });
    assertEquals((await cluster.is(200, "GET", `${path}/segment.bytes`)).value, "2000000");
    await cluster.is(204, "DELETE", `${path}/segment.bytes`);
    await cluster.refused([404, 404], "GET", `${path}/nothing`);
    await cluster.refused([404, 404], "PUT", `${path}/nothing`, { value: "1" });
    await cluster.refused([400, 40002], "PUT", `${path}/retention.ms`, { value: "soon" });
    await cluster.refused([422, 422], "POST", `${path}:alter`, {
      data: [{ name: "x", operation: "ADD" }],
    });
    const some = await cluster.is(207, "POST", "/topics/-/configs:alter", {
      data: ["orders", "none"].map((topic_name) => ({
        topic_name,
        configs: [{ name: "retention.ms", value: "7000" }],
      })),
    });
    assertEquals(
      some.failures.map((
        one: { topic_name: string; error_code: number },
      ) => [one.topic_name, one.error_code]),
      [["none", 40403]],
    );
    const allTopics = (await cluster.is(200, "GET", "/topics/-/configs")).data;
    assert(allTopics.some((one: { topic_name: string }) => one.topic_name === "placed"));
  });

  await t.step("options of a broker and of all brokers", async () => {
    assertEquals((await cluster.is(200, "GET", "/brokers/1/configs/node.id")).value, "1");
    await cluster.is(204, "PUT", "/broker-configs/log.retention.ms", { value: "99999" });
    const told = await cluster.is(200, "GET", "/broker-configs/log.retention.ms");
    assertEquals([told.value, told.config_type], ["99999", "BROKER"]);
    await cluster.is(204, "DELETE", "/broker-configs/log.retention.ms");
    await cluster.refused([404, 404], "GET", "/broker-configs/log.retention.ms");
    assert((await cluster.is(200, "GET", "/brokers/-/configs")).data.length > 100);
    await cluster.refused([400, 40002], "PUT", "/brokers/1/configs/node.id", { value: "2" });
    await cluster.refused([404, 404], "GET", "/brokers/7/configs");
    await cluster.refused([404, 404], "POST", "/brokers/7/configs:alter", { data: [] });
  });

  await t.step("groups, their members and how far behind they are", async () => {
    const v2 = (method: string, path: string, body: unknown) => world.ask(method, path, { body });
    const { json } = await v2("POST", "/consumers/readers", {
      "format": "json",
      "auto.offset.reset": "earliest",
      "auto.commit.enable": "false",
    });
    await v2("POST", `${json.base_uri}/subscription`, { topics: ["orders"] });
    let read: unknown[] = [];
    while (read.length === 0) {
      const accept = records("json");
      read = (await world.ask("GET", `${json.base_uri}/records?timeout=500`, { accept })).json;
    }
    await v2("POST", `${json.base_uri}/offsets`, {
      offsets: [{ topic: "orders", partition: 2, offset: 0 }],
    });
    await world.ask("POST", "/topics/orders", {
      body: { records: [{ value: 2, partition: 2 }] },
      type: records("json"),
    });
    const group = await cluster.is(200, "GET", "/consumer-groups/readers");
    assertEquals([group.state, group.type, group.is_simple], ["STABLE", "CLASSIC", false]);
    const ids = (await cluster.is(200, "GET", "/consumer-groups")).data
      .map((one: { consumer_group_id: string }) => one.consumer_group_id);
    assertEquals(ids, ["readers"]);
    const [member] = (await cluster.is(200, "GET", "/consumer-groups/readers/consumers")).data;
    const path = `/consumer-groups/readers/consumers/${encodeURIComponent(member.consumer_id)}`;
    assertEquals((await cluster.is(200, "GET", path)).consumer_id, member.consumer_id);
    assertEquals((await cluster.is(200, "GET", `${path}/assignments`)).data.length, 3);
    await cluster.is(200, "GET", `${path}/assignments/orders/partitions/2`);
    await cluster.refused([404, 404], "GET", `${path}/assignments/orders/partitions/5`);
    const lag = await cluster.is(200, "GET", "/consumer-groups/readers/lags/orders/partitions/2");
    assertEquals([lag.current_offset, lag.log_end_offset, lag.lag], [1, 2, 1]);
    assertEquals(lag.consumer_id, member.consumer_id);
    const summary = await cluster.is(200, "GET", "/consumer-groups/readers/lag-summary");
    assertEquals([summary.max_lag, summary.total_lag, summary.max_lag_partition_id], [1, 1, 2]);
    assertEquals((await cluster.is(200, "GET", "/consumer-groups/readers/lags")).data.length, 1);
    await cluster.refused([404, 404], "GET", "/consumer-groups/none");
    await cluster.refused([404, 404], "GET", "/consumer-groups/readers/consumers/none");
    await world.ask("DELETE", json.base_uri);
  });

  await t.step("ACLs are refused as by a cluster without an authorizer", async () => {
    const acl = {
      resource_type: "topic",
      resource_name: "orders",
      pattern_type: "literal",
      principal: "User:ana",
      host: "*",
      operation: "read",
      permission: "allow",
    };
    await cluster.refused([400, 40002], "GET", "/acls");
    await cluster.refused([400, 40002], "POST", "/acls", acl);
    await cluster.refused([400, 40002], "POST", "/acls:batch", { data: [acl] });
    const kinds = "resource_type=topic&pattern_type=literal&operation=read&permission=allow";
    await cluster.refused([400, 40002], "DELETE", `/acls?${kinds}`);
    await cluster.refused([400, 400], "DELETE", "/acls?resource_type=topic");
    await cluster.refused([400, 400], "POST", "/acls", { ...acl, operation: "any" });
    await cluster.refused([400, 400], "GET", "/acls?operation=dance");
    await cluster.refused([422, 422], "POST", "/acls", { ...acl, more: 1 });
  });

  await t.step("topics are deleted once", async () => {
    await cluster.is(204, "DELETE", "/topics/placed");
    await cluster.refused([404, 40403], "DELETE", "/topics/placed");
  });

  assertEquals(world.bugs, []);
});
