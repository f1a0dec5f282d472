import { assert, assertEquals } from "@std/assert";
import { DEFAULT_LOG_SETTINGS } from "../log/settings.ts";
import { loadConfig } from "./load_config.ts";
import { topicSettings } from "./topic_settings.ts";

Deno.test("topicSettings() of a bare node are Kafka's defaults", async () => {
  const { config } = await loadConfig({});
  assertEquals(topicSettings(config), DEFAULT_LOG_SETTINGS);
  assert(topicSettings(config) === topicSettings(config), "resolved once");
});

Deno.test("topicSettings() prefers the topic, then the broker's smallest unit", async () => {
  const { config } = await loadConfig({
    overrides: [
      "log.retention.hours=2",
      "log.retention.minutes=3",
      "log.roll.hours=1",
      "log.flush.scheduler.interval.ms=9",
      "log.cleanup.policy=compact",
      "message.max.bytes=77",
    ],
  });
  const settings = topicSettings(config, new Map([["max.message.bytes", "88"]]));
  assertEquals(settings.retentionMs, 180_000);
  assertEquals(settings.segmentMs, 3_600_000);
  assertEquals(settings.flushMs, 9);
  assertEquals(settings.cleanupPolicy, { compact: true, delete: false });
  assertEquals(settings.maxMessageBytes, 88);
  assertEquals(topicSettings(config).maxMessageBytes, 77);
});

Deno.test("topicSettings() saturates longs and passes over what does not parse", async () => {
  const { config } = await loadConfig({ overrides: ["log.retention.minutes=-5"] });
  const settings = topicSettings(
    config,
    new Map([
      ["flush.ms", "9223372036854775807"],
      ["segment.bytes", "many"],
      ["internal.segment.bytes", "1000"],
      ["no.such", "1"],
      ["cleanup.policy", ""],
    ]),
  );
  assertEquals(settings.flushMs, Number.MAX_SAFE_INTEGER);
  assertEquals(settings.segmentBytes, 1000);
  assertEquals(settings.retentionMs, -1);
  assertEquals(settings.cleanupPolicy, { compact: false, delete: false });
});
