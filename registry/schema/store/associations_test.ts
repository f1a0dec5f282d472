import { assertEquals } from "@std/assert";
import { readAssociationRequest } from "./association_request.ts";
import { codeOf, Registry } from "./harness_test.ts";
import type { JsonObject } from "./json.ts";

const INT = { schema: '"int"' };
const LONG = { schema: '"long"' };

function associate(
  registry: Registry,
  associations: JsonObject[],
  options: { update?: boolean; context?: string; nowMs?: number } = {},
) {
  const request = readAssociationRequest({
    ...{ resourceName: "orders", resourceNamespace: "lkc", resourceId: "id-1", associations },
  });
  return registry.write(registry.store.decideAssociate(request, { nowMs: 5, ...options }));
}

Deno.test("a STRONG association makes the resource's own subjects, with ids of their own", () => {
  const registry = new Registry();
  const answer = associate(registry, [
    { associationType: "key", schema: INT },
    { associationType: "value", schema: LONG, frozen: true },
  ]);
  assertEquals([answer["resourceId"], answer["resourceType"]], ["id-1", "topic"]);
  assertEquals(registry.store.subjects(), [":.lkc:orders-key", ":.lkc:orders-value"]);
  assertEquals(registry.store.version(":.lkc:orders-value", 1)["id"], 2);
  const [key, value] = registry.store.associationsOfName("-", "orders");
  const { guid, ...rest } = key!;
  assertEquals(typeof guid, "string");
  assertEquals(rest, {
    subject: ":.lkc:orders-key",
    resourceName: "orders",
    resourceNamespace: "lkc",
    resourceId: "id-1",
    resourceType: "topic",
    associationType: "key",
    lifecycle: "STRONG",
    frozen: false,
  });
  assertEquals(value!["frozen"], true);
});

Deno.test("two equal schemas of one request share an id", () => {
  const registry = new Registry();
  associate(registry, [
    { associationType: "key", schema: INT },
    { associationType: "value", schema: INT },
  ]);
  assertEquals(registry.store.subjectsOfId(1).length, 2);
});

Deno.test("a WEAK association needs a subject that is there, and can't be frozen", () => {
  const registry = new Registry();
  const weak = { lifecycle: "WEAK" };
  assertEquals(codeOf(() => associate(registry, [weak])), 42212);
  assertEquals(codeOf(() => associate(registry, [{ ...weak, subject: "s" }])), 40401);
  registry.put("s", INT);
  assertEquals(codeOf(() => associate(registry, [{ ...weak, subject: "s", frozen: true }])), 42212);
  associate(registry, [{ subject: "s" }]);
  const [association] = registry.store.associationsOfSubject("s");
  assertEquals(association!["lifecycle"], "WEAK");
});

Deno.test("what a resource has can't be made again otherwise, but updated", () => {
  const registry = new Registry();
  associate(registry, [{ schema: INT }]);
  assertEquals(associate(registry, [{}])["associations"], [{
    subject: ":.lkc:orders-value",
    associationType: "value",
    lifecycle: "STRONG",
    frozen: false,
  }]);
  assertEquals(codeOf(() => associate(registry, [{ frozen: true }])), 40902);
  registry.put("s", INT);
  assertEquals(codeOf(() => associate(registry, [{ subject: "s" }], { update: true })), 40902);
  associate(registry, [{ frozen: true }], { update: true });
  assertEquals(codeOf(() => associate(registry, [{ frozen: false }], { update: true })), 40905);
  assertEquals(codeOf(() => associate(registry, [{ schema: LONG }], { update: true })), 40905);
});

Deno.test("a subject that belongs to one resource can't be another's", () => {
  const registry = new Registry();
  associate(registry, [{ schema: INT }]);
  const request = readAssociationRequest({
    ...{ resourceName: "other", resourceNamespace: "lkc", resourceId: "id-2" },
    associations: [{ subject: ":.lkc:orders-value" }],
  });
  const decide = () => registry.store.decideAssociate(request, { nowMs: 1 });
  assertEquals(codeOf(decide), 40903);
});

