import { errorCodes } from "../protocol/mod.ts";
import { defaultDirectory, type PartitionImage, RECOVERED } from "../metadata/mod.ts";
import { type ApiError, refusal } from "./api_error.ts";
import { placeReplicas } from "./placement.ts";
import { activeReplicas, brokerOf, type ControllerView, usableBrokers } from "./view.ts";

/** New partitions, or why there can't be any. */
export type Assigned =
  | { readonly ok: true; readonly partitions: PartitionImage[] }
  | { readonly ok: false; readonly error: ApiError };

/** Why a user can't place a partition on `replicas`; null when it can be. */
export function refuseManualAssignment(
  view: ControllerView,
  replicas: readonly number[],
  replicationFactor: number | null,
): ApiError | null {
  const invalid = (reason: string) => refusal(errorCodes.INVALID_REPLICA_ASSIGNMENT, reason);
  if (replicas.length === 0) return invalid("A partition needs one replica at least.");
  const seen = new Set<number>();
  for (const id of replicas) {
    if (brokerOf(view, id) === undefined) return invalid(`Broker ${id} is not registered.`);
    if (seen.has(id)) return invalid(`Broker ${id} is named twice for one partition.`);
    seen.add(id);
  }
  if (replicationFactor !== null && replicas.length !== replicationFactor) {
    return invalid(
      `One partition has ${replicas.length} replica(s), the others have ${replicationFactor}.`,
    );
  }
  return null;
}

/** Partitions on the brokers that a user names; `firstId` is the number of the first. */
export function assignManually(
  view: ControllerView,
  replicaLists: readonly (readonly number[])[],
  firstId: number,
  replicationFactor: number | null,
): Assigned {
  const partitions: PartitionImage[] = [];
  let factor = replicationFactor;
  for (const [index, replicas] of replicaLists.entries()) {
    const error = refuseManualAssignment(view, replicas, factor);
    if (error !== null) return { ok: false, error };
    factor = replicas.length;
    const isr = activeReplicas(view, replicas);
    if (isr.length === 0) {
      const reason = `No broker named for partition ${firstId + index} is running.`;
      return { ok: false, error: refusal(errorCodes.INVALID_REPLICA_ASSIGNMENT, reason) };
    }
    partitions.push(newPartition(view, replicas, isr));
  }
  return { ok: true, partitions };
}

/** Partitions on brokers that the controller chooses. */
export function assignAutomatically(
  view: ControllerView,
  partitionCount: number,
  replicationFactor: number,
): Assigned {
  const refuse = (reason: string): Assigned => ({
    ok: false,
    error: refusal(
      errorCodes.INVALID_REPLICATION_FACTOR,
      `Cannot place ${replicationFactor} replica(s) of a partition: ${reason}.`,
    ),
  });
  const placement = placeReplicas(
    partitionCount,
    replicationFactor,
    usableBrokers(view),
    view.prng,
  );
  if (!placement.ok) return refuse(placement.reason);
  const partitions: PartitionImage[] = [];
  for (const replicas of placement.assignments) {
    const isr = activeReplicas(view, replicas);
    if (isr.length === 0) return refuse("every broker is fenced or shutting down");
    partitions.push(newPartition(view, replicas, isr));
  }
  return { ok: true, partitions };
}

function newPartition(
  view: ControllerView,
  replicas: readonly number[],
  isr: readonly number[],
): PartitionImage {
  return {
    replicas,
    directories: replicas.map((id) => defaultDirectory(brokerOf(view, id))),
    isr,
    removingReplicas: [],
    addingReplicas: [],
    elr: [],
    lastKnownElr: [],
    leader: isr[0]!,
    leaderEpoch: 0,
    partitionEpoch: 0,
    leaderRecoveryState: RECOVERED,
  };
}
