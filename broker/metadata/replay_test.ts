import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  decodeMetadataRecord,
  EMPTY_IMAGE,
  encodeRecord,
  featureRecord,
  imageToRecords,
  METADATA_VERSION,
  METADATA_VERSION_LATEST,
  MetadataDelta,
  type MetadataImage,
  type MetadataRecord,
  metadataRecord,
  MetadataState,
  NO_PROVENANCE,
  RESOURCE_TOPIC,
} from "./mod.ts";
import { ReplayError } from "./replay_error.ts";

/** What a step of a random history wants; it is fitted to what exists when it is carried out. */
const wish = fc.record({
  kind: fc.nat({ max: 19 }),
  a: fc.nat({ max: 5 }),
  b: fc.nat({ max: 3 }),
  flag: fc.boolean(),
  text: fc.string({ maxLength: 4 }),
});
type Wish = typeof wish extends fc.Arbitrary<infer W> ? W : never;

/** An id of 22 letters for a small number. */
function id(kind: string, number: number): string {
  return `${kind}${number}`.padEnd(21, "x") + "A";
}

/** Turns wishes into records that fit each other, as a controller would write them. */
class History {
  readonly records: MetadataRecord[] = [];
  readonly #topics = new Map<string, { id: string; partitions: number }>();
  readonly #brokers = new Map<number, number>();
  readonly #acls = new Set<string>();
  #topicCount = 0;

  constructor(wishes: readonly Wish[]) {
    // A log begins with its metadata.version. The versions of the records below need the newest one: an
    // older one, as an image has until it is told, would have its snapshots leave out what it can't hold.
    this.#push(featureRecord(METADATA_VERSION, METADATA_VERSION_LATEST));
    for (const [offset, wish] of wishes.entries()) this.#add(offset, wish);
  }

