import { assertEquals } from "@std/assert";
import type { GroupDescription, GroupMember } from "./group_description.ts";
import {
  assignmentText,
  memberTable,
  offsetRows,
  offsetTable,
  stateTable,
} from "./group_tables.ts";

function member(memberId: string, partitions: [string, number][]): GroupMember {
  return {
    memberId,
    instanceId: null,
    clientId: "app",
    host: "/10.0.0.1",
    assignment: partitions.map(([topic, partition]) => ({ topic, partition })),
    epoch: null,
    target: null,
  };
}

function group(members: readonly GroupMember[], more: Partial<GroupDescription> = {}) {
  return {
    group: "billing",
    state: members.length === 0 ? "Empty" : "Stable",
    type: "Classic",
    assignor: "range",
    coordinator: { id: 1, host: "kafka", port: 9092, rack: null },
    members,
    groupEpoch: null,
    assignmentEpoch: null,
    ...more,
  } as const;
}

const COMMITTED = [
  { topic: "orders", partition: 0, offset: 5, leaderEpoch: 3 },
  { topic: "orders", partition: 1, offset: 7, leaderEpoch: null },
  { topic: "old", partition: 0, offset: 1, leaderEpoch: null },
];

function logEnd(topic: string, partition: number): number | null {
  return topic === "old" ? null : 10 + partition;
}

Deno.test("offsetRows() puts busy members first, then what nobody reads; lag is end minus offset", () => {
  const description = group([
    member("m1", [["orders", 2]]),
    member("m2", [["orders", 0], ["orders", 1]]),
    member("idle", []),
  ]);
  const rows = offsetRows(description, COMMITTED, logEnd);
  assertEquals(
    rows.map((
      row,
    ) => [row.topic, row.partition, row.currentOffset, row.logEndOffset, row.lag, row.consumerId]),
    [
      ["orders", 0, 5, 10, 5, "m2"],
      ["orders", 1, 7, 11, 4, "m2"],
      ["orders", 2, null, 12, null, "m1"],
      ["old", 0, 1, null, null, null],
    ],
  );
});

Deno.test("offsetTable() has Kafka's columns and widths, and dashes for what is unknown", () => {
  const rows = offsetRows(
    group([member("consumer-with-a-long-id-1", [["orders", 0]])]),
    COMMITTED,
    logEnd,
  );
  assertEquals(
    offsetTable(rows, false),
    `\
GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID               HOST            CLIENT-ID
billing         orders          0          5               10              5               consumer-with-a-long-id-1 /10.0.0.1       app
billing         orders          1          7               11              4               -                         -               -
billing         old             0          1               -               -               -                         -               -
`,
  );
  assertEquals(
    offsetTable(rows.slice(0, 1), true),
    `\
GROUP           TOPIC           PARTITION  LEADER-EPOCH    CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID               HOST            CLIENT-ID
billing         orders          0          3               5               10              5               consumer-with-a-long-id-1 /10.0.0.1       app
`,
  );
});

Deno.test("memberTable() has a column of instance ids when any member has one", () => {
  const plain = member("m1", [["orders", 0], ["orders", 1], ["old", 0]]);
  assertEquals(
    memberTable(group([plain]), false),
    `\
GROUP           CONSUMER-ID     HOST            CLIENT-ID       #PARTITIONS
billing         m1              /10.0.0.1       app             3
`,
  );
  assertEquals(
    memberTable(group([plain, { ...member("m2", []), instanceId: "static-1" }]), true),
    `\
GROUP           CONSUMER-ID     GROUP-INSTANCE-ID HOST            CLIENT-ID       #PARTITIONS     CURRENT-EPOCH   CURRENT-ASSIGNMENT   TARGET-EPOCH    TARGET-ASSIGNMENT
billing         m1                                /10.0.0.1       app             3               -               orders:0,1;old:0     -               -
billing         m2              static-1          /10.0.0.1       app             0               -               -                    -               -
`,
  );
});

Deno.test("stateTable() tells coordinator, assignor, state and members, more when verbose", () => {
  assertEquals(
    stateTable(group([], { assignor: "" }), false),
    `\
GROUP           COORDINATOR (ID)          ASSIGNMENT-STRATEGY  STATE                #MEMBERS
billing         kafka:9092  (1)           -                    Empty                0
`,
  );
  assertEquals(
    stateTable(group([member("m", [])], { groupEpoch: 4, assignmentEpoch: 3 }), true),
    `\
GROUP           COORDINATOR (ID)          ASSIGNMENT-STRATEGY  STATE                GROUP-EPOCH     TARGET-ASSIGNMENT-EPOCH   #MEMBERS
billing         kafka:9092  (1)           range                Stable               4               3                         1
`,
  );
});

Deno.test("assignmentText() lists partitions by topic", () => {
  assertEquals(assignmentText([]), "-");
  assertEquals(
    assignmentText([{ topic: "a", partition: 0 }, { topic: "a", partition: 12 }]),
    "a:0,12",
  );
});
