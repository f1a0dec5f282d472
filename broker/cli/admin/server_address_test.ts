import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../command_error.ts";
import { formatServerAddress, parseServerAddresses } from "./server_address.ts";

Deno.test("parseServerAddresses() reads hosts, ports, IPv6, listener names and lists", () => {
  assertEquals(parseServerAddresses("localhost:9092"), [{ host: "localhost", port: 9092 }]);
  assertEquals(parseServerAddresses("a.b-c:1, 10.0.0.1:65535"), [
    { host: "a.b-c", port: 1 },
    { host: "10.0.0.1", port: 65535 },
  ]);
  assertEquals(parseServerAddresses("[::1]:9092"), [{ host: "::1", port: 9092 }]);
  assertEquals(parseServerAddresses("PLAINTEXT://kafka:29092"), [{ host: "kafka", port: 29092 }]);
});

Deno.test("parseServerAddresses() takes 9092 where the port is left out", () => {
  assertEquals(parseServerAddresses("kafka,[fe80::1]"), [
    { host: "kafka", port: 9092 },
    { host: "fe80::1", port: 9092 },
  ]);
});

Deno.test("parseServerAddresses() names the part that is no address", () => {
  for (const wrong of ["", ",", "a:0", "a:65536", "a:b", "::1:9092", "a b:1", "http://a/b:1"]) {
    assertThrows(() => parseServerAddresses(wrong), UsageError, `--bootstrap-server ${wrong}:`);
  }
  assertThrows(() => parseServerAddresses("ok:1,no:x"), UsageError, "no:x");
});

Deno.test("formatServerAddress() puts IPv6 addresses in brackets", () => {
  assertEquals(formatServerAddress({ host: "::1", port: 9092 }), "[::1]:9092");
  assertEquals(formatServerAddress({ host: "kafka", port: 9092 }), "kafka:9092");
});
