import type { ClientQuotaRecord } from "../protocol/mod.ts";
import { type MetadataRecord, metadataRecord } from "./records.ts";
import type { PersistentMap } from "./persistent_map.ts";

/** What a quota applies to: `user`, `client-id` or `ip`, and its name; null is the default entity. */
export interface QuotaEntityPart {
  readonly entityType: string;
  readonly entityName: string | null;
}

/** The quotas of one entity; never without any. */
export interface QuotaImage {
  readonly entity: readonly QuotaEntityPart[];
  readonly values: PersistentMap<string, number>;
}

/** A text that is equal for equal entities, in whatever order their parts stand. */
export function quotaEntityKey(entity: readonly QuotaEntityPart[]): string {
  return JSON.stringify(
    entity.map(({ entityType, entityName }) => [entityType, entityName])
      .sort(([a], [b]) => a! < b! ? -1 : a! > b! ? 1 : 0),
  );
}

/** The quotas of an entity after a record; `before` is null for an entity without quotas. */
export function changeQuota(
  before: PersistentMap<string, number>,
  record: ClientQuotaRecord,
): QuotaImage {
  const values = record.remove ? before.delete(record.key) : before.set(record.key, record.value);
  return { entity: record.entity, values };
}

/** The ClientQuotaRecords that set all quotas of an entity. */
export function quotaToRecords({ entity, values }: QuotaImage): MetadataRecord[] {
  return Array.from(values, ([key, value]) =>
    metadataRecord("ClientQuotaRecord", 0, {
      entity: entity.map((part) => ({ ...part })),
      key,
      value,
      remove: false,
    }));
}