Deno.test("associations protect their subjects, frozen ones from new versions too", () => {
  const registry = new Registry();
  const { store } = registry;
  associate(registry, [{ schema: INT, frozen: true }]);
  const subject = ":.lkc:orders-value";
  assertEquals(registry.put(subject, INT), [1, 1]);
  assertEquals(codeOf(() => registry.register(subject, LONG)), 40905);
  assertEquals(codeOf(() => store.decideDeleteSubject(subject)), 40904);
  assertEquals(codeOf(() => store.decideDeleteVersion(subject, 1)), 40907);
});

Deno.test("associations go with their resource, and STRONG subjects with them when asked", () => {
  const registry = new Registry();
  const { store } = registry;
  registry.put("s", INT);
  associate(registry, [
    { associationType: "key", subject: "s" },
    { associationType: "value", schema: LONG, frozen: true },
  ]);
  assertEquals(codeOf(() => store.decideDeleteAssociations("id-2")), 40410);
  assertEquals(codeOf(() => store.decideDeleteAssociations("id-1")), 40905);
  registry.write(store.decideDeleteAssociations("id-1", { associationTypes: ["key"] }));
  assertEquals(store.associationsOfResource("id-1").length, 1);
  registry.write(store.decideDeleteAssociations("id-1", { cascadeLifecycle: true }));
  assertEquals(store.associationsOfResource("id-1"), []);
  assertEquals(store.subjects(), ["s"]);
  assertEquals(store.subjects({ deletedOnly: true }), [":.lkc:orders-value"]);
});

Deno.test("lists are filtered by namespace, kind of resource, type and lifecycle", () => {
  const registry = new Registry();
  const { store } = registry;
  registry.put("s", INT);
  associate(registry, [{ associationType: "key", subject: "s" }, { schema: LONG }]);
  const count = (list: JsonObject[]) => list.length;
  assertEquals(count(store.associationsOfName("lkc", "orders")), 2);
  assertEquals(count(store.associationsOfName("other", "orders")), 0);
  assertEquals(count(store.associationsOfName("-", "orders", { lifecycle: "WEAK" })), 1);
  assertEquals(count(store.associationsOfName("-", "orders", { associationTypes: ["value"] })), 1);
  assertEquals(count(store.associationsOfName("-", "orders", { resourceType: "table" })), 0);
  assertEquals(store.schemas({ lifecycle: "WEAK" }).map(({ subject }) => subject), ["s"]);
});

Deno.test("the context of a request is that of subjects without one", () => {
  const registry = new Registry();
  associate(registry, [{ subject: "s", schema: INT }], { context: ".c" });
  assertEquals(registry.store.subjects(), [":.c:s"]);
});

Deno.test("associations are there again after a restart", () => {
  const registry = new Registry();
  associate(registry, [{ schema: INT }]);
  const before = registry.store.associationsOfResource("id-1");
  assertEquals(registry.restarted(true).associationsOfResource("id-1"), before);
});

Deno.test("a request for associations that makes no sense is 42212", () => {
  const associations = [{}];
  for (
    const body of [
      { resourceId: "x", associations: [] },
      { resourceId: "x", associations: [{}, {}] },
      { resourceId: "x", associations: [{ associationType: "header" }] },
      { resourceId: "x", associations: [{ lifecycle: "SHORT" }] },
    ]
  ) assertEquals(codeOf(() => readAssociationRequest(body)), 42212, JSON.stringify(body));
  const registry = new Registry();
  const decide = (body: JsonObject) => () =>
    registry.store.decideAssociate(readAssociationRequest(body), { nowMs: 1 });
  assertEquals(codeOf(decide({ associations })), 42212);
  assertEquals(codeOf(decide({ associations, resourceId: "x" })), 42212);
});
