import {
  type BrokerHeartbeatRequest,
  type BrokerHeartbeatResponse,
  type BrokerRegistrationRequest,
  type BrokerRegistrationResponse,
  type ControllerRegistrationRequest,
  type ControllerRegistrationResponse,
  errorCodes,
  type UnregisterBrokerRequest,
  type UnregisterBrokerResponse,
  type UnregisterControllerRequest,
  type UnregisterControllerResponse,
} from "../protocol/mod.ts";
import {
  type BrokerImage,
  controllerRegistrationSupported,
  controllerUnregistrationSupported,
  cordonedDirectoriesSupported,
  directoriesSupported,
  featureLevel,
  isReservedDirectory,
  KRAFT_VERSION,
  METADATA_VERSION,
  type MetadataRecord,
  metadataRecord,
  metadataVersionOf,
  NO_LEADER,
  registerBrokerRecordVersion,
} from "../metadata/mod.ts";
import { type ApiError, refusal, refusalWithoutText } from "./api_error.ts";
import { updateLeaders } from "./elections.ts";
import { answer, atomic, type ControllerResult, divisible } from "./result.ts";
import {
  brokerOf,
  type ControllerRequestContext,
  type ControllerView,
  elrEnabled,
} from "./view.ts";

/** Where other answers have null beside code 0, Kafka's registration APIs have empty text. */
const DONE: ApiError = { errorCode: 0, errorMessage: "" };

/** True unless the broker is registered with this very epoch. */
export function staleBrokerEpoch(view: ControllerView, brokerId: number, epoch: number): boolean {
  return brokerOf(view, brokerId)?.epoch !== epoch;
}

/**
 * BrokerRegistration (KIP-631): a new incarnation gets the offset of its record as its epoch; the same
 * one may amend what it said and keeps it.
 */
export function registerBroker(
  view: ControllerView,
  request: BrokerRegistrationRequest,
  { version }: ControllerRequestContext,
): ControllerResult<BrokerRegistrationResponse> {
  const errorCode = refuseRegistration(view, request);
  if (errorCode !== 0) return answer({ throttleTimeMs: 0, errorCode, brokerEpoch: -1 });

  const { brokerId, incarnationId } = request;
  const existing = brokerOf(view, brokerId);
  const isNew = existing?.incarnationId !== incarnationId;
  const brokerEpoch = isNew ? view.nextOffset : existing!.epoch;
  const metadataVersion = metadataVersionOf(view.image);
  const records: MetadataRecord[] = [];
  if (isNew) {
    // A broker that stopped cleanly tells the epoch it had then (KIP-966).
    const isClean = version >= 3 && (existing?.epoch ?? -2) === request.previousBrokerEpoch;
    records.push(...leavePreviousIncarnation(view, brokerId, isClean));
  }
  records.push(
    metadataRecord("RegisterBrokerRecord", registerBrokerRecordVersion(metadataVersion), {
      brokerId,
      isMigratingZkBroker: false,
      incarnationId,
      brokerEpoch,
      endPoints: request.listeners.map((listener) => ({ ...listener })),
      features: request.features.map((feature) => ({ ...feature })),
      rack: request.rack,
      fenced: isNew || existing!.fenced,
      inControlledShutdown: !isNew && existing!.inControlledShutdown,
      logDirs: directoriesSupported(metadataVersion) ? [...request.logDirs] : [],
    }),
  );
  // Kafka keeps them in one batch, and so can't take back a broker that led more than one holds.
  return divisible(records, { throttleTimeMs: 0, errorCode: 0, brokerEpoch });
}

/** Partitions of the incarnation before: after an unclean stop it may have lost what was not flushed. */
function leavePreviousIncarnation(
  view: ControllerView,
  brokerId: number,
  isClean: boolean,
): MetadataRecord[] {
  const inSync = view.indexes.isr.of(brokerId);
  if (isClean || !elrEnabled(view.image)) return updateLeaders(view, { leaving: brokerId }, inSync);
  return [
    ...updateLeaders(view, { unclean: brokerId }, inSync),
    ...updateLeaders(view, { unclean: brokerId }, view.indexes.elr.of(brokerId)),
  ];
}

function refuseRegistration(view: ControllerView, request: BrokerRegistrationRequest): number {
  const { brokerId, clusterId, incarnationId, logDirs } = request;
  if (clusterId !== view.settings.clusterId) return errorCodes.INCONSISTENT_CLUSTER_ID;
  const existing = brokerOf(view, brokerId);
  if (existing !== undefined && existing.incarnationId !== incarnationId) {
    const { heartbeats, nowMs } = view;
    const isAlive = heartbeats.hasValidSession(brokerId, existing.epoch, nowMs);
    if (isAlive) return errorCodes.DUPLICATE_BROKER_REGISTRATION;
  }
  if (request.isMigratingZkBroker) return errorCodes.BROKER_ID_NOT_REGISTERED;
  if (directoriesSupported(metadataVersionOf(view.image))) {
    const isValid = logDirs.length > 0 && new Set(logDirs).size === logDirs.length &&
      !logDirs.some(isReservedDirectory) && !logDirs.some((id) => isTaken(view, brokerId, id));
    if (!isValid) return errorCodes.INVALID_REGISTRATION;
  }
  return refuseFeatures(view, request);
}

