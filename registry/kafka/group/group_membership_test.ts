import { assertEquals } from "@std/assert";
import { startBroker } from "../../../broker/mod.ts";
import { KafkaClient } from "../kafka_client.ts";
import { type GroupAssignment, GroupMembership, type RevokeReason } from "./group_membership.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

async function withBroker(use: (client: KafkaClient) => Promise<void>): Promise<void> {
  const dataDirectory = await Deno.makeTempDir();
  const broker = await startBroker({
    dataDirectory,
    overrides: { "group.initial.rebalance.delay.ms": "0" },
  });
  const client = new KafkaClient({ bootstrap: [broker.bootstrap], clientId: "test" });
  try {
    await use(client);
  } finally {
    await client.close();
    await broker.stop();
    await Deno.remove(dataDirectory, { recursive: true });
  }
}

/** A member of a group that elects the one with the smallest name, as registries do. */
class Candidate {
  readonly membership: GroupMembership;
  readonly revoked: RevokeReason[] = [];
  elected: string | null = null;
  #heard = Promise.withResolvers<void>();

  constructor(client: KafkaClient, name: string) {
    this.membership = new GroupMembership(client, {
      groupId: "registries",
      protocolType: "sr",
      heartbeatIntervalMs: 50,
      sessionTimeoutMs: 10_000,
      protocols: () => [{ name: "v0", metadata: encoder.encode(name) }],
      assign: (protocolName, members) => {
        assertEquals(protocolName, "v0");
        const names = members.map(({ metadata }) => decoder.decode(metadata)).sort();
        return new Map(members.map(({ memberId }) => [memberId, encoder.encode(names[0]!)]));
      },
      onAssigned: ({ assignment }: GroupAssignment) => {
        this.elected = decoder.decode(assignment);
        this.#tell();
      },
      onRevoked: (reason) => {
        this.revoked.push(reason);
        this.elected = null;
      },
      onFatal: (error) => {
        throw error;
      },
    });
    this.membership.start();
  }

  /** Resolves when it has heard that `name` is elected. */
  async hears(name: string): Promise<void> {
    while (this.elected !== name) await this.#heard.promise;
  }

  #tell(): void {
    const heard = this.#heard;
    this.#heard = Promise.withResolvers();
    heard.resolve();
  }
}

Deno.test("members of another protocol type elect one, and another when it leaves", async () => {
  await withBroker(async (client) => {
    const b = new Candidate(client, "b");
    await b.hears("b");
    const a = new Candidate(client, "a");
    const c = new Candidate(client, "c");
    await Promise.all([a, b, c].map((candidate) => candidate.hears("a")));
    assertEquals(
      [a, b, c].filter(({ membership }) => membership.isLeader).length,
      1,
      "who assigns need not be who is elected",
    );
    await a.membership.leave();
    assertEquals([a.revoked.at(-1), a.membership.memberId, a.membership.generationId], [
      "left",
      "",
      -1,
    ]);
    await Promise.all([b, c].map((candidate) => candidate.hears("b")));
    await Promise.all([b, c].map(({ membership }) => membership.leave()));
  });
});

Deno.test("rejoin() brings new metadata to the leader, and leaving while joining leaves nothing", async () => {
  await withBroker(async (client) => {
    const first = new Candidate(client, "m");
    await first.hears("m");
    const generation = first.membership.generationId;
    first.elected = null;
    first.membership.rejoin();
    await first.hears("m");
    assertEquals([first.membership.generationId, first.revoked], [generation + 1, ["rebalance"]]);
    const hasty = new Candidate(client, "a");
    await hasty.membership.leave();
    first.elected = null;
    first.membership.rejoin();
    await first.hears("m");
    await first.membership.leave();
  });
});