  #push(record: MetadataRecord): void {
    // Through the codec and back, so that each value is what a log would hold.
    this.records.push(decodeMetadataRecord(encodeRecord(record)));
  }

  #add(offset: number, { kind, a, b, flag, text }: Wish): void {
    const name = `topic-${a}`;
    const topic = this.#topics.get(name);
    const epoch = this.#brokers.get(a);
    switch (kind) {
      case 0:
      case 1: {
        if (topic !== undefined) return;
        const created = { id: id(`topic${a}n`, this.#topicCount++), partitions: 0 };
        this.#topics.set(name, created);
        this.#push(metadataRecord("TopicRecord", 0, { name, topicId: created.id }));
        return;
      }
      case 2:
      case 3:
        if (topic === undefined) return;
        return this.#push(metadataRecord("PartitionRecord", 2, {
          topicId: topic.id,
          partitionId: topic.partitions++,
          replicas: [a, a + 1],
          isr: flag ? [a] : [a, a + 1],
          leader: a,
          leaderEpoch: b,
          partitionEpoch: b,
          directories: [id("dir", a), id("dir", a + 1)],
          eligibleLeaderReplicas: flag ? [a + 1] : null,
        }));
      case 4:
      case 5:
        if (topic === undefined || topic.partitions === 0) return;
        return this.#push(metadataRecord("PartitionChangeRecord", 2, {
          topicId: topic.id,
          partitionId: b % topic.partitions,
          leader: flag ? a + 1 : -2,
          isr: flag ? [a + 1] : null,
          removingReplicas: b === 1 ? [a] : null,
          lastKnownElr: b === 2 ? [a] : null,
          leaderRecoveryState: b === 3 ? 1 : -1,
        }));
      case 6:
        if (topic === undefined) return;
        this.#topics.delete(name);
        return this.#push(metadataRecord("RemoveTopicRecord", 0, { topicId: topic.id }));
      case 7:
        if (topic === undefined && flag) return;
        return this.#push(metadataRecord("ClearElrRecord", 0, { topicName: flag ? name : "" }));
      case 8:
      case 9:
        return this.#push(metadataRecord("ConfigRecord", 0, {
          resourceType: [2, 4, 16, 32][b]!,
          resourceName: flag ? name : text,
          name: `config-${a}`,
          value: kind === 8 ? text : null,
        }));
      case 10:
        this.#brokers.set(a, offset);
        return this.#push(metadataRecord("RegisterBrokerRecord", 4, {
          brokerId: a,
          brokerEpoch: offset,
          incarnationId: id("broker", offset),
          endPoints: [{ name: "PLAINTEXT", host: text, port: 9092, securityProtocol: 0 }],
          features: [{ name: text, minSupportedVersion: 0, maxSupportedVersion: b }],
          rack: flag ? text : null,
          logDirs: flag ? [id("dir", a)] : [id("dir", b), id("dir", a)],
          cordonedLogDirs: flag ? [] : null,
        }));
      case 11:
        if (epoch === undefined) return;
        this.#brokers.delete(a);
        return this.#push(
          metadataRecord("UnregisterBrokerRecord", 0, { brokerId: a, brokerEpoch: epoch }),
        );
      case 12:
        if (epoch === undefined) return;
        if (b === 0) return this.#push(metadataRecord("FenceBrokerRecord", 0, { id: a, epoch }));
        if (b === 1) return this.#push(metadataRecord("UnfenceBrokerRecord", 0, { id: a, epoch }));
        return this.#push(metadataRecord("BrokerRegistrationChangeRecord", 3, {
          brokerId: a,
          brokerEpoch: epoch,
          fenced: flag ? 1 : -1,
          inControlledShutdown: b === 2 ? 1 : 0,
          logDirs: flag ? [id("dir", b)] : [],
          cordonedLogDirs: flag ? null : [id("dir", b)],
        }));
      case 13:
        if (flag) {
          return this.#push(
            metadataRecord("UnregisterControllerRecord", 0, { controllerId: a }),
          );
        }
        return this.#push(metadataRecord("RegisterControllerRecord", 0, {
          controllerId: a,
          incarnationId: id("controller", offset),
          endPoints: [{ name: "CONTROLLER", host: text, port: 9093, securityProtocol: b }],
        }));
      case 14: {
        const level = flag ? 0 : b;
        const name = a === 0 ? "metadata.version" : `feature-${a}`;
        // Of 30 to 33, all of which have the newest versions of the records above.
        const featureLevel = a === 0 ? 30 + b : level;
        return this.#push(metadataRecord("FeatureLevelRecord", 0, { name, featureLevel }));
      }
      case 15:
        return this.#push(metadataRecord("ProducerIdsRecord", 0, {
          brokerId: a,
          brokerEpoch: 1,
          nextProducerId: offset * 1_000,
        }));
      case 16:
        return this.#push(metadataRecord("ClientQuotaRecord", 0, {
          entity: flag
            ? [{ entityType: "user", entityName: text }]
            : [{ entityType: "client-id", entityName: null }, {
              entityType: "user",
              entityName: `${a}`,
            }],
          key: `rate-${b}`,
          value: a + 0.5,
          remove: b === 3,
        }));
      case 17: {
        const acl = id("acl", a);
        if (flag && this.#acls.delete(acl)) {
          return this.#push(metadataRecord("RemoveAccessControlEntryRecord", 0, { id: acl }));
        }
        this.#acls.add(acl);
        return this.#push(metadataRecord("AccessControlEntryRecord", 0, {
          id: acl,
          resourceType: 2,
          resourceName: text,
          principal: "User:a",
          host: "*",
        }));
      }
      case 18:
        if (flag) {
          return this.#push(
            metadataRecord("RemoveUserScramCredentialRecord", 0, { name: `u${a}`, mechanism: 1 }),
          );
        }
        return this.#push(metadataRecord("UserScramCredentialRecord", 0, {
          name: `u${a}`,
          mechanism: 1 + b % 2,
          salt: new Uint8Array([a]),
          storedKey: new Uint8Array([b, offset & 255]),
          serverKey: new Uint8Array(3),
          iterations: 4_096,
        }));
      case 19:
        if (flag) {
          return this.#push(metadataRecord("RemoveDelegationTokenRecord", 0, { tokenId: `t${a}` }));
        }
        return this.#push(metadataRecord("DelegationTokenRecord", 0, {
          owner: "User:o",
          requester: text,
          renewers: ["User:r"],
          issueTimestamp: offset,
          tokenId: `t${a}`,
        }));
    }
  }
}

