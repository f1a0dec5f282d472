import {
  errorCodes,
  type UpdateFeaturesRequest,
  type UpdateFeaturesResponse,
} from "../protocol/mod.ts";
import {
  dependencyMissing,
  downgradeLosesMetadata,
  ELIGIBLE_LEADER_REPLICAS_VERSION,
  featureLevel,
  type FeatureRange,
  featureRecord,
  KRAFT_VERSION,
  METADATA_VERSION,
  METADATA_VERSIONS,
  type MetadataRecord,
  metadataRecord,
  metadataVersionOf,
  RESOURCE_BROKER,
  SUPPORTED_FEATURES,
} from "../metadata/mod.ts";
import { answer, atomic, type ControllerResult } from "./result.ts";
import type { ControllerRequestContext, ControllerView } from "./view.ts";

const UPGRADE = 1;
const SAFE_DOWNGRADE = 2;
const UNSAFE_DOWNGRADE = 3;

type FeatureUpdate = UpdateFeaturesRequest["featureUpdates"][number];

/** UpdateFeatures (KIP-584): raises or lowers finalized levels, all of the request or none. */
export function updateFeatures(
  view: ControllerView,
  request: UpdateFeaturesRequest,
  { version }: ControllerRequestContext,
): ControllerResult<UpdateFeaturesResponse> {
  const levels = new Map(request.featureUpdates.map((update) => [update.feature, update]));
  const metadataVersion = levels.get(METADATA_VERSION)?.maxVersionLevel ??
    metadataVersionOf(view.image);
  const records: MetadataRecord[] = [];
  for (const update of levels.values()) {
    const problem = refuseUpdate(view, upgradeTypeOf(update, version), update, metadataVersion);
    if (problem !== null) {
      const { feature, maxVersionLevel } = update;
      return answer({
        throttleTimeMs: 0,
        errorCode: errorCodes.INVALID_UPDATE_VERSION,
        errorMessage: `No feature was changed: ${feature} can't be set to ${maxVersionLevel}. ` +
          problem,
        results: [],
      });
    }
    if (update.feature === KRAFT_VERSION) continue; // it is at that level already
    records.push(featureRecord(update.feature, update.maxVersionLevel));
  }
  const elr = levels.get(ELIGIBLE_LEADER_REPLICAS_VERSION)?.maxVersionLevel ?? 0;
  if (elr > 0) records.unshift(...minIsrRecords(view));
  const response = {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: null,
    results: version <= 1
      ? Array.from(levels.keys(), (feature) => ({ feature, errorCode: 0, errorMessage: "NONE" }))
      : [],
  };
  return request.validateOnly ? answer(response) : atomic(records, response);
}

/** Version 0 of the request can only say that going down is allowed. */
function upgradeTypeOf({ upgradeType, allowDowngrade }: FeatureUpdate, version: number): number {
  if (version > 0) return upgradeType;
  return allowDowngrade ? SAFE_DOWNGRADE : UPGRADE;
}

/** Why an update can't be made; null when it can. */
function refuseUpdate(
  view: ControllerView,
  upgradeType: number,
  { feature, maxVersionLevel: level }: FeatureUpdate,
  metadataVersion: number,
): string | null {
  if (![UPGRADE, SAFE_DOWNGRADE, UNSAFE_DOWNGRADE].includes(upgradeType)) {
    return `The upgrade type is ${upgradeType}, allowed are 1, 2 and 3.`;
  }
  if (level < 0) return "A level can't be negative.";
  const unsupported = refuseLevel(view, feature, level);
  if (unsupported !== null) return unsupported;
  const current = feature === KRAFT_VERSION ? view.kraftVersion : featureLevel(view.image, feature);
  if (level < current && upgradeType === UPGRADE) {
    return `It is at ${current}; going down needs the upgrade type of a downgrade.`;
  }
  if (level > current && upgradeType !== UPGRADE) return `It is at ${current}, which is lower.`;
  if (feature === KRAFT_VERSION) {
    return level === current ? null : `It is at ${current} and can't be changed yet.`;
  }
  if (feature !== METADATA_VERSION) return dependencyMissing(feature, level, metadataVersion);
  if (!METADATA_VERSIONS.some((known) => known.level === level)) return "There is no such level.";
  if (level < current && downgradeLosesMetadata(current, level)) {
    return `Metadata written at ${current} could be lost.`;
  }
  return null;
}

/** Every node must be able to work at the level. */
function refuseLevel(view: ControllerView, feature: string, level: number): string | null {
  const { nodeId, quorumNodeIds } = view.settings;
  const nodes: [string, readonly FeatureRange[]][] = [
    [`Controller ${nodeId}`, SUPPORTED_FEATURES],
  ];
  for (const { id, features } of view.image.brokers.values()) {
    nodes.push([`Broker ${id}`, features]);
  }
  for (const id of quorumNodeIds) {
    if (id === nodeId) continue;
    const controller = view.image.controllers.get(id);
    if (controller === undefined) return `Controller ${id} has not registered.`;
    nodes.push([`Controller ${id}`, controller.features]);
  }
  for (const [node, features] of nodes) {
    const range = features.find(({ name }) => name === feature);
    if (range === undefined) {
      if (level === 0 && node !== `Controller ${nodeId}`) continue;
      return `${node} does not know this feature.`;
    }
    const { minSupportedVersion: min, maxSupportedVersion: max } = range;
    if (level !== 0 || feature === METADATA_VERSION) {
      if (level < min || level > max) return `${node} supports ${min} to ${max}.`;
    }
  }
  return null;
}

/**
 * From now on `min.insync.replicas` must be the same on every broker (KIP-966): a cluster-wide value is
 * written down and those of single brokers go.
 */
function minIsrRecords({ image, settings }: ControllerView): MetadataRecord[] {
  const name = "min.insync.replicas";
  const records: MetadataRecord[] = [];
  const set = (resourceName: string, value: string | null) =>
    records.push(
      metadataRecord("ConfigRecord", 0, {
        resourceType: RESOURCE_BROKER,
        resourceName,
        name,
        value,
      }),
    );
  if (!image.configs.get(RESOURCE_BROKER, "").has(name)) set("", `${settings.minInsyncReplicas}`);
  for (const { resourceType, resourceName, values } of image.configs.resources()) {
    if (resourceType !== RESOURCE_BROKER || resourceName === "" || !values.has(name)) continue;
    set(resourceName, null);
  }
  return records;
}