/** A directory that came over from another broker would hold that broker's replicas. */
function isTaken(view: ControllerView, brokerId: number, directory: string): boolean {
  for (const broker of view.image.brokers.values()) {
    if (broker.id !== brokerId && broker.directories.includes(directory)) return true;
  }
  return false;
}

/** A broker must be able to work at the finalized level of every feature. */
function refuseFeatures(view: ControllerView, { features }: BrokerRegistrationRequest): number {
  const { image, kraftVersion } = view;
  const finalized = (name: string) =>
    name === KRAFT_VERSION ? kraftVersion : featureLevel(image, name);
  const supports = (name: string, level: number) => {
    const range = features.find((feature) => feature.name === name);
    if (range === undefined) return level === 0;
    return level >= range.minSupportedVersion && level <= range.maxSupportedVersion;
  };
  if (!features.some(({ name }) => name === METADATA_VERSION)) {
    return errorCodes.INVALID_REGISTRATION;
  }
  const names = new Set([
    KRAFT_VERSION,
    ...image.features.levels.keys(),
    ...features.map(({ name }) => name),
  ]);
  const fits = [...names].every((name) => supports(name, finalized(name)));
  return fits ? 0 : errorCodes.UNSUPPORTED_VERSION;
}

/**
 * BrokerHeartbeat: keeps the broker's session and moves it between the states that
 * `Heartbeats.nextState` draws.
 */
export function brokerHeartbeat(
  view: ControllerView,
  request: BrokerHeartbeatRequest,
): ControllerResult<BrokerHeartbeatResponse> {
  const { brokerId, brokerEpoch, currentMetadataOffset } = request;
  const { heartbeats, indexes, image, nowMs } = view;
  heartbeats.recordContact(brokerId, brokerEpoch, nowMs);
  const broker = brokerOf(view, brokerId);
  if (broker === undefined || broker.epoch !== brokerEpoch) {
    return answer({
      throttleTimeMs: 0,
      errorCode: errorCodes.STALE_BROKER_EPOCH,
      isCaughtUp: false,
      isFenced: true,
      shouldShutDown: false,
    });
  }
  // Whoever has the record at the epoch has the whole batch, and the registration in it.
  const registrationOffset = broker.epoch;
  const leadsPartitions = !indexes.leaders.of(brokerId).isEmpty;
  const current = heartbeats.currentState(brokerId);
  const next = heartbeats.nextState(brokerId, request, registrationOffset, leadsPartitions);
  const records: MetadataRecord[] = [];
  if (current !== next) {
    switch (next) {
      case "unfenced":
        records.push(...unfence(view, broker));
        break;
      case "controlled shutdown":
        records.push(...beginControlledShutdown(view, broker));
        break;
      default:
        records.push(...fenceBroker(view, broker));
    }
  }
  const isFenced = next === "fenced" || next === "shutdown now";
  heartbeats.touch(brokerId, isFenced, currentMetadataOffset);
  const metadataVersion = metadataVersionOf(image);
  if (directoriesSupported(metadataVersion)) {
    records.push(...loseDirectories(view, broker, request.offlineLogDirs));
  }
  if (cordonedDirectoriesSupported(metadataVersion) && request.cordonedLogDirs !== null) {
    records.push(...cordonDirectories(broker, request.cordonedLogDirs));
  }
  if (next === "controlled shutdown") {
    heartbeats.beginControlledShutdown(brokerId, view.nextOffset + records.length - 1);
  }
  return divisible(records, {
    throttleTimeMs: 0,
    errorCode: 0,
    isCaughtUp: currentMetadataOffset >= registrationOffset,
    isFenced,
    shouldShutDown: next === "shutdown now",
  });
}

/** The records that fence a broker: it leaves every ISR and leads nothing. */
export function fenceBroker(view: ControllerView, broker: BrokerImage): MetadataRecord[] {
  return [
    ...updateLeaders(view, { leaving: broker.id }, view.indexes.isr.of(broker.id)),
    changeRecord(broker, 0, { fenced: 1 }),
  ];
}

function unfence(view: ControllerView, broker: BrokerImage): MetadataRecord[] {
  return [
    changeRecord(broker, 0, { fenced: -1 }),
    ...updateLeaders(view, { arriving: broker.id }, view.indexes.leaders.of(NO_LEADER)),
  ];
}

