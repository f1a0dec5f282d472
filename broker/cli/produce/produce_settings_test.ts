import { assertEquals, assertThrows } from "@std/assert";
import { ClientProperties } from "../admin/mod.ts";
import { CommandError, UsageError } from "../command_error.ts";
import { parseFlags } from "../flags.ts";
import { sendFlags, sendSettings } from "./produce_settings.ts";

function settings(args: readonly string[], properties: Record<string, string> = {}) {
  return sendSettings(
    parseFlags(sendFlags, args).flags,
    new ClientProperties(new Map(Object.entries(properties))),
  );
}

Deno.test("sendSettings() waits for all replicas, idempotent, when nothing is said", () => {
  const { acks, isIdempotent, compression, batchBytesMax, clientId } = settings([]);
  assertEquals({ acks, isIdempotent, compression, batchBytesMax, clientId }, {
    acks: -1,
    isIdempotent: true,
    compression: "none",
    batchBytesMax: 16384,
    clientId: "console-producer",
  });
});

Deno.test("sendSettings() is idempotent only with all replicas", () => {
  assertEquals(settings(["--request-required-acks", "1"]).isIdempotent, false);
  assertEquals(settings(["--request-required-acks", "all"]).isIdempotent, true);
  assertEquals(settings([], { acks: "0" }).acks, 0);
  assertEquals(settings([], { "enable.idempotence": "false" }).isIdempotent, false);
});

Deno.test("a flag goes before the property of the same meaning", () => {
  assertEquals(settings(["--batch-size", "5"], { "batch.size": "7" }).batchBytesMax, 5);
  assertEquals(settings([], { "batch.size": "7" }).batchBytesMax, 7);
  assertEquals(settings(["--request-required-acks", "1"], { acks: "0" }).acks, 1);
  assertEquals(settings(["--max-partition-memory-bytes", "9"]).batchBytesMax, 9);
});

Deno.test("--compression-codec without a codec means gzip", () => {
  assertEquals(settings(["--compression-codec"]).compression, "gzip");
  assertEquals(settings(["--compression-codec", "ZSTD"]).compression, "zstd");
  assertEquals(settings([], { "compression.type": "lz4" }).compression, "lz4");
  assertThrows(() => settings(["--compression-codec", "brotli"]), UsageError, "brotli");
});

Deno.test("sendSettings() names what cannot be used", () => {
  assertThrows(() => settings(["--request-required-acks", "2"]), UsageError, "2");
  assertThrows(() => settings([], { acks: "2" }), CommandError, "acks=2");
  assertThrows(() => settings([], { "batch.size": "-1" }), CommandError, "batch.size=-1");
  assertThrows(() => settings(["--line-reader", "com.example.Reader"]), UsageError, "com.example");
  settings(["--line-reader", "org.apache.kafka.tools.LineMessageReader"]);
});
