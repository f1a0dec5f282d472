import { assertEquals, assertThrows } from "@std/assert";
import { ClientProperties } from "../admin/mod.ts";
import { CommandError, UsageError } from "../command_error.ts";
import { parseFlags } from "../flags.ts";
import { readFlags, readSettings } from "./consume_settings.ts";

function settings(line: string, properties: Record<string, string> = {}) {
  return readSettings(
    parseFlags(readFlags, line.split(" ").filter((each) => each !== "")).flags,
    new ClientProperties(new Map(Object.entries(properties))),
  );
}

Deno.test("readSettings() reads on from the end, without a group, when nothing is said", () => {
  const { topic, group, startAt, reset, countMax, idleMsMax, isolation } = settings("--topic t");
  assertEquals({ topic, group, startAt, reset, countMax, idleMsMax, isolation }, {
    topic: "t",
    group: null,
    startAt: "latest",
    reset: "latest",
    countMax: Infinity,
    idleMsMax: Infinity,
    isolation: "read_uncommitted",
  });
});

Deno.test("readSettings() knows where to begin", () => {
  assertEquals(settings("--topic t --from-beginning").startAt, "earliest");
  assertEquals(settings("--topic t", { "auto.offset.reset": "none" }).startAt, "none");
  assertEquals(settings("--topic t --partition 0 --offset 12").startAt, 12);
  assertEquals(settings("--topic t --partition 0 --offset EARLIEST").startAt, "earliest");
  assertEquals(settings("--topic t --partition 0 --offset 12").reset, "latest");
  assertEquals(settings("--topic t --partition 1 --from-beginning").startAt, "earliest");
});

Deno.test("readSettings() takes the group from flag or property", () => {
  assertEquals(settings("--topic t --group g").group, "g");
  assertEquals(settings("--topic t", { "group.id": "g" }).group, "g");
  assertEquals(settings("--topic t --group g", { "group.id": "g" }).group, "g");
  assertThrows(
    () => settings("--topic t --group g", { "group.id": "h" }),
    UsageError,
    "group.id=h",
  );
});

Deno.test("readSettings() says what does not fit", () => {
  const wrong: [string, string][] = [
    ["", "Neither --topic nor --include"],
    ["--topic t --include u", "--topic and --include together"],
    ["--include ( --from-beginning", "--include ("],
    ["--include t --partition 0", "--partition needs --topic"],
    ["--topic t --offset 1", "--offset needs --partition"],
    ["--topic t --partition 0 --offset 1 --from-beginning", "--offset and --from-beginning"],
    ["--topic t --partition 0 --offset -1", "--offset -1"],
    ["--topic t --partition 0 --offset soon", "--offset soon"],
    ["--topic t --partition -1", "--partition -1"],
    ["--topic t --isolation-level serializable", "serializable"],
    ["--topic t --max-messages x", "--max-messages x"],
  ];
  for (const [line, message] of wrong) assertThrows(() => settings(line), UsageError, message);
  assertThrows(
    () => settings("--topic t --from-beginning", { "auto.offset.reset": "latest" }),
    UsageError,
    "auto.offset.reset=latest",
  );
  assertThrows(
    () => settings("--topic t", { "auto.offset.reset": "middle" }),
    CommandError,
    "auto.offset.reset=middle",
  );
});