function beginControlledShutdown(view: ControllerView, broker: BrokerImage): MetadataRecord[] {
  const records = broker.inControlledShutdown
    ? []
    : [changeRecord(broker, 1, { inControlledShutdown: 1 })];
  const inSync = view.indexes.isr.of(broker.id);
  return [...records, ...updateLeaders(view, { leaving: broker.id }, inSync)];
}

function loseDirectories(
  view: ControllerView,
  broker: BrokerImage,
  offline: readonly string[],
): MetadataRecord[] {
  const lost = broker.directories.filter((directory) => offline.includes(directory));
  if (lost.length === 0) return [];
  const logDirs = broker.directories.filter((directory) => !offline.includes(directory));
  return [
    ...lost.flatMap((directory) =>
      updateLeaders(view, { leaving: broker.id }, view.indexes.directories.of(directory))
    ),
    changeRecord(broker, 2, { logDirs }),
  ];
}

function cordonDirectories(broker: BrokerImage, cordoned: readonly string[]): MetadataRecord[] {
  const known = broker.cordonedDirectories;
  const isSame = known !== null && new Set([...known, ...cordoned]).size === known.length &&
    known.length === new Set(cordoned).size;
  return isSame ? [] : [changeRecord(broker, 3, { cordonedLogDirs: [...cordoned] })];
}

function changeRecord(
  { id, epoch }: BrokerImage,
  version: number,
  change: {
    fenced?: number;
    inControlledShutdown?: number;
    logDirs?: string[];
    cordonedLogDirs?: string[];
  },
): MetadataRecord {
  return metadataRecord("BrokerRegistrationChangeRecord", version, {
    brokerId: id,
    brokerEpoch: epoch,
    ...change,
  });
}

/** Fences one broker whose session has run out; true when there may be more. */
export function fenceStaleBroker(view: ControllerView): ControllerResult<boolean> {
  const expired = view.heartbeats.takeExpired(view.nowMs);
  if (expired === null) return answer(false);
  const broker = brokerOf(view, expired.brokerId);
  // The session may be of a broker that is gone, or of an incarnation before the present one.
  if (broker?.epoch !== expired.epoch || broker.fenced) return answer(true);
  view.heartbeats.fence(broker.id);
  return divisible(fenceBroker(view, broker), true);
}

/** UnregisterBroker: forgets a broker, which should be stopped; it may register again. */
export function unregisterBroker(
  view: ControllerView,
  { brokerId }: UnregisterBrokerRequest,
): ControllerResult<UnregisterBrokerResponse> {
  const broker = brokerOf(view, brokerId);
  if (broker === undefined) {
    const error = refusal(
      errorCodes.BROKER_ID_NOT_REGISTERED,
      `Broker ${brokerId} is not registered.`,
    );
    return answer({ throttleTimeMs: 0, ...error });
  }
  const records = [
    ...updateLeaders(view, { leaving: brokerId }, view.indexes.isr.of(brokerId)),
    ...updateLeaders(view, { leaving: brokerId }, view.indexes.elr.of(brokerId)),
    metadataRecord("UnregisterBrokerRecord", 0, { brokerId, brokerEpoch: broker.epoch }),
  ];
  return divisible(records, { throttleTimeMs: 0, ...DONE });
}

/** ControllerRegistration (KIP-919): a controller tells its endpoints and features. */
export function registerController(
  view: ControllerView,
  request: ControllerRegistrationRequest,
): ControllerResult<ControllerRegistrationResponse> {
  if (!controllerRegistrationSupported(metadataVersionOf(view.image))) {
    return answer({ throttleTimeMs: 0, ...refusalWithoutText(errorCodes.UNSUPPORTED_VERSION) });
  }
  const record = metadataRecord("RegisterControllerRecord", 0, {
    controllerId: request.controllerId,
    incarnationId: request.incarnationId,
    zkMigrationReady: false,
    endPoints: request.listeners.map((listener) => ({ ...listener })),
    features: request.features.map((feature) => ({ ...feature })),
  });
  return atomic([record], { throttleTimeMs: 0, ...DONE });
}

/** UnregisterController: forgets a controller that has left the quorum. */
export function unregisterController(
  view: ControllerView,
  { controllerId }: UnregisterControllerRequest,
): ControllerResult<UnregisterControllerResponse> {
  const refuse = (error: ApiError) => answer({ throttleTimeMs: 0, ...error });
  if (!controllerUnregistrationSupported(metadataVersionOf(view.image))) {
    return refuse(
      refusal(errorCodes.UNSUPPORTED_VERSION, `${METADATA_VERSION} 33 or higher is needed.`),
    );
  }
  if (!view.image.controllers.has(controllerId)) {
    const reason = `Controller ${controllerId} is not registered.`;
    return refuse(refusal(errorCodes.CONTROLLER_ID_NOT_REGISTERED, reason));
  }
  const record = metadataRecord("UnregisterControllerRecord", 0, { controllerId });
  return atomic([record], { throttleTimeMs: 0, ...DONE });
}
