/** A topic that another registry wrote, and the calls that made it write so. */
import { assert, assertEquals } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { readConfigUpdate } from "./config.ts";
import { avro, codeOf, errorOf, makeStore, Registry } from "./harness_test.ts";
import type { JsonObject } from "./json.ts";
import { statusOf } from "./registry_error.ts";
import { readSchemaRequest, readVersion } from "./request.ts";
import type { SchemaStore } from "./store.ts";

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: JsonObject | null;
  readonly status: number;
  readonly answer: unknown;
}

function vector(name: string): string {
  const path = new URL(`../../../tests/vectors/${name}.gz`, import.meta.url);
  return gunzipSync(Deno.readFileSync(path)).toString();
}

const records: { key: string; value: string }[] = vector("schemas_topic_records.jsonl")
  .trim().split("\n").map((line) => JSON.parse(line));
const calls: readonly Call[] = JSON.parse(vector("schemas_topic_requests.json"));

/** A store on the first `count` records. */
function started(count = records.length): SchemaStore {
  const store = makeStore();
  const bytes = (text: string) => new TextEncoder().encode(text);
  for (const { key, value } of records.slice(0, count)) {
    assertEquals(store.replay(bytes(key), bytes(value)).kind, "applied");
  }
  return store;
}

Deno.test("a topic of another registry gives its subjects, versions and ids", () => {
  const store = started();
  const last = calls.at(-1)!.answer as JsonObject[];
  const facts = (list: JsonObject[]) =>
    list.map(({ subject, version, id, schemaType, schema, references }) => ({
      ...{ subject, version, id, schemaType, schema, references: references ?? null },
    })).sort((a, b) => Number(a.id) - Number(b.id));
  assertEquals(facts(store.schemas()), facts(last));
  assertEquals(store.subjects({ deleted: true }), [
    "base-value",
    "common-proto",
    "customer-value",
    "event-value",
    "invoice-value",
  ]);
  assertEquals(store.config(null), { compatibilityLevel: "BACKWARD" });
  assertEquals(codeOf(() => store.config("orders-value")), 40408);
  assertEquals(store.referencedBy("base-value", 1), [7]);
});

Deno.test("a topic of another registry gives the state after each of its records", () => {
  const level = (count: number) => started(count).config(null)["compatibilityLevel"];
  assertEquals([level(4), level(5), level(6)], ["BACKWARD", "FORWARD", "BACKWARD"]);
  assertEquals(started(4).config("orders-value")["compatibilityLevel"], "FULL_TRANSITIVE");
  assertEquals(started(13).versions("orders-copy-value", { deletedOnly: true }), [1]);
  assertEquals(codeOf(() => started(14).versions("orders-copy-value", { deleted: true })), 40401);
  assertEquals(started(15).subjects({ deletedOnly: true }), ["orders-value"]);
  assertEquals(started(15).versions("orders-value", { deleted: true }), [1, 2]);
});

Deno.test("what another registry registered is known here however it is written", () => {
  const store = started(3);
  const request = readSchemaRequest(calls[3]!.body);
  assertEquals(store.lookup("orders-value", request)["id"], 1);
  const { records: written, result } = store.decideRegister("orders-value", request);
  assertEquals([written, result["id"], result["version"]], [[], 1, 1]);
});

Deno.test("ids go on behind the largest one that another registry gave", () => {
  const { result } = started().decideRegister("new", readSchemaRequest(avro("New", "a:int")));
  assertEquals(result["id"], 8);
});

/** Carries a recorded call out. */
function perform(registry: Registry, { method, path, body }: Call): unknown {
  const { store } = registry;
  const url = new URL(path, "http://registry");
  const [root, ...rest] = url.pathname.slice(1).split("/");
  const permanent = url.searchParams.get("permanent") === "true";
  const deleted = url.searchParams.get("deleted") === "true";
  const [subject, , version] = rest;
  switch (`${method} ${root} ${rest.length}`) {
    case "GET subjects 0":
      return store.subjects({ deleted });
    case "GET schemas 0":
      return store.schemas();
    case "GET schemas 2":
      return store.schemaById(Number(rest[1]));
    case "GET config 0":
      return store.config(null);
    case "GET mode 0":
      return store.mode(null);
    case "POST subjects 1":
      return store.lookup(subject!, readSchemaRequest(body));
    case "POST subjects 2":
      return registry.register(subject!, body!);
    case "DELETE subjects 1":
      return registry.write(store.decideDeleteSubject(subject!, { permanent }));
    case "DELETE subjects 3":
      return registry.write(
        store.decideDeleteVersion(subject!, readVersion(version!), { permanent }),
      );
    case "PUT config 0":
    case "PUT config 1":
      return registry.write(store.decideSetConfig(subject ?? null, readConfigUpdate(body)));
    case "DELETE config 1":
      return registry.write(store.decideDeleteConfig(subject!));
    default:
      throw new Error(`no such call here: ${method} ${path}`);
  }
}

/** The parts of an answer in which registries agree: text is canonical in each one's own way. */
function shared(answer: unknown): unknown {
  if (Array.isArray(answer)) {
    const items = answer.map(shared);
    return items.sort((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  }
  if (typeof answer !== "object" || answer === null) return answer;
  const { subject, version, id, compatibility, compatibilityLevel, mode, references } = answer as
    & JsonObject
    & { readonly [key: string]: unknown };
  return { subject, version, id, compatibility, compatibilityLevel, mode, references };
}

/** What of `ours` `theirs` has: other registries leave parts out that this one answers. */
function within(ours: unknown, theirs: unknown): unknown {
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    return ours.map((item, index) => within(item, theirs[index]));
  }
  if (typeof ours !== "object" || typeof theirs !== "object" || !ours || !theirs) return ours;
  return Object.fromEntries(
    Object.entries(ours).map(([key, value]) => {
      const known = (theirs as JsonObject)[key] ?? undefined;
      return [key, known === undefined ? undefined : value];
    }),
  );
}

Deno.test("recorded calls end as they did with the other registry", () => {
  const registry = new Registry();
  for (const call of calls) {
    const { method, path, status, answer } = call;
    // That one has no mode writes, keeps ids whose schemas are gone for good, and answers the
    // deletion of a config with the level that holds next.
    if (
      status === 405 || path === "/schemas/ids/1" ||
      method === "DELETE" && path.startsWith("/config")
    ) {
      continue;
    }
    const what = `${method} ${path} ${JSON.stringify(call.body)}`;
    if (status !== 200) {
      const error = errorOf(() => perform(registry, call));
      assert(error !== null, what);
      const { error_code } = answer as { error_code: number };
      assertEquals([error.errorCode, statusOf(error.errorCode)], [error_code, status], what);
      continue;
    }
    const theirs = normal(shared(answer));
    assertEquals(normal(within(shared(perform(registry, call)), theirs)), theirs, what);
  }
});

/** Without the parts that are null or undefined. */
function normal(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, part) => part ?? undefined));
}
