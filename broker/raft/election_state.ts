import { make, type QuorumStateData, quorumStateData } from "../protocol/mod.ts";
import { NO_DIRECTORY, type ReplicaKey } from "./voter_set.ts";

/**
 * What a replica must remember of an election before it acts on it (Raft, section 5.2): the epoch,
 * and in it the leader it follows or the candidate it voted for.
 */
export interface ElectionState {
  readonly epoch: number;
  readonly leaderId: number | null;
  readonly votedKey: ReplicaKey | null;
}

/** The state of a replica that has never heard of an election. */
export const NO_ELECTION: ElectionState = { epoch: 0, leaderId: null, votedKey: null };

/** The content of a `quorum-state` file can't be taken for an election. */
export class QuorumStateError extends Error {
  override readonly name = "QuorumStateError";
}

/**
 * The text of Kafka's `quorum-state` file: data version 0 while `kraft.version` is 0 and the voters
 * come from the configuration, data version 1 from `kraft.version` 1 on, where they are in the log.
 */
export function encodeElectionState(
  state: ElectionState,
  kraftVersion: number,
  voterIds: readonly number[],
): string {
  const leaderId = state.leaderId ?? -1;
  const votedId = state.votedKey?.id ?? -1;
  const fields = kraftVersion === 0
    ? {
      clusterId: "",
      leaderId,
      leaderEpoch: state.epoch,
      votedId,
      appliedOffset: 0,
      currentVoters: voterIds.map((voterId) => ({ voterId })),
      data_version: 0,
    }
    : {
      leaderId,
      leaderEpoch: state.epoch,
      votedId,
      votedDirectoryId: state.votedKey?.directoryId ?? NO_DIRECTORY,
      data_version: 1,
    };
  return JSON.stringify(fields);
}

/** Reads what {@linkcode encodeElectionState} writes; throws {@linkcode QuorumStateError}. */
export function decodeElectionState(text: string): ElectionState {
  const data = parse(text);
  return {
    epoch: data.leaderEpoch,
    leaderId: data.leaderId < 0 ? null : data.leaderId,
    votedKey: data.votedId < 0 ? null : { id: data.votedId, directoryId: data.votedDirectoryId },
  };
}

function parse(text: string): QuorumStateData {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new QuorumStateError(`Cannot read quorum-state: it is not JSON: ${text}`, { cause });
  }
  const fields = (typeof json === "object" && json !== null ? json : {}) as Record<string, unknown>;
  const version = fields.data_version;
  if (version !== 0 && version !== 1) {
    throw new QuorumStateError(
      `Cannot read quorum-state: data_version is ${version}, allowed are 0 and 1`,
    );
  }
  const data = make(quorumStateData, {
    leaderId: integer(fields, "leaderId"),
    leaderEpoch: integer(fields, "leaderEpoch"),
    votedId: integer(fields, "votedId"),
  });
  if (data.leaderEpoch < 0) {
    throw new QuorumStateError(
      `Cannot read quorum-state: leaderEpoch is ${data.leaderEpoch}, allowed is 0 or more`,
    );
  }
  const { votedDirectoryId } = fields;
  if (typeof votedDirectoryId === "string") data.votedDirectoryId = votedDirectoryId;
  return data;
}

function integer(fields: Record<string, unknown>, name: string): number {
  const value = fields[name];
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw new QuorumStateError(
    `Cannot read quorum-state: ${name} is ${JSON.stringify(value)}, expected a whole number`,
  );
}
