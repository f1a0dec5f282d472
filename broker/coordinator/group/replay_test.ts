import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { errorCodes } from "../../protocol/errors.ts";
import { type GroupClient, GroupHarness } from "../testing/group_harness.ts";
import { persistentState } from "../testing/persistent_state.ts";
import { deleteGroups } from "./delete_groups.ts";
import type { ShardState } from "./shard_state.ts";

/** What a random client does next. */
interface Step {
  readonly client: number;
  readonly action:
    | "join"
    | "join as new"
    | "settle"
    | "join otherwise"
    | "sync"
    | "assign"
    | "heartbeat"
    | "commit"
    | "commit for a moment"
    | "leave"
    | "delete"
    | "delete topics"
    | "restart"
    | "wait";
  readonly waitMs: number;
  readonly failsAppend: boolean;
  readonly delaysCommit: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  client: fc.nat(7),
  action: fc.constantFrom(
    "join",
    "join",
    "settle",
    "settle",
    "settle",
    "join as new",
    "join otherwise",
    "sync",
    "assign",
    "assign",
    "heartbeat",
    "commit",
    "commit for a moment",
    "leave",
    "delete",
    "delete topics",
    "restart",
    "wait",
  ),
  waitMs: fc.constantFrom(1, 2_000, 9_999, 70_000, 4_000_000),
  failsAppend: fc.nat(9).map((number) => number === 0),
  delaysCommit: fc.nat(3).map((number) => number === 0),
});

function newHarness(): GroupHarness {
  return new GroupHarness({
    initialRebalanceDelayMs: 1_000,
    maxSize: 3,
    offsetsRetentionMs: 3_600_000,
  });
}

/** Eight clients in two groups; every other one is static, and some share an instance. */
function newClients(harness: GroupHarness): [GroupClient, string | undefined][] {
  return Array.from({ length: 8 }, (_, index) => [
    harness.client(`c${index}`, `g${index % 2}`),
    index < 4 ? undefined : `instance-${Math.floor(index / 2) % 3}`,
  ]);
}

/** Two of a group's clients get as far as they can. */
function settle(harness: GroupHarness, clients: [GroupClient, string | undefined][]): void {
  for (const [client, groupInstanceId] of [...clients.slice(0, 2), ...clients.slice(0, 2)]) {
    client.join(groupInstanceId === undefined ? {} : { groupInstanceId });
  }
  harness.advance(1_000);
  for (const [client] of clients) client.sync();
  for (const [client] of clients) {
    client.sync(Object.fromEntries(client.membersToAssign.map((id) => [id, id])));
  }
}

function run(harness: GroupHarness, clients: [GroupClient, string | undefined][], next: Step) {
  const [client, groupInstanceId] = clients[next.client]!;
  const options = groupInstanceId === undefined ? {} : { groupInstanceId };
  harness.partitions.failures.length = 0;
  if (next.failsAppend) harness.partitions.failures.push(errorCodes.NOT_ENOUGH_REPLICAS);
  harness.partitions.commitsAtOnce = !next.delaysCommit;
  switch (next.action) {
    case "join":
      return client.join(options);
    case "join as new":
      client.memberId = "";
      return client.join({ ...options, version: 3 + next.client });
    case "join otherwise":
      return client.join({ ...options, protocols: [["sticky", "s"], ["range", "other"]] });
    case "settle":
      return settle(harness, clients.filter(([other]) => other.groupId === client.groupId));
    case "sync":
      return client.sync();
    case "assign":
      return client.sync(Object.fromEntries(client.membersToAssign.map((id) => [id, id])));
    case "heartbeat":
      return client.heartbeat();
    case "commit":
      return client.commit();
    case "commit for a moment":
      return client.commit({ memberId: "", generationIdOrMemberEpoch: -1, retentionTimeMs: 1 }, 4);
    case "leave":
      return client.leave();
    case "delete":
      return harness.write((state) => deleteGroups(state, [client.groupId]));
    case "delete topics":
      return harness.write(() => harness.shard.onTopicsDeleted([{ name: "t", id: "" }]));
    case "restart":
      return harness.restart();
    case "wait":
      return harness.advance(next.waitMs);
  }
}

function assignments(
  members: Iterable<{ readonly memberId: string; readonly assignment: Uint8Array }>,
): Map<string, Uint8Array> {
  return new Map(Array.from(members, ({ memberId, assignment }) => [memberId, assignment]));
}

/** A stable group's members are those of its record, with their assignments. */
function assertStableGroupsAreStored(state: ShardState): void {
  for (const groupId of state.store.ids()) {
    const group = state.live.peek(groupId);
    const stored = state.store.get(groupId)!;
    if (group?.state !== "Stable" || stored.type !== "classic") continue;
    const { value } = stored;
    assertEquals(assignments(group.members.values()), assignments(value!.members));
    assertEquals(
      [group.generationId, group.protocolName, group.leaderId, group.protocolType],
      [value!.generation, value!.protocol, value!.leader, value!.protocolType],
    );
  }
}

Deno.test("a log replayed from its start gives the state that the leader has, whatever happened", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60, size: "max" }), (steps) => {
      const harness = newHarness();
      const clients = newClients(harness);
      for (const next of steps) {
        run(harness, clients, next);
        assertStableGroupsAreStored(harness.state);
        const written = persistentState(harness.state);
        harness.partitions.commit(0, harness.partitions.logEndOffset(0));
        assertEquals(persistentState(harness.state), written);
        assertEquals(harness.state.shard.timeline.size, 0);
        assertStableGroupsAreStored(harness.state);
        assertEquals(persistentState(harness.replayed()), written);
      }
    }),
    { numRuns: 150 },
  );
});
