import type { Clock, Prng } from "../base/mod.ts";
import { errorCodes } from "../protocol/errors.ts";
import {
  coordinatorPartition,
  type HeartbeatRequest,
  type HeartbeatResponse,
  type JoinGroupRequest,
  type JoinGroupResponse,
  type LeaveGroupRequest,
  type LeaveGroupResponse,
  type ListGroupsRequest,
  type ListGroupsResponse,
  type OffsetCommitRequest,
  type OffsetCommitResponse,
  type OffsetDeleteRequest,
  type OffsetDeleteResponse,
  type SyncGroupRequest,
  type SyncGroupResponse,
} from "../protocol/mod.ts";
import type { CodecId } from "../protocol/records/mod.ts";
import {
  CoordinatorDriver,
  type CoordinatorPartitions,
  type LoadSummary,
  type Settled,
} from "./coordinator_driver.ts";
import { type DeletedGroup, deleteGroups } from "./group/delete_groups.ts";
import { type DescribedGroup, describeError, describeGroup } from "./group/describe_groups.ts";
import type { GroupEvent } from "./group/group_event.ts";
import { type GroupRecord, groupRecordFormat } from "./group/group_records.ts";
import { GroupShard } from "./group/group_shard.ts";
import { heartbeat } from "./group/heartbeat.ts";
import { joinGroup } from "./group/join_group.ts";
import { leaveGroup } from "./group/leave_group.ts";
import { type ListedGroup, listGroups } from "./group/list_groups.ts";
import { commitError, commitOffsets } from "./group/offset_commit.ts";
import { deleteError, deleteOffsets } from "./group/offset_delete.ts";
import type { DeletedTopic } from "./group/offset_expiry.ts";
import {
  type FetchedGroup,
  type FetchedGroupResponse,
  fetchOffsets,
} from "./group/offset_fetch.ts";
import {
  fetchErrorFor,
  joinResponseFor,
  leaveResponseFor,
  newestJoin,
  newestLeave,
} from "./group/request_forms.ts";
import { clientError, joinError, syncError, UNKNOWN_MEMBER_ID } from "./group/responses.ts";
import type { GroupSettings } from "./group/settings.ts";
import type { GroupRequestContext } from "./group/shard_state.ts";
import { syncGroup } from "./group/sync_group.ts";
import { CoordinatorRuntime } from "./runtime.ts";
import { answer, type Outcome } from "./state_machine.ts";

/** What the group coordinator takes from the configuration, beside what its groups do. */
export interface GroupCoordinatorSettings extends GroupSettings {
  /** `offsets.topic.segment.bytes`. */
  readonly offsetsTopicSegmentBytes: number;
  /** `offsets.topic.compression.codec`. */
  readonly offsetsTopicCompressionCodec: CodecId;
  /** `offsets.commit.timeout.ms`. */
  readonly offsetsCommitTimeoutMs: number;
  /** `group.coordinator.append.linger.ms`. */
  readonly appendLingerMs: number;
}

/** How a {@linkcode GroupCoordinator} is made. */
export interface GroupCoordinatorOptions {
  readonly settings: GroupCoordinatorSettings;
  /** Of `__consumer_offsets`. */
  readonly partitions: CoordinatorPartitions;
  /** How many partitions `__consumer_offsets` has, or will have. */
  readonly partitionCount: () => number;
  /** `max.message.bytes` of a partition of `__consumer_offsets`. */
  readonly maxBatchBytes: (partition: number) => number;
  readonly clock: Clock;
  readonly prng: Prng;
  /** Events in the life of groups, for the log. */
  readonly report: (event: GroupEvent) => void;
  /** See {@linkcode CoordinatorDriver}. */
  readonly onError: (partition: number, error: unknown) => void;
  readonly onLoaded?: (partition: number, load: LoadSummary) => void;
  readonly atEndOfTurn?: (callback: () => void) => void;
}

/** How many operations of one partition may wait for their commit. */
const PENDING_OPERATIONS_MAX = 10_000;
/** From this version on a SyncGroup has to name the protocol (KIP-559). */
const MANDATORY_PROTOCOL_VERSION = 5;

/**
 * The group coordinator of a node: classic groups and the offsets of all groups, for the partitions of
 * `__consumer_offsets` that the node leads. Methods are named after requests, take them decoded and in
 * any version, and always resolve: what goes wrong is in the response.
 */
export class GroupCoordinator {
  readonly #options: GroupCoordinatorOptions;
  readonly #driver: CoordinatorDriver<GroupShard, GroupRecord>;

