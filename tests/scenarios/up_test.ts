/** `kafkats up` as a user meets it: three services in one process, curl's requests, one signal. */
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { CheckError } from "../clients/suite.ts";
import { startTestServices } from "../clients/test_services.ts";

const JSON_V2 = "application/vnd.kafka.json.v2+json";
const V2 = "application/vnd.kafka.v2+json";
const AVRO_V2 = "application/vnd.kafka.avro.v2+json";

async function call(
  method: string,
  url: string,
  { body, type = V2, accept = V2 }: { body?: unknown; type?: string; accept?: string } = {},
): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    headers: { Accept: accept, ...(body === undefined ? {} : { "Content-Type": type }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return text === "" ? null : JSON.parse(text);
}

Deno.test("kafkats up takes records by HTTP, gives them back, keeps schemas, ends on a signal", async () => {
  await using services = await startTestServices();
  const { restUrl, registryUrl } = services;
  const records = [{ value: { user: "ana" } }];
  const produced = await call("POST", `${restUrl}/topics/user-events`, {
    body: { records },
    type: JSON_V2,
  });
  assertEquals(produced, {
    offsets: [{ partition: 0, offset: 0, error_code: null, error: null }],
    key_schema_id: null,
    value_schema_id: null,
  });
  const { base_uri: base } = await call("POST", `${restUrl}/consumers/readers`, {
    body: { format: "json", "auto.offset.reset": "earliest" },
  }) as { base_uri: string };
  await call("POST", `${base}/subscription`, { body: { topics: ["user-events"] } });
  let read: unknown[] = [];
  while (read.length === 0) {
    read = await call("GET", `${base}/records?timeout=500`, { accept: JSON_V2 }) as unknown[];
  }
  const record = {
    topic: "user-events",
    key: null,
    value: { user: "ana" },
    partition: 0,
    offset: 0,
  };
  assertEquals(read, [record]);
  await call("DELETE", base);

  const schema = JSON.stringify({
    type: "record",
    name: "User",
    fields: [{ name: "user", type: "string" }],
  });
  const { id } = await call("POST", `${registryUrl}/subjects/users-value/versions`, {
    body: { schema },
    type: "application/json",
    accept: "*/*",
  }) as { id: number };
  const { value_schema_id: used } = await call("POST", `${restUrl}/topics/users`, {
    body: { value_schema: schema, records },
    type: AVRO_V2,
  }) as { value_schema_id: number };
  assertEquals(used, id);
  assertEquals(await services.stop(), 0);
});

Deno.test("kafkats up ends with one sentence when a port is taken", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const listener = `http://127.0.0.1:${taken.addr.port}`;
  const flags = [`--rest-override=listeners=${listener}`];
  const error = await assertRejects(() => startTestServices({ flags }), CheckError);
  assertMatch(error.message, new RegExp(`Cannot listen on ${listener}: the port is in use`));
});
