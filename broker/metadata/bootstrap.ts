import { bootstrapFeatureLevels, METADATA_VERSION, METADATA_VERSION_LATEST } from "./features.ts";
import type { MetadataRecord } from "./records.ts";
import { featureRecord } from "./snapshot_records.ts";

/** Where 3.3 to 4.3 kept what a directory was formatted with; since then it is in the first snapshot. */
export const LEGACY_BOOTSTRAP_FILE = "bootstrap.checkpoint";

/**
 * The records that a new cluster starts with: its feature levels, `metadata.version` first and the
 * others by name. `overrides` are levels that the user chose; `more` are further records, such as the
 * SCRAM credentials without which nobody could log in.
 */
export function bootstrapRecords(
  metadataVersion: number = METADATA_VERSION_LATEST,
  overrides: ReadonlyMap<string, number> = new Map(),
  more: readonly MetadataRecord[] = [],
): MetadataRecord[] {
  const levels = new Map([...bootstrapFeatureLevels(metadataVersion), ...overrides]);
  const others = [...levels].filter(([, level]) => level > 0)
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, level]) => featureRecord(name, level));
  return [featureRecord(METADATA_VERSION, metadataVersion), ...others, ...more];
}
