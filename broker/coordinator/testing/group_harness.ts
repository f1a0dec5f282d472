import { SeededPrng } from "../../base/mod.ts";
import {
  errorName,
  heartbeat as heartbeatApi,
  joinGroup as joinGroupApi,
  type JoinGroupResponse,
  leaveGroup as leaveGroupApi,
  make,
  offsetCommit as offsetCommitApi,
  type OffsetCommitRequest,
  type Partially,
  syncGroup as syncGroupApi,
} from "../../protocol/mod.ts";
import { CODEC_NONE } from "../../protocol/records/mod.ts";
import { BatchReplay } from "../batch_replay.ts";
import { type GroupRecord, groupRecordFormat } from "../group/group_records.ts";
import { GroupShard } from "../group/group_shard.ts";
import { heartbeat } from "../group/heartbeat.ts";
import { joinGroup } from "../group/join_group.ts";
import { leaveGroup } from "../group/leave_group.ts";
import { commitOffsets } from "../group/offset_commit.ts";
import { DEFAULT_GROUP_SETTINGS, type GroupSettings } from "../group/settings.ts";
import type { ShardState } from "../group/shard_state.ts";
import { syncGroup } from "../group/sync_group.ts";
import { CoordinatorRuntime } from "../runtime.ts";
import { answer, type Outcome } from "../state_machine.ts";
import { Timeline } from "../timeline.ts";
import { MemoryPartitions } from "./memory_partitions.ts";

const PARTITION = 0;
const START_MS = 1_700_000_000_000;

/** How a test's client joins; what is left out is that of a plain consumer. */
export interface JoinOptions {
  readonly version?: number;
  readonly groupInstanceId?: string;
  readonly protocolType?: string;
  /** Names with metadata; default: `range`. */
  readonly protocols?: readonly (readonly [string, string])[];
  readonly sessionTimeoutMs?: number;
  readonly rebalanceTimeoutMs?: number;
}

/**
 * For tests: one shard of the group coordinator, its log in memory and its time in the test's hands.
 * What clients are answered is written down line by line, with seconds since the start in front and
 * member ids named in the order in which they appear.
 */
export class GroupHarness {
  readonly partitions = new MemoryPartitions();
  readonly transcript: string[] = [];
  readonly #names = new Map<string, string>();
  readonly #settings: GroupSettings;
  #runtime: CoordinatorRuntime<GroupShard, GroupRecord>;
  #shard: GroupShard | null = null;
  #nowMs = START_MS;
  readonly #prng = new SeededPrng(1);

  constructor(settings: Partial<GroupSettings> = {}) {
    this.#settings = { ...DEFAULT_GROUP_SETTINGS, ...settings };
    this.#runtime = this.#newRuntime();
    this.partitions.onHighWatermark((partition, highWatermark) =>
      this.#runtime.highWatermark(partition, highWatermark, this.#nowMs)
    );
    this.#load();
  }

  get nowMs(): number {
    return this.#nowMs;
  }
  /** The shard's state. */
  get state(): ShardState {
    return this.#shard!.state;
  }
  get shard(): GroupShard {
    return this.#shard!;
  }

  /** A client of group `groupId`. */
  client(name: string, groupId = "g"): GroupClient {
    return new GroupClient(this, name, groupId);
  }

  /** The transcript since the last call. */
  take(): string[] {
    return this.transcript.splice(0);
  }

