import { assertEquals } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { SeededPrng } from "../base/mod.ts";
import { errorCodes } from "../protocol/errors.ts";
import {
  type AnyApi,
  apiByKey,
  decodeRequest,
  decodeRequestHeader,
  decodeResponse,
  encodeResponse,
  make,
  offsetCommit,
  type OffsetCommitRequest,
  type OffsetCommitResponse,
  offsetDelete,
  type OffsetDeleteRequest,
  type OffsetDeleteResponse,
  type OffsetFetchRequest,
  type OffsetFetchResponse,
  Reader,
  ZERO_UUID,
} from "../protocol/mod.ts";
import { DEFAULT_GROUP_SETTINGS } from "./group/settings.ts";
import { GroupCoordinator } from "./group_coordinator_driver.ts";
import { ManualClock } from "../../tests/disk/manual_clock.ts";
import { MemoryPartitions } from "./testing/memory_partitions.ts";

/**
 * Conversations that Apache Kafka 4.4.0 had, had again with our coordinator. What a handler does
 * before it asks the coordinator, looking topics up, is done here in short.
 */

/** A line of the recording. */
interface Line {
  readonly script: string;
  readonly line: number;
  readonly sleepMs?: number;
  readonly api?: string;
  readonly version?: number;
  readonly conn?: string;
  /** The answer to an earlier request of the connection. */
  readonly receive?: true;
  readonly requestHex?: string;
  readonly hex?: string;
  readonly result?: string;
}

/** What the recording's requests find of topics. */
interface Topics {
  nameOf(id: string): string | null;
  idOf(name: string): string;
  partitionCount(name: string): number;
}

type Answer = { readonly [field: string]: unknown };

const GROUP_APIS = [8, 9, 11, 12, 13, 14, 15, 16, 42, 47];

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Asks the coordinator as the handlers do. */
function ask(
  coordinator: GroupCoordinator,
  { key, version, request, topics }: {
    readonly key: number;
    readonly version: number;
    readonly request: never;
    readonly topics: Topics;
  },
): Promise<unknown> {
  const context = { version, clientId: "kwire", clientHost: "/127.0.0.1" };
  switch (key) {
    case 8:
      return commit(coordinator, request, context, topics);
    case 9:
      return fetch(coordinator, request, context, topics);
    case 11:
      return coordinator.joinGroup(request, context);
    case 12:
      return coordinator.heartbeat(request, context);
    case 13:
      return coordinator.leaveGroup(request, context);
    case 14:
      return coordinator.syncGroup(request, context);
    case 15:
      return coordinator.describeGroups((request as { groups: string[] }).groups, context)
        .then((groups) => ({ throttleTimeMs: 0, groups }));
    case 16:
      return coordinator.listGroups(request, context);
    case 42: {
      const names = new Set((request as { groupsNames: string[] }).groupsNames);
      return coordinator.deleteGroups([...names], context)
        .then((results) => ({ throttleTimeMs: 0, results }));
    }
    default:
      return remove(coordinator, request, context, topics);
  }
}

type Context = Parameters<GroupCoordinator["joinGroup"]>[1];

async function commit(
  coordinator: GroupCoordinator,
  request: OffsetCommitRequest,
  context: Context,
  topics: Topics,
): Promise<OffsetCommitResponse> {
  const response = make(offsetCommit.response, {});
  const known: OffsetCommitRequest["topics"] = [];
  for (const asked of request.topics) {
    const byId = context.version >= 10;
    const name = byId ? topics.nameOf(asked.topicId) : asked.name;
    const topicId = byId ? asked.topicId : topics.idOf(asked.name);
    const count = name === null ? 0 : topics.partitionCount(name);
    const missing = byId ? errorCodes.UNKNOWN_TOPIC_ID : errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
    const bad = asked.partitions.filter(({ partitionIndex }) => partitionIndex >= count);
    const good = asked.partitions.filter(({ partitionIndex }) => partitionIndex < count);
    if (good.length > 0) known.push({ name: name!, topicId, partitions: good });
    response.topics.push({
      name: name ?? "",
      topicId,
      partitions: bad.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: count === 0 ? missing : errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
      })),
    });
  }
  if (known.length === 0) return response;
  const answered = await coordinator.offsetCommit({ ...request, topics: known }, context);
  for (const { name, partitions } of answered.topics) {
    response.topics.find((topic) => topic.name === name)!.partitions.push(...partitions);
  }
  return response;
}

