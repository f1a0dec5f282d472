import { errorCodes } from "../../../broker/protocol/errors.ts";
import { HttpError, shown } from "../../http/mod.ts";
import {
  type Isolation,
  type KafkaClient,
  KafkaError,
  listOffsets,
  type OffsetAt,
} from "../../kafka/mod.ts";
import { restCodes } from "../errors.ts";
import type { Positions } from "./cursor.ts";
import type { From } from "./read_query.ts";

/** Partitions of one reader at most: each stands in every cursor. */
export const PARTITIONS_MAX = 1000;

/** What to read. */
export interface TopicPartitions {
  readonly topic: string;
  readonly topicId: string;
  /** Rising. */
  readonly partitions: readonly number[];
}

/** Where to begin. */
export interface Beginning {
  readonly from: From;
  /** Null: there is none. Partitions that it doesn't name are read from their beginning. */
  readonly cursor: Positions | null;
  readonly isolation: Isolation;
}

/** The partitions that a request names, all for null. Throws 404 for what isn't there, 400 for too many. */
export async function partitionsToRead(
  client: KafkaClient,
  name: string,
  wanted: readonly number[] | null,
): Promise<TopicPartitions> {
  const topic = await topicOf(client, name);
  const count = topic.partitions.length;
  const partitions = wanted ?? topic.partitions.map(({ partition }) => partition);
  const missing = partitions.find((partition) => topic.partitions[partition] === undefined);
  if (missing !== undefined) {
    throw new HttpError(
      404,
      restCodes.KAFKA_NOT_FOUND,
      `Topic ${shown(name)} has no partition ${missing}; it has ${count}`,
    );
  }
  if (partitions.length > PARTITIONS_MAX) {
    const message = `Topic ${shown(name)} has ${count} partitions, and at most ${PARTITIONS_MAX} ` +
      "can be read at once: name some of them by the query parameter partition";
    throw new HttpError(400, 400, message);
  }
  return { topic: name, topicId: topic.topicId, partitions };
}

async function topicOf(client: KafkaClient, name: string) {
  try {
    return await client.topic(name);
  } catch (error) {
    const isUnknown = error instanceof KafkaError &&
      (error.code === errorCodes.UNKNOWN_TOPIC_OR_PARTITION ||
        error.code === errorCodes.INVALID_TOPIC_EXCEPTION);
    if (!isUnknown) throw error;
    throw new HttpError(404, restCodes.KAFKA_NOT_FOUND, `There is no topic ${shown(name)}`);
  }
}

/**
 * Where to begin in each partition. An offset outside of a partition is refused with 416 where there is only one,
 * and else moved to the nearer end. Positions of a cursor are taken as they are.
 */
export async function startPositions(
  client: KafkaClient,
  { topic, partitions }: TopicPartitions,
  { from, cursor, isolation }: Beginning,
): Promise<[partition: number, position: number][]> {
  async function listed(wanted: readonly number[], at: OffsetAt): Promise<Map<number, number>> {
    const found = await listOffsets(
      client,
      wanted.map((partition) => ({ topic, partition, at })),
      { isolation },
    );
    for (const { error } of found) if (error !== null) throw error;
    return new Map(found.map(({ partition, offset }) => [partition, offset]));
  }
  if (cursor !== null) {
    const others = partitions.filter((partition) => !cursor.has(partition));
    const earliest = others.length === 0 ? null : await listed(others, "earliest");
    return partitions.map((one) => [one, cursor.get(one) ?? earliest!.get(one)!]);
  }
  if (from.kind === "offset") {
    const { offset } = from;
    const [earliest, latest] = await Promise.all([
      listed(partitions, "earliest"),
      listed(partitions, "latest"),
    ]);
    const [only] = partitions;
    if (partitions.length === 1) {
      checkRange(topic, only!, offset, { first: earliest.get(only!)!, end: latest.get(only!)! });
    }
    return partitions.map((one) => [
      one,
      Math.min(latest.get(one)!, Math.max(earliest.get(one)!, offset)),
    ]);
  }
  const found = await listed(partitions, from.at);
  const late = partitions.filter((partition) => found.get(partition)! < 0);
  const latest = late.length === 0 ? null : await listed(late, "latest");
  return partitions.map((one) => [one, latest?.get(one) ?? found.get(one)!]);
}

function checkRange(
  topic: string,
  partition: number,
  offset: number,
  { first, end }: { readonly first: number; readonly end: number },
): void {
  if (offset >= first && offset <= end) return;
  throw new HttpError(
    416,
    416,
    `Partition ${partition} of ${shown(topic)} has offsets from ${first} to ${end}; ${offset} is ` +
      "outside",
  );
}