  /** Runs a write on the shard and whatever follows from it at once. */
  write<T>(
    operation: (state: ShardState) => Outcome<GroupRecord, T>,
    complete: (errorCode: number, response: T | null) => void = () => {},
  ): void {
    this.#runtime.write(PARTITION, this.#nowMs, {
      operation: ({ state }) => operation(state),
      complete,
    });
    this.pump();
  }

  /** Lets time pass, timer by timer. */
  advance(ms: number): void {
    const targetMs = this.#nowMs + ms;
    for (;;) {
      const wakeMs = this.#runtime.nextWakeMs;
      if (wakeMs === null || wakeMs > targetMs) break;
      this.#nowMs = Math.max(this.#nowMs, wakeMs);
      this.pump();
    }
    this.#nowMs = targetMs;
    this.pump();
  }

  /** Forgets everything but the log, and loads that. */
  restart(): void {
    this.#runtime.unload(PARTITION, null, this.#nowMs);
    this.#runtime = this.#newRuntime();
    this.#load();
  }

  /** What another node would make of the log. */
  replayed(): ShardState {
    const timeline = new Timeline();
    const shard = new GroupShard(
      { partition: PARTITION, timeline, nowMs: () => this.#nowMs, schedule: neverScheduled },
      { settings: this.#settings, prng: this.#prng, report: () => {} },
    );
    const replay = new BatchReplay(shard, timeline, groupRecordFormat);
    replay.feed(this.partitions.bytes(PARTITION));
    replay.step(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    return shard.state;
  }

  /** The shard moves to another node. */
  resign(): void {
    this.#runtime.unload(PARTITION, null, this.#nowMs);
  }

  say(line: string): void {
    this.transcript.push(`${((this.#nowMs - START_MS) / 1000).toFixed(1)} ${line}`);
  }

  /** A member id's short name. */
  nameOf(memberId: string): string {
    if (memberId === "") return "-";
    const known = this.#names.get(memberId);
    if (known !== undefined) return known;
    const prefix = memberId.slice(0, -37);
    const name = `${prefix}#${this.#names.size + 1}`;
    this.#names.set(memberId, name);
    return name;
  }

  /** Carries out what the runtime asks for. */
  pump(): void {
    this.#runtime.tick(this.#nowMs);
    for (
      let effects = this.#runtime.takeEffects(this.#nowMs);
      effects.length > 0;
      effects = this.#runtime.takeEffects(this.#nowMs)
    ) {
      for (const effect of effects) {
        if (effect.kind === "bug") throw effect.error;
        if (effect.kind === "load") this.#feed(effect.incarnation);
        else {
          const { partition, incarnation, records } = effect;
          const result = this.partitions.append(partition, records);
          this.#runtime.appended(incarnation, partition, result, this.#nowMs);
        }
      }
    }
  }

  #newRuntime(): CoordinatorRuntime<GroupShard, GroupRecord> {
    const options = { settings: this.#settings, prng: this.#prng, report: () => {} };
    return new CoordinatorRuntime<GroupShard, GroupRecord>({
      createMachine: (context) => this.#shard = new GroupShard(context, options),
      format: groupRecordFormat,
      compression: { codec: CODEC_NONE },
      maxBatchBytes: () => 1_048_588,
      writeTimeoutMs: 5_000,
      lingerMs: 0,
      pendingOperationsMax: 1_000,
    });
  }

  #load(): void {
    this.#runtime.load(PARTITION, 1, this.#nowMs);
    this.pump();
  }

  #feed(incarnation: number): void {
    const endOffset = this.partitions.logEndOffset(PARTITION);
    const highWatermark = this.partitions.highWatermark(PARTITION);
    this.#runtime.feed(incarnation, PARTITION, this.partitions.bytes(PARTITION));
    while (
      this.#runtime.replayNext(incarnation, PARTITION, { count: 7, highWatermark })!.hasMore
    );
    this.#runtime.loaded(incarnation, PARTITION, { endOffset, highWatermark, nowMs: this.#nowMs });
  }
}

function neverScheduled(): never {
  throw new Error("A replay sets no timers");
}

/** A client that keeps what it is told, as a consumer does. */
export class GroupClient {
  memberId = "";
  generationId = -1;
  /** Members that the leader was told of last. */
  membersToAssign: string[] = [];

  constructor(
    readonly harness: GroupHarness,
    readonly name: string,
    readonly groupId: string,
  ) {}

