import type {
  DeleteGroupsResponse,
  DescribeGroupsResponse,
  HeartbeatRequest,
  HeartbeatResponse,
  JoinGroupRequest,
  JoinGroupResponse,
  LeaveGroupRequest,
  LeaveGroupResponse,
  ListGroupsRequest,
  ListGroupsResponse,
  OffsetCommitRequest,
  OffsetCommitResponse,
  OffsetDeleteRequest,
  OffsetDeleteResponse,
  OffsetFetchRequest,
  OffsetFetchResponse,
  SyncGroupRequest,
  SyncGroupResponse,
} from "../protocol/mod.ts";

/** Who asks the group coordinator. */
export interface GroupRequestContext {
  readonly version: number;
  readonly clientId: string | null;
  /** As groups show it: `/127.0.0.1`. */
  readonly clientHost: string;
}

/**
 * The group coordinator of this node. A group whose partition this node does not lead is answered
 * NOT_COORDINATOR, inside the response.
 */
export interface GroupsRoom {
  /** The partition of `__consumer_offsets` that holds a group. */
  partitionFor(groupId: string): number;
  /** Settings with which `__consumer_offsets` is created, as topic configs. */
  offsetsTopicConfigs(): ReadonlyMap<string, string>;
  joinGroup(request: JoinGroupRequest, context: GroupRequestContext): Promise<JoinGroupResponse>;
  syncGroup(request: SyncGroupRequest, context: GroupRequestContext): Promise<SyncGroupResponse>;
  heartbeat(request: HeartbeatRequest, context: GroupRequestContext): Promise<HeartbeatResponse>;
  leaveGroup(request: LeaveGroupRequest, context: GroupRequestContext): Promise<LeaveGroupResponse>;
  /** Topics come and go with name and id both set. */
  offsetCommit(
    request: OffsetCommitRequest,
    context: GroupRequestContext,
  ): Promise<OffsetCommitResponse>;
  /** One group of a request; null topics stand for all. Topics are told by name. */
  offsetFetch(
    group: OffsetFetchRequest["groups"][number],
    requireStable: boolean,
    context: GroupRequestContext,
  ): Promise<OffsetFetchResponse["groups"][number]>;
  offsetDelete(
    request: OffsetDeleteRequest,
    context: GroupRequestContext,
  ): Promise<OffsetDeleteResponse>;
  describeGroups(
    groupIds: readonly string[],
    context: GroupRequestContext,
  ): Promise<DescribeGroupsResponse["groups"]>;
  listGroups(request: ListGroupsRequest, context: GroupRequestContext): Promise<ListGroupsResponse>;
  deleteGroups(
    groupIds: readonly string[],
    context: GroupRequestContext,
  ): Promise<DeleteGroupsResponse["results"]>;
}
