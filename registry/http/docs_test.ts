import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createRoute, z } from "@hono/zod-openapi";
import { serving } from "./harness_test.ts";

Deno.test("/openapi.json is OpenAPI 3.1 of the routes that are registered", async () => {
  await using server = await serving((app) => {
    app.openAPIRegistry.registerPath(createRoute({
      method: "get",
      path: "/things/{id}",
      request: { params: z.object({ id: z.string() }) },
      responses: { 200: { description: "A thing." } },
    }));
  });
  const response = await fetch(`${server.url}/openapi.json`);
  assertEquals(response.headers.get("Content-Type"), "application/json");
  const document = await response.json();
  assertEquals(document.openapi, "3.1.0");
  assertEquals(document.info.title, "Test");
  assertEquals(Object.keys(document.paths), ["/things/{id}"]);
});

Deno.test("/docs loads all that it names from the service, and may load from nowhere else", async () => {
  await using server = await serving(() => {});
  const page = await fetch(`${server.url}/docs`);
  const html = await page.text();
  assertStringIncludes(page.headers.get("Content-Security-Policy")!, "default-src 'self'");
  const names = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name]) => name!)
    .filter((name) => !name.startsWith("data:"));
  assertEquals(names.length, 3);
  for (const name of names) {
    assert(!name.includes("//"), name);
    const asset = await fetch(new URL(name, `${server.url}/docs`));
    assertEquals(asset.status, 200, name);
    assertMatch(asset.headers.get("Content-Type")!, /^text\/(css|javascript)/);
    assert((await asset.text()).length > 50);
  }
  const withSlash = await fetch(`${server.url}/docs/`);
  assertEquals(withSlash.url, `${server.url}/docs`);
  await withSlash.body!.cancel();
});

Deno.test("/docs/ gives no file but its own", async () => {
  await using server = await serving(() => {});
  for (const name of ["package.json", "..%2F..%2Fdeno.json", "constructor", "__proto__", "%00"]) {
    const response = await fetch(`${server.url}/docs/${name}`);
    assertEquals([response.status, (await response.json()).error_code], [404, 404], name);
  }
});