const history = fc.array(wish, { maxLength: 120 }).map((wishes) => new History(wishes).records);

/** The records of an image as text, sorted: images are equal when these are. */
function facts(image: MetadataImage): string[] {
  return Array.from(imageToRecords(image), (record) => encodeRecord(record).toHex()).sort();
}

function replayed(records: readonly MetadataRecord[], image = EMPTY_IMAGE): MetadataImage {
  const delta = new MetadataDelta(image);
  for (const record of records) delta.replay(record);
  return delta.apply(NO_PROVENANCE);
}

Deno.test("records give the same image whether replayed one at a time or all at once", () => {
  fc.assert(fc.property(history, (records) => {
    let image = EMPTY_IMAGE;
    for (const record of records) image = replayed([record], image);
    assertEquals(facts(image), facts(replayed(records)));
  }));
});

Deno.test("an image equals the replay of its snapshot", () => {
  fc.assert(fc.property(history, (records) => {
    const image = replayed(records);
    assertEquals(facts(replayed([...imageToRecords(image)])), facts(image));
  }));
});

Deno.test("replay from any snapshot on gives the same image as replay from the beginning", () => {
  fc.assert(fc.property(history, fc.nat(), (records, at) => {
    const cut = records.length === 0 ? 0 : at % records.length;
    const snapshot = [...imageToRecords(replayed(records.slice(0, cut)))];
    const resumed = replayed(records.slice(cut), replayed(snapshot));
    assertEquals(facts(resumed), facts(replayed(records)));
  }));
});

Deno.test("a snapshot replaces whatever was there before", () => {
  fc.assert(fc.property(history, history, (before, after) => {
    const target = replayed(after);
    const state = new MetadataState(replayed(before));
    const { delta, image } = state.loadSnapshot(imageToRecords(target), NO_PROVENANCE);
    assertEquals(facts(image), facts(target));
    for (const name of delta.topics.created.keys()) {
      assert(image.topics.byName(name) !== undefined);
    }
  }));
});

Deno.test("a snapshot takes away the quotas of an entity that it does not name", () => {
  const entity = [{ entityType: "user", entityName: "u" }];
  const quota = (key: string) => metadataRecord("ClientQuotaRecord", 0, { entity, key, value: 1 });
  const state = new MetadataState(replayed([quota("producer_byte_rate")]));
  const { image } = state.loadSnapshot([quota("consumer_byte_rate")], NO_PROVENANCE);
  assertEquals([...image.quotas.values()].map(({ values }) => [...values.keys()]), [[
    "consumer_byte_rate",
  ]]);
});

Deno.test("replay leaves the image before alone", () => {
  fc.assert(fc.property(history, history, (before, after) => {
    const image = replayed(before);
    const known = facts(image);
    try {
      replayed(after, image);
    } catch (error) {
      if (!(error instanceof ReplayError)) throw error; // the histories may contradict each other
    }
    assertEquals(facts(image), known);
  }));
});

Deno.test("records that contradict the image are refused", () => {
  const topicId = id("topic", 1);
  const base = replayed([
    metadataRecord("TopicRecord", 0, { name: "a", topicId }),
    metadataRecord("RegisterBrokerRecord", 4, { brokerId: 1, brokerEpoch: 5 }),
  ]);
  const refused: [MetadataRecord, string][] = [
    [metadataRecord("TopicRecord", 0, { name: "a", topicId: id("topic", 2) }), "it exists"],
    [metadataRecord("RemoveTopicRecord", 0, { topicId: id("topic", 2) }), "there is none"],
    [metadataRecord("PartitionRecord", 0, { topicId: id("topic", 2) }), "there is none"],
    [metadataRecord("PartitionChangeRecord", 0, { topicId, partitionId: 3 }), "a-3: there is none"],
    [metadataRecord("ClearElrRecord", 0, { topicName: "b" }), "there is none"],
    [metadataRecord("FenceBrokerRecord", 0, { id: 2, epoch: 5 }), "there is none"],
    [metadataRecord("FenceBrokerRecord", 0, { id: 1, epoch: 4 }), "epoch 4, expected 5"],
    [metadataRecord("UnregisterBrokerRecord", 0, { brokerId: 1, brokerEpoch: 9 }), "expected 5"],
    [metadataRecord("RemoveAccessControlEntryRecord", 0, { id: topicId }), "there is none"],
    [
      metadataRecord("FeatureLevelRecord", 0, { name: "metadata.version", featureLevel: 99 }),
      "this software reads 7 to 34",
    ],
  ];
  for (const [record, text] of refused) {
    assertThrows(() => replayed([record], base), ReplayError, text);
  }
});