  constructor(options: GroupCoordinatorOptions) {
    this.#options = options;
    const { settings, prng, report } = options;
    const runtime = new CoordinatorRuntime<GroupShard, GroupRecord>({
      createMachine: (shard) => new GroupShard(shard, { settings, prng, report }),
      format: groupRecordFormat,
      compression: { codec: settings.offsetsTopicCompressionCodec },
      maxBatchBytes: options.maxBatchBytes,
      writeTimeoutMs: settings.offsetsCommitTimeoutMs,
      lingerMs: settings.appendLingerMs,
      pendingOperationsMax: PENDING_OPERATIONS_MAX,
    });
    this.#driver = new CoordinatorDriver({ ...options, runtime });
  }

  /** The partition of `__consumer_offsets` that holds a group. */
  partitionFor(groupId: string): number {
    return coordinatorPartition(groupId, this.#options.partitionCount());
  }

  /** With which topic configs `__consumer_offsets` is created. */
  offsetsTopicConfigs(): ReadonlyMap<string, string> {
    return new Map([
      ["cleanup.policy", "compact"],
      ["compression.type", "producer"],
      ["segment.bytes", String(this.#options.settings.offsetsTopicSegmentBytes)],
    ]);
  }

  /** This node leads the partition from `leaderEpoch` on. */
  onElected(partition: number, leaderEpoch: number): void {
    this.#driver.onElected(partition, leaderEpoch);
  }

  /** This node leads the partition no more as of `leaderEpoch`; null: its replica is gone. */
  onResigned(partition: number, leaderEpoch: number | null): void {
    this.#driver.onResigned(partition, leaderEpoch);
  }

  /** Topics were deleted: offsets in them are forgotten. */
  async onTopicsDeleted(topics: readonly DeletedTopic[]): Promise<void> {
    await Promise.all(
      this.#driver.activePartitions().map((partition) =>
        this.#driver.write(partition, (shard) => shard.onTopicsDeleted(topics))
      ),
    );
  }

  /** Answers what waits with NOT_COORDINATOR; nothing is served after. */
  close(): void {
    this.#driver.close();
  }

  joinGroup(
    request: JoinGroupRequest,
    context: GroupRequestContext,
  ): Promise<JoinGroupResponse> {
    const { version } = context;
    const refused = this.#joinErrorCode(request);
    if (refused !== 0) {
      return Promise.resolve(joinResponseFor(version, joinError(refused, request.memberId)));
    }
    return new Promise((resolve) => {
      const reply = (response: JoinGroupResponse) => resolve(joinResponseFor(version, response));
      const join = { request: newestJoin(request, version), context, reply };
      void this.#writeGroup(request.groupId, ({ state }) => joinGroup(state, join))
        .then(({ errorCode }) => {
          if (errorCode !== 0) reply(joinError(clientError(errorCode), UNKNOWN_MEMBER_ID));
        });
    });
  }

  syncGroup(
    request: SyncGroupRequest,
    { version }: GroupRequestContext,
  ): Promise<SyncGroupResponse> {
    if (request.groupId === "") return Promise.resolve(syncError(errorCodes.INVALID_GROUP_ID));
    const namesProtocol = request.protocolType !== null && request.protocolName !== null;
    if (version >= MANDATORY_PROTOCOL_VERSION && !namesProtocol) {
      return Promise.resolve(syncError(errorCodes.INCONSISTENT_GROUP_PROTOCOL));
    }
    return new Promise((reply) => {
      void this.#writeGroup(request.groupId, ({ state }) => syncGroup(state, { request, reply }))
        .then(({ errorCode }) => {
          if (errorCode !== 0) reply(syncError(clientError(errorCode)));
        });
    });
  }

  async heartbeat(
    request: HeartbeatRequest,
    _context: GroupRequestContext,
  ): Promise<HeartbeatResponse> {
    if (request.groupId === "") return heartbeatResponse(errorCodes.INVALID_GROUP_ID);
    const { errorCode, response } = await this.#writeGroup(
      request.groupId,
      ({ state }) => answer(heartbeat(state, request)),
    );
    if (response !== null) return heartbeatResponse(response);
    // Sessions begin when the group is loaded, so there is nothing to tell the member yet.
    const isLoading = errorCode === errorCodes.COORDINATOR_LOAD_IN_PROGRESS;
    return heartbeatResponse(isLoading ? 0 : clientError(errorCode));
  }

  async leaveGroup(
    request: LeaveGroupRequest,
    { version }: GroupRequestContext,
  ): Promise<LeaveGroupResponse> {
    if (request.groupId === "") return leaveError(errorCodes.INVALID_GROUP_ID);
    const { errorCode, response } = await this.#writeGroup(
      request.groupId,
      ({ state }) => leaveGroup(state, newestLeave(request, version)),
    );
    return response === null
      ? leaveError(clientError(errorCode))
      : leaveResponseFor(version, response);
  }

