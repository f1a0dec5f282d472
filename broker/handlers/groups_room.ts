import type { GroupCoordinator } from "../coordinator/mod.ts";

/** The group coordinator of this node, as far as requests reach it. */
export type GroupsRoom = Pick<
  GroupCoordinator,
  | "partitionFor"
  | "offsetsTopicConfigs"
  | "joinGroup"
  | "syncGroup"
  | "heartbeat"
  | "leaveGroup"
  | "offsetCommit"
  | "offsetFetch"
  | "offsetDelete"
  | "describeGroups"
  | "listGroups"
  | "deleteGroups"
>;
