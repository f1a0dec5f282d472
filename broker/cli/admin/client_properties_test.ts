import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { CommandError } from "../command_error.ts";
import { memoryIo } from "../testing/memory_io.ts";
import { ClientProperties } from "./client_properties.ts";

Deno.test("load() lays inline properties over the file's", async () => {
  const io = memoryIo({ files: { "p.properties": "client.id=file\nacks = 1 \n" } });
  const properties = await ClientProperties.load(
    "p.properties",
    io,
    new Map([["client.id", "inline"]]),
  );
  assertEquals(properties.text("client.id"), "inline");
  assertEquals(properties.text("acks"), "1");
  assertEquals(properties.text("linger.ms"), null);
});

Deno.test("load() names a file that is not there", async () => {
  await assertRejects(
    () => ClientProperties.load("gone.properties", memoryIo()),
    CommandError,
    "Cannot read gone.properties",
  );
});

Deno.test("a security protocol that is not served is refused instead of ignored", () => {
  for (const protocol of ["SSL", "sasl_plaintext", "SASL_SSL"]) {
    assertThrows(
      () => new ClientProperties(new Map([["security.protocol", protocol]])),
      CommandError,
      protocol.toUpperCase(),
    );
  }
  new ClientProperties(new Map([["security.protocol", "PLAINTEXT"]]));
});

Deno.test("integer() and oneOf() name property, value and what is allowed", () => {
  const properties = new ClientProperties(new Map([["a", "12"], ["b", "x"], ["c", "ALL"]]));
  assertEquals(properties.integer("a", { min: 0, max: 12 }), 12);
  assertEquals(properties.integer("none", { min: 0, max: 12 }), null);
  assertThrows(() => properties.integer("a", { min: 0, max: 11 }), CommandError, "a=12");
  assertThrows(() => properties.integer("b", { min: 0, max: 11 }), CommandError, "b=x");
  assertEquals(properties.oneOf("c", ["all", "1"]), "all");
  assertThrows(() => properties.oneOf("b", ["all", "1"]), CommandError, "all, 1");
});

Deno.test("warning() names what nothing asked for, but not what does no harm", () => {
  const properties = new ClientProperties(
    new Map([["acks", "1"], ["foo", "2"], ["key.serializer", "org.x.Y"], ["bar", "3"]]),
  );
  properties.text("acks");
  assertEquals(properties.warning(), "Warning: ignored properties: foo, bar\n");
  properties.text("foo");
  properties.text("bar");
  assertEquals(properties.warning(), "");
});
