import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../command_error.ts";
import { GROUP_STATES, GROUP_TYPES, isConsumerGroup, parseNames } from "./group_listing.ts";
import { listText } from "./list_action.ts";

const GROUPS = [
  { group: "billing", protocolType: "consumer", state: "Stable", type: "Classic" },
  { group: "connect-cluster", protocolType: "connect", state: "Stable", type: "Classic" },
  { group: "offsets-only", protocolType: "", state: "Empty", type: "" },
  { group: "shared", protocolType: "share", state: "Stable", type: "Share" },
];

Deno.test("parseNames() takes any case and gives Kafka's spelling", () => {
  assertEquals(parseNames("--state", "stable, PREPARINGREBALANCE", GROUP_STATES), [
    "Stable",
    "PreparingRebalance",
  ]);
  assertEquals(parseNames("--type", "", GROUP_TYPES), []);
  assertThrows(
    () => parseNames("--state", "stable,foo", GROUP_STATES),
    UsageError,
    "--state stable,foo: allowed are",
  );
});

Deno.test("isConsumerGroup() is true for consumers and groups that only have offsets", () => {
  assertEquals(GROUPS.filter(isConsumerGroup).map(({ group }) => group), [
    "billing",
    "offsets-only",
  ]);
});

Deno.test("listText() prints names, or a table with the columns that are asked for", () => {
  assertEquals(
    listText(GROUPS.slice(0, 2), { hasType: false, hasState: false }),
    "billing\nconnect-cluster\n",
  );
  assertEquals(
    listText(GROUPS.slice(2), { hasType: true, hasState: true }),
    `\
GROUP                     TYPE                 STATE
offsets-only              Unknown              Empty
shared                    Share                Stable
`,
  );
});
