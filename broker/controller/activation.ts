import {
  ELIGIBLE_LEADER_REPLICAS_VERSION,
  METADATA_VERSION,
  type MetadataRecord,
  metadataRecord,
  type MetadataState,
  RESOURCE_BROKER,
  transactionsSupported,
} from "../metadata/mod.ts";
import { atomic, type ControllerResult, divisible } from "./result.ts";
import type { ControllerSettings } from "./settings.ts";

/**
 * What a new active controller writes first. Into an empty log: the records that the directory was
 * formatted with, in a metadata transaction (KIP-868), so that a half-written beginning is not taken
 * for a cluster. Into another: the end of a transaction that the controller before it left open.
 */
export function activationRecords(
  state: MetadataState,
  bootstrap: readonly MetadataRecord[],
  settings: ControllerSettings,
): ControllerResult<null> {
  const abort = state.transactionOffset === null ? [] : [
    metadataRecord("AbortTransactionRecord", 0, { reason: "Controller failover" }),
  ];
  if (committedMetadataVersion(state) !== null) return atomic(abort, null);
  const records = [...bootstrap];
  if (bootstrapLevel(bootstrap, ELIGIBLE_LEADER_REPLICAS_VERSION) > 0) {
    // Who is an eligible leader must not depend on the static configuration of a broker (KIP-966).
    records.push(metadataRecord("ConfigRecord", 0, {
      resourceType: RESOURCE_BROKER,
      resourceName: "",
      name: "min.insync.replicas",
      value: `${settings.minInsyncReplicas}`,
    }));
  }
  if (!transactionsSupported(bootstrapLevel(bootstrap, METADATA_VERSION))) {
    return atomic(records, null);
  }
  return divisible([
    ...abort,
    metadataRecord("BeginTransactionRecord", 0, { name: "Bootstrap records" }),
    ...records,
    metadataRecord("EndTransactionRecord", 0, {}),
  ], null);
}

/** An open transaction does not count: it is about to be undone. */
function committedMetadataVersion(state: MetadataState): number | null {
  return state.published.features.metadataVersion;
}

function bootstrapLevel(records: readonly MetadataRecord[], feature: string): number {
  let level = 0;
  for (const { name, value } of records) {
    if (name === "FeatureLevelRecord" && value.name === feature) level = value.featureLevel;
  }
  return level;
}
