import type { Clock } from "../base/mod.ts";
import type { AppendResult, CoordinatorPartitions } from "../coordinator/mod.ts";
import { errorCodes } from "../protocol/mod.ts";
import type { Partition, ReplicaManager } from "../replication/mod.ts";

/** acks=all: what a coordinator answers rests on it. */
const ALL = -1;

type HighWatermarkListener = (partition: number, highWatermark: number) => void;

/** The partitions of one coordinator topic on this node, as the coordinator runtime wants them. */
export class OffsetsPartitions implements CoordinatorPartitions {
  readonly #topic: string;
  readonly #replicas: ReplicaManager;
  readonly #clock: Clock;
  readonly #listeners: HighWatermarkListener[] = [];
  #buffer = new Uint8Array(0);

  constructor(topic: string, replicas: ReplicaManager, clock: Clock) {
    this.#topic = topic;
    this.#replicas = replicas;
    this.#clock = clock;
  }

  append(partition: number, records: Uint8Array): AppendResult {
    const replica = this.#replicas.get(this.#topic, partition);
    if (replica === null) return NOT_LED;
    const nowMs = this.#clock.nowMs();
    return replica.append(records, { requiredAcks: ALL, nowMs, origin: "coordinator" });
  }

  read(partition: number, fromOffset: number, maxBytes: number): Uint8Array {
    const replica = this.#replicas.get(this.#topic, partition);
    const records = replica?.read({
      fetchOffset: fromOffset,
      upperBoundOffset: replica.logEndOffset,
      maxBytes,
      minOneBatch: true,
    }).records ?? null;
    if (records === null) return NOTHING;
    if (this.#buffer.length < records.sizeBytes) this.#buffer = new Uint8Array(records.sizeBytes);
    const bytes = this.#buffer.subarray(0, records.sizeBytes);
    records.read(bytes, 0);
    return bytes;
  }

  logStartOffset(partition: number): number {
    return this.#replicas.get(this.#topic, partition)?.logStartOffset ?? 0;
  }

  logEndOffset(partition: number): number {
    const replica = this.#replicas.get(this.#topic, partition);
    return replica !== null && replica.leads ? replica.logEndOffset : -1;
  }

  highWatermark(partition: number): number {
    return this.#replicas.get(this.#topic, partition)?.highWatermark ?? 0;
  }

  onHighWatermark(listener: HighWatermarkListener): void {
    this.#listeners.push(listener);
  }

  /** Call when something changed at a partition of any topic. */
  notify(changed: Partition): void {
    if (changed.topic !== this.#topic) return;
    for (const listener of this.#listeners) listener(changed.partition, changed.highWatermark);
  }
}

const NOTHING = new Uint8Array(0);
const NOT_LED: AppendResult = {
  errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER,
  baseOffset: -1,
  lastOffset: -1,
};