function batch(baseOffset: number, records: MetadataRecord[]) {
  return { baseOffset, epoch: 1, timestampMs: 7, records };
}

const begin = metadataRecord("BeginTransactionRecord", 0, { name: "t" });
const end = metadataRecord("EndTransactionRecord", 0, {});
const abort = metadataRecord("AbortTransactionRecord", 0, {});
const set = (name: string, value: string | null) =>
  metadataRecord("ConfigRecord", 0, {
    resourceType: RESOURCE_TOPIC,
    resourceName: "t",
    name,
    value,
  });

function config(image: MetadataImage): Record<string, string> {
  return Object.fromEntries(image.configs.get(RESOURCE_TOPIC, "t"));
}

Deno.test("a transaction is published as one, when it ends", () => {
  const state = new MetadataState();
  assertEquals(state.replay(batch(0, [set("a", "0")])).length, 1);
  const [early, ...none] = state.replay(batch(1, [set("b", "1"), begin, set("c", "2")]));
  assertEquals(none, []);
  assertEquals(config(early!.image), { a: "0", b: "1" });
  assertEquals(early!.image.provenance.isBatchAligned, false);
  assertEquals(state.transactionOffset, 2);
  assertEquals(config(state.head), { a: "0", b: "1", c: "2" });
  assertEquals(config(state.published), { a: "0", b: "1" });

  assertEquals(state.replay(batch(4, [set("a", null)])), []);
  const [last] = state.replay(batch(5, [set("d", "3"), end]));
  assertEquals(config(last!.image), { b: "1", c: "2", d: "3" });
  assertEquals(last!.delta.before, early!.image);
  assertEquals(
    last!.image.provenance,
    { offset: 6, epoch: 1, timestampMs: 7, isBatchAligned: true },
  );
  assertEquals(state.transactionOffset, null);
});

Deno.test("an aborted transaction leaves nothing behind", () => {
  const state = new MetadataState();
  state.replay(batch(0, [set("a", "0")]));
  state.replay(batch(1, [begin, set("a", "1")]));
  state.replay(batch(3, [set("b", "1")]));
  const [published] = state.replay(batch(4, [abort, set("c", "2")]));
  assertEquals(config(published!.image), { a: "0", c: "2" });
  assertEquals(config(state.head), { a: "0", c: "2" });
});

Deno.test("transaction records out of turn are refused", () => {
  for (const records of [[end], [abort], [begin, begin], [begin, end, end]]) {
    assertThrows(() => new MetadataState().replay(batch(0, records)), ReplayError, "transaction");
  }
});

Deno.test("a removed topic takes its configuration along, and its name is free again", () => {
  const first = metadataRecord("TopicRecord", 0, { name: "t", topicId: id("topic", 1) });
  const image = replayed([first, set("a", "1")]);
  const remove = metadataRecord("RemoveTopicRecord", 0, { topicId: id("topic", 1) });
  const again = metadataRecord("TopicRecord", 0, { name: "t", topicId: id("topic", 2) });
  const next = replayed([remove, again], image);
  assertEquals(config(next), {});
  assertEquals(next.topics.byName("t")?.id, id("topic", 2));
  assertEquals(next.topics.byId(id("topic", 1)), undefined);
});