  /** Topics have both name and id (the zero uuid where it is not known) and exist. */
  async offsetCommit(
    request: OffsetCommitRequest,
    context: GroupRequestContext,
  ): Promise<OffsetCommitResponse> {
    const { errorCode, response } = await this.#writeGroup(
      request.groupId,
      ({ state }) => commitOffsets(state, request, context),
    );
    return response ?? commitError(request, clientError(errorCode));
  }

  /** One group of a request; null topics stand for all. Topics are told by name, answered by name. */
  async offsetFetch(
    group: FetchedGroup,
    requireStable: boolean,
    { version }: GroupRequestContext,
  ): Promise<FetchedGroupResponse> {
    const partition = this.partitionFor(group.groupId);
    const { errorCode, response } = requireStable
      ? await this.#driver.write(
        partition,
        ({ state }) => answer(fetchOffsets(state, group, requireStable)),
      )
      : this.#driver.read(partition, ({ state }) => fetchOffsets(state, group, requireStable));
    const failed = response === null ? fetchErrorCode(errorCode) : response.errorCode;
    return response === null || failed !== 0 ? fetchErrorFor(version, group, failed) : response;
  }

  async offsetDelete(
    request: OffsetDeleteRequest,
    _context: GroupRequestContext,
  ): Promise<OffsetDeleteResponse> {
    if (request.groupId === "") return deleteError(errorCodes.INVALID_GROUP_ID);
    const { errorCode, response } = await this.#writeGroup(
      request.groupId,
      ({ state }) => deleteOffsets(state, request),
    );
    return response ?? deleteError(clientError(errorCode));
  }

  /** In the order of the ids. */
  describeGroups(
    groupIds: readonly string[],
    context: GroupRequestContext,
  ): Promise<DescribedGroup[]> {
    return Promise.resolve(groupIds.map((groupId) => {
      const { errorCode, response } = this.#driver.read(
        this.partitionFor(groupId),
        ({ state }) => describeGroup(state, groupId, context),
      );
      const error = { errorCode: clientError(errorCode), message: null, state: "" };
      return response ?? describeError(groupId, error);
    }));
  }

  /** The groups of all partitions that this node leads; an error while one of them loads. */
  listGroups(
    request: ListGroupsRequest,
    _context: GroupRequestContext,
  ): Promise<ListGroupsResponse> {
    const groups: ListedGroup[] = [];
    for (const partition of this.#driver.partitions()) {
      const { errorCode, response } = this.#driver.read(
        partition,
        ({ state }) => listGroups(state, request),
      );
      if (response !== null) groups.push(...response);
      else if (errorCode !== errorCodes.NOT_COORDINATOR) {
        return Promise.resolve({ throttleTimeMs: 0, errorCode, groups: [] });
      }
    }
    return Promise.resolve({ throttleTimeMs: 0, errorCode: 0, groups });
  }

  /** One write for all groups of a partition. */
  async deleteGroups(
    groupIds: readonly string[],
    _context: GroupRequestContext,
  ): Promise<DeletedGroup[]> {
    const byPartition = Map.groupBy(groupIds, (groupId) => this.partitionFor(groupId));
    const results = await Promise.all(
      Array.from(byPartition, async ([partition, ids]) => {
        const { errorCode, response } = await this.#driver.write(
          partition,
          ({ state }) => deleteGroups(state, ids),
        );
        return response ?? ids.map((groupId) => (
          { groupId, errorCode: clientError(errorCode), errorMessage: null }
        ));
      }),
    );
    return results.flat();
  }

  #writeGroup<T>(
    groupId: string,
    operation: (shard: GroupShard) => Outcome<GroupRecord, T>,
  ): Promise<Settled<T>> {
    return this.#driver.write(this.partitionFor(groupId), operation);
  }

  #joinErrorCode({ groupId, sessionTimeoutMs }: JoinGroupRequest): number {
    if (groupId === "") return errorCodes.INVALID_GROUP_ID;
    const { minSessionTimeoutMs, maxSessionTimeoutMs } = this.#options.settings;
    const isAllowed = sessionTimeoutMs >= minSessionTimeoutMs &&
      sessionTimeoutMs <= maxSessionTimeoutMs;
    return isAllowed ? 0 : errorCodes.INVALID_SESSION_TIMEOUT;
  }
}

function heartbeatResponse(errorCode: number): HeartbeatResponse {
  return { throttleTimeMs: 0, errorCode };
}

function leaveError(errorCode: number): LeaveGroupResponse {
  return { throttleTimeMs: 0, errorCode, members: [] };
}

/** Consumers before Kafka 3.9 give up on COORDINATOR_NOT_AVAILABLE here, but not on NOT_COORDINATOR. */
function fetchErrorCode(errorCode: number): number {
  const code = clientError(errorCode);
  const isFromLog = code !== errorCode && code === errorCodes.COORDINATOR_NOT_AVAILABLE;
  return isFromLog ? errorCodes.NOT_COORDINATOR : code;
}
