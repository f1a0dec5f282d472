import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "./command_error.ts";
import { closest, integer, onOff, optionalText, parseFlags, text, texts } from "./flags.ts";

const set = {
  list: onOff("List."),
  topic: text("topic", "Topic."),
  config: texts("name=value", "Config.", "c"),
  partitions: integer("count", "Count.", { min: 1, max: 10 }),
  time: integer("ms", "Time."),
  state: optionalText("state", "State."),
  acks: text("acks", "Acks.", { allowed: ["0", "1", "all"] }),
};

Deno.test("parseFlags() gives every flag a value of its type", () => {
  assertEquals(parseFlags(set, []).flags, {
    list: false,
    topic: null,
    config: [],
    partitions: null,
    time: null,
    state: null,
    acks: null,
  });
  const { flags, rest } = parseFlags(set, [
    "first",
    "--list",
    "--topic=a=b",
    "--config",
    "x=1",
    "-c",
    "y=2",
    "--partitions",
    "3",
    "--time",
    "-2",
    "--state",
    "--acks",
    "all",
    "--",
    "--list",
  ]);
  assertEquals(flags, {
    list: true,
    topic: "a=b",
    config: ["x=1", "y=2"],
    partitions: 3,
    time: -2,
    state: "",
    acks: "all",
  });
  assertEquals(rest, ["first", "--list"]);
});

Deno.test("parseFlags() names the flag, its value and what is allowed", () => {
  const cases: [string[], string][] = [
    [["--partitions", "0"], "--partitions 0: allowed is a whole number from 1 to 10"],
    [["--partitions", "many"], "--partitions many: allowed is a whole number from 1 to 10"],
    [["--time", "1.5"], "--time 1.5: allowed is a whole number"],
    [["--acks", "2"], "--acks 2: allowed is 0, 1, all"],
    [["--topic"], "--topic needs a value: --topic <topic>"],
    [["--topic", "--list"], "--topic needs a value: --topic <topic>"],
    [["--topic", "a", "--topic", "b"], "--topic is given twice: a and b"],
    [["--list=1"], "--list=1: this flag takes no value"],
    [["--topics", "a"], "There is no flag --topics: did you mean --topic?"],
    [["--xyzzy"], "There is no flag --xyzzy"],
    [["-x"], "There is no flag -x"],
  ];
  for (const [args, message] of cases) {
    const error = assertThrows(() => parseFlags(set, args), UsageError);
    assertEquals(error.message, message);
  }
});

Deno.test("parseFlags() takes a value that only looks like a flag", () => {
  assertEquals(parseFlags(set, ["--topic", "--odd"]).flags.topic, "--odd");
  assertEquals(parseFlags(set, ["--state", "Stable"]).flags.state, "Stable");
});

Deno.test("closest() finds what was meant", () => {
  const names = ["topics", "groups", "consume", "bootstrap-server"];
  assertEquals(closest("topcis", names), "topics");
  assertEquals(closest("boot", names), "bootstrap-server");
  assertEquals(closest("quux", names), null);
});