async function fetch(
  coordinator: GroupCoordinator,
  request: OffsetFetchRequest,
  context: Context,
  topics: Topics,
): Promise<OffsetFetchResponse> {
  const isOld = context.version < 8;
  const groups = isOld
    ? [{
      groupId: request.groupId,
      memberId: null,
      memberEpoch: -1,
      topics: request.topics?.map((topic) => ({ ...topic, topicId: ZERO_UUID })) ?? null,
    }]
    : request.groups;
  const answers = await Promise.all(groups.map(async (group) => {
    const byId = context.version >= 10;
    const asked = group.topics?.map((topic) =>
      byId ? { ...topic, name: topics.nameOf(topic.topicId) ?? "" } : topic
    ) ?? null;
    const known = asked?.filter(({ name }) =>
      name !== ""
    ) ?? null;
    const answer = await coordinator.offsetFetch(
      { ...group, topics: known },
      request.requireStable,
      context,
    );
    const unknown = (asked ?? []).filter(({ name }) => name === "").map((topic) => ({
      ...topic,
      partitions: topic.partitionIndexes.map((partitionIndex) => ({
        partitionIndex,
        committedOffset: -1,
        committedLeaderEpoch: -1,
        metadata: "",
        errorCode: errorCodes.UNKNOWN_TOPIC_ID,
      })),
    }));
    const named = answer.topics.map((topic) => ({ ...topic, topicId: topics.idOf(topic.name) }));
    return { ...answer, topics: [...named, ...unknown] };
  }));
  const [first] = answers;
  return isOld
    ? { throttleTimeMs: 0, topics: first!.topics, errorCode: first!.errorCode, groups: [] }
    : { throttleTimeMs: 0, topics: [], errorCode: 0, groups: answers };
}

async function remove(
  coordinator: GroupCoordinator,
  request: OffsetDeleteRequest,
  context: Context,
  topics: Topics,
): Promise<OffsetDeleteResponse> {
  const isKnown = (name: string, partition: number) => partition < topics.partitionCount(name);
  const known = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.filter(({ partitionIndex }) => isKnown(name, partitionIndex)),
  })).filter(({ partitions }) => partitions.length > 0);
  const answer = await coordinator.offsetDelete({ ...request, topics: known }, context);
  if (answer.errorCode !== 0) return answer;
  const response = make(offsetDelete.response, {});
  for (const { name, partitions } of request.topics) {
    const answered = answer.topics.find((topic) => topic.name === name)?.partitions ?? [];
    const unknown = partitions.filter(({ partitionIndex }) => !isKnown(name, partitionIndex))
      .map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
      }));
    response.topics.push({ name, partitions: [...answered, ...unknown] });
  }
  return response;
}

/** Member ids are of the run: ours are told by the recording's names. */
class MemberIds {
  readonly #ours = new Map<string, string>();

  /** A request of the recording, with our ids. */
  toOurs<T>(value: T): T {
    return this.#replace(value, this.#ours) as T;
  }