  join(options: JoinOptions = {}): void {
    const { protocols = [["range", "r"]], groupInstanceId = null, version = 9 } = options;
    const request = make(joinGroupApi.request, {
      groupId: this.groupId,
      memberId: this.memberId,
      groupInstanceId,
      sessionTimeoutMs: options.sessionTimeoutMs ?? 10_000,
      rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? 60_000,
      protocolType: options.protocolType ?? "consumer",
      protocols: protocols.map(([name, text]) => ({
        name,
        metadata: new TextEncoder().encode(text),
      })),
    });
    const context = { version, clientId: this.name, clientHost: "/127.0.0.1" };
    let isAnswered = false;
    const reply = (response: JoinGroupResponse) => {
      if (isAnswered) return;
      isAnswered = true;
      this.#onJoin(response);
    };
    this.harness.write((state) => joinGroup(state, { request, context, reply }));
  }

  sync(assignments: Record<string, string> = {}, generationId = this.generationId): void {
    const request = make(syncGroupApi.request, {
      groupId: this.groupId,
      memberId: this.memberId,
      generationId,
      assignments: Object.entries(assignments).map(([memberId, text]) => ({
        memberId,
        assignment: new TextEncoder().encode(text),
      })),
    });
    this.harness.write((state) =>
      syncGroup(state, {
        request,
        reply: ({ errorCode, assignment }) => {
          const text = new TextDecoder().decode(assignment);
          this.harness.say(
            `${this.name} sync: ${errorCode === 0 ? `"${text}"` : errorName(errorCode)}`,
          );
        },
      })
    );
  }

  heartbeat(generationId = this.generationId): void {
    const request = make(heartbeatApi.request, {
      groupId: this.groupId,
      memberId: this.memberId,
      generationId,
    });
    this.harness.write(
      (state) => answer(heartbeat(state, request)),
      (errorCode, response) => this.#told("heartbeat", response ?? errorCode),
    );
  }

  leave(identity: { memberId?: string; groupInstanceId?: string } = {}): void {
    const { memberId = this.memberId, groupInstanceId = null } = identity;
    const request = make(leaveGroupApi.request, {
      groupId: this.groupId,
      members: [{ memberId, groupInstanceId }],
    });
    this.harness.write(
      (state) => leaveGroup(state, request),
      (errorCode, response) => this.#told("leave", response?.members[0]?.errorCode ?? errorCode),
    );
  }

  commit(request: Partially<OffsetCommitRequest> = {}, version = 9): void {
    const whole = make(offsetCommitApi.request, {
      groupId: this.groupId,
      memberId: this.memberId,
      generationIdOrMemberEpoch: this.generationId,
      topics: [{ name: "t", partitions: [{ partitionIndex: 0, committedOffset: 1 }] }],
      ...request,
    });
    const context = { version, clientId: this.name, clientHost: "/127.0.0.1" };
    this.harness.write(
      (state) => commitOffsets(state, whole, context),
      (errorCode, response) =>
        this.#told("commit", response?.topics[0]?.partitions[0]?.errorCode ?? errorCode),
    );
  }

  #told(what: string, errorCode: number): void {
    this.harness.say(`${this.name} ${what}: ${errorCode === 0 ? "ok" : errorName(errorCode)}`);
  }

  #onJoin(response: JoinGroupResponse): void {
    const { errorCode, memberId, members } = response;
    const nameOf = (id: string) => this.harness.nameOf(id);
    if (errorCode !== 0) {
      this.harness.say(`${this.name} join: ${errorName(errorCode)} as ${nameOf(memberId)}`);
      if (memberId !== "") this.memberId = memberId;
      return;
    }
    this.memberId = memberId;
    this.generationId = response.generationId;
    this.membersToAssign = members.map((member) => member.memberId);
    const listed = members.map((member) => nameOf(member.memberId)).join(" ");
    const facts = [
      `${this.name} join: generation ${response.generationId} as ${nameOf(memberId)}`,
      `${response.protocolName}`,
      `leader ${nameOf(response.leader)}`,
      ...(members.length > 0 ? [`members ${listed}`] : []),
      ...(response.skipAssignment ? ["skip assignment"] : []),
    ];
    this.harness.say(facts.join(", "));
  }
}
