import type { AdminConnection } from "../admin/mod.ts";
import { describeCluster, listConfigResources, listGroups, make } from "../../protocol/mod.ts";
import { UsageError } from "../command_error.ts";
import type { EntityType } from "./config_entity.ts";

/** How the protocol and the tools speak of one kind of resource. */
export interface Kind {
  readonly resourceType: number;
  /** What one is called in sentences. */
  readonly noun: string;
  /** Source of values that were set for it; null is any. */
  readonly source: number | null;
}

const KINDS: Partial<Record<EntityType, Kind>> = {
  topics: { resourceType: 2, noun: "topic", source: 1 },
  brokers: { resourceType: 4, noun: "broker", source: 2 },
  "broker-loggers": { resourceType: 8, noun: "broker-logger", source: null },
  "client-metrics": { resourceType: 16, noun: "client-metric", source: 7 },
  groups: { resourceType: 32, noun: "group", source: 8 },
};

/** The kind behind an entity type; a UsageError where options are quotas. */
export function kindOf(type: EntityType): Kind {
  const kind = KINDS[type];
  if (kind === undefined) throw new UsageError(`--entity-type ${type} has no options of this kind`);
  return kind;
}

/** The broker that alone answers for a resource, or null where any broker does. */
export function nodeOf(type: EntityType, name: string): number | null {
  const isOneNode = (type === "brokers" && name !== "") || type === "broker-loggers";
  if (!isOneNode) return null;
  if (/^\d{1,10}$/.test(name)) return Number(name);
  throw new UsageError(`--entity-name ${name}: allowed is the id of a broker`);
}

/** All that have options of the type. */
export async function namesOf(admin: AdminConnection, type: EntityType): Promise<string[]> {
  switch (type) {
    case "topics": {
      return (await admin.topics(null)).flatMap(({ name, isInternal }) =>
        isInternal ? [] : name ?? []
      ).sort();
    }
    case "brokers":
    case "broker-loggers": {
      const { brokers } = await admin.send(
        describeCluster,
        make(describeCluster.request, { endpointType: 1 }),
      );
      const ids = brokers.map(({ brokerId }) => String(brokerId));
      return type === "brokers" ? [...ids, ""] : ids;
    }
    case "groups": {
      const { groups } = await admin.send(listGroups, make(listGroups.request, {}));
      const names = [...groups.map(({ groupId }) => groupId), ...await configured(admin, type)];
      return [...new Set(names)].sort();
    }
    default:
      return await configured(admin, type);
  }
}

/** Those that have options of their own. */
async function configured(admin: AdminConnection, type: EntityType): Promise<string[]> {
  const { resourceType } = kindOf(type);
  const { configResources } = await admin.send(
    listConfigResources,
    make(listConfigResources.request, { resourceTypes: [resourceType] }),
  );
  return configResources.filter((resource) => resource.resourceType === resourceType)
    .map(({ resourceName }) => resourceName).sort();
}