  /** A response of ours, with the recording's ids. */
  toRecorded<T>(value: T): T {
    const recorded = new Map([...this.#ours].map(([key, ours]) => [ours, key]));
    return this.#replace(value, recorded) as T;
  }

  /** Takes ids from answers to a member, and of static members from descriptions. */
  learn(recorded: Answer, ours: Answer): void {
    for (const member of describedMembers(recorded)) {
      const { groupInstanceId } = member;
      const other = describedMembers(ours).find((each) => each.groupInstanceId === groupInstanceId);
      if (groupInstanceId !== null && other !== undefined) this.learn(member, other);
    }
    const { memberId } = recorded;
    if (typeof memberId !== "string" || memberId === "" || this.#ours.has(memberId)) return;
    if (typeof ours.memberId === "string") this.#ours.set(memberId, ours.memberId);
  }

  #replace(value: unknown, ids: ReadonlyMap<string, string>): unknown {
    if (typeof value === "string") return ids.get(value) ?? value;
    if (Array.isArray(value)) return value.map((each) => this.#replace(each, ids));
    if (value === null || typeof value !== "object" || value instanceof Uint8Array) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, this.#replace(each, ids)]),
    );
  }
}

function describedMembers(answer: Answer): Answer[] {
  const groups = answer.groups as { readonly members?: Answer[] }[] | undefined;
  return groups?.flatMap(({ members }) => members ?? []) ?? [];
}

/** Arrays in a fixed order, error messages by whether they are there: all else has to be equal. */
function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${value.join(" ")}`;
  if (Array.isArray(value)) {
    return value.map(comparable)
      .sort((left, right) => JSON.stringify(left) < JSON.stringify(right) ? -1 : 1);
  }
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      name === "errorMessage" && each !== null ? "some" : comparable(each),
    ]),
  );
}

/** The topics that a conversation created, with the ids that Kafka gave them. */
function topicsOf(lines: readonly Line[]): Topics {
  const created = new Map<string, { id: string; partitionCount: number }>();
  for (const { api, version, hex } of lines) {
    if (api !== "CreateTopics") continue;
    const { body } = decodeResponse(apiByKey(19)!, version!, bytesOf(hex!)) as unknown as {
      body: { topics: { name: string; topicId: string; numPartitions: number }[] };
    };
    for (const { name, topicId, numPartitions } of body.topics) {
      created.set(name, { id: topicId, partitionCount: numPartitions });
    }
  }
  return {
    nameOf: (id) => [...created].find(([, topic]) => topic.id === id)?.[0] ?? null,
    idOf: (name) => created.get(name)?.id ?? ZERO_UUID,
    partitionCount: (name) => created.get(name)?.partitionCount ?? 0,
  };
}

async function converse(lines: readonly Line[], maxSize: number): Promise<void> {
  const clock = new ManualClock();
  const partitions = new MemoryPartitions();
  const coordinator = new GroupCoordinator({
    settings: {
      ...DEFAULT_GROUP_SETTINGS,
      initialRebalanceDelayMs: 0,
      minSessionTimeoutMs: maxSize === 3 ? 100 : 6_000,
      maxSize,
      offsetsTopicSegmentBytes: 104_857_600,
      offsetsTopicCompressionCodec: 0,
      offsetsCommitTimeoutMs: 5_000,
      appendLingerMs: -1,
    },
    partitions,
    partitionCount: () => 1,
    maxBatchBytes: () => 1_048_588,
    clock,
    prng: new SeededPrng(7),
    report: () => {},
    onError: (_, error) => {
      throw error;
    },
  });
  coordinator.onElected(0, 0);
  await clock.advance(0);
  const ids = new MemberIds();
  const topics = topicsOf(lines);
  const waiting = new Map<string, Promise<unknown>>();
  for (const line of lines) {
    const { sleepMs, version = 0, conn = "", hex, requestHex } = line;
    if (sleepMs !== undefined) {
      await clock.advance(sleepMs);
      continue;
    }
    const api: AnyApi | undefined = requestHex === undefined
      ? apiNamed(line.api!)
      : apiByKey(parseInt(requestHex.slice(0, 4), 16));
    if (api === undefined || !GROUP_APIS.includes(api.key)) continue;
    if (requestHex !== undefined) {
      const reader = new Reader(bytesOf(requestHex));
      decodeRequestHeader(reader);
      const request = ids.toOurs(decodeRequest(api, version, reader)) as never;
      waiting.set(conn, ask(coordinator, { key: api.key, version, request, topics }));
    }
    if (hex === undefined) continue;
    await clock.advance(0);
    await clock.advance(1);
    const ours = await waiting.get(conn) as never;
    const recorded = decodeResponse(api, version, bytesOf(hex)).body as Answer;
    ids.learn(recorded, ours);
    const { parts } = encodeResponse(api, version, 0, ids.toRecorded(ours));
    const frame = parts[0] as Uint8Array;
    const sent = decodeResponse(api, version, frame.subarray(4)).body;
    assertEquals(
      comparable(sent),
      comparable(recorded),
      `${line.script} line ${line.line}: ${line.api} ${version}`,
    );
  }
  coordinator.close();
}

function apiNamed(name: string): AnyApi | undefined {
  return GROUP_APIS.map(apiByKey).find((api) => api?.name === name);
}

for (const [script, maxSize] of [["groups-classic", 2 ** 31 - 1], ["groups-more", 3]] as const) {
  Deno.test(`the coordinator answers the conversation ${script} as Kafka did`, async () => {
    const packed = await Deno.readFile(
      new URL("../../tests/vectors/coordinator/wire_groups.jsonl.gz", import.meta.url),
    );
    const lines = new TextDecoder().decode(gunzipSync(packed)).trimEnd().split("\n");
    const conversation = lines.map((line): Line => JSON.parse(line))
      .filter((line) => line.script === script);
    assertEquals(conversation.length > 50, true);
    await converse(conversation, maxSize);
  });
}
