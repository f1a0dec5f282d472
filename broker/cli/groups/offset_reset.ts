import {
  type AdminConnection,
  ApiError,
  OFFSET_TIMES,
  offsetsAt,
  type TopicPartition,
} from "../admin/mod.ts";
import { CommandError } from "../command_error.ts";
import type { CommittedOffset } from "./committed_offsets.ts";
import { clampOffset, type ResetScenario } from "./reset_scenario.ts";

/** The offsets that a reset means, and what the user should know of them. */
export interface ResetTargets {
  readonly offsets: readonly (TopicPartition & { readonly offset: number })[];
  readonly warnings: readonly string[];
}

/**
 * Where `scenario` leads each of `partitions`; for a scenario by file `offsets` has them already.
 * Rejects with ApiError where a partition's offsets cannot be told.
 */
export async function resetTargets(
  admin: AdminConnection,
  scenario: Exclude<ResetScenario, { kind: "file" }>,
  partitions: readonly TopicPartition[],
  committed: readonly CommittedOffset[],
): Promise<ResetTargets> {
  const current = new Map(committed.map((each) => [nameOf(each), each.offset]));
  switch (scenario.kind) {
    case "earliest":
    case "latest":
      return {
        offsets: await foundOffsets(admin, partitions, OFFSET_TIMES[scenario.kind]),
        warnings: [],
      };
    case "current":
      return await currentTargets(admin, partitions, current);
    case "time":
      return await timeTargets(admin, partitions, scenario.timestampMs);
    case "offset":
      return await withinLog(admin, partitions.map((key) => ({ ...key, offset: scenario.offset })));
    case "shift": {
      const shifted = partitions.map((key) => {
        const offset = current.get(nameOf(key));
        if (offset === undefined) {
          throw new CommandError(`Cannot shift ${nameOf(key)}: the group has no committed offset`);
        }
        return { ...key, offset: offset + scenario.by };
      });
      return await withinLog(admin, shifted);
    }
  }
}

/** Brings offsets into what each partition's log holds, and warns of each that changes. */
export async function withinLog(
  admin: AdminConnection,
  wanted: readonly (TopicPartition & { readonly offset: number })[],
): Promise<ResetTargets> {
  const starts = await foundOffsets(admin, wanted, OFFSET_TIMES.earliest);
  const ends = await foundOffsets(admin, wanted, OFFSET_TIMES.latest);
  const warnings: string[] = [];
  const offsets = wanted.map((each, index) => {
    const bounds = { start: starts[index]!.offset, end: ends[index]!.offset };
    const { offset, warning } = clampOffset(nameOf(each), each.offset, bounds);
    if (warning !== null) warnings.push(warning);
    return { topic: each.topic, partition: each.partition, offset };
  });
  return { offsets, warnings };
}

async function currentTargets(
  admin: AdminConnection,
  partitions: readonly TopicPartition[],
  current: ReadonlyMap<string, number>,
): Promise<ResetTargets> {
  const without = partitions.filter((key) => !current.has(nameOf(key)));
  const ends = new Map(
    (await foundOffsets(admin, without, OFFSET_TIMES.latest)).map((
      end,
    ) => [nameOf(end), end.offset]),
  );
  const offsets = partitions.map((key) => ({
    ...key,
    offset: current.get(nameOf(key)) ?? ends.get(nameOf(key))!,
  }));
  return { offsets, warnings: [] };
}

/** A partition without any record from that time on is reset to its end. */
async function timeTargets(
  admin: AdminConnection,
  partitions: readonly TopicPartition[],
  timestampMs: number,
): Promise<ResetTargets> {
  const found = await foundOffsets(admin, partitions, timestampMs);
  const without = found.filter(({ offset }) => offset < 0);
  const ends = new Map(
    (await foundOffsets(admin, without, OFFSET_TIMES.latest)).map((
      end,
    ) => [nameOf(end), end.offset]),
  );
  return {
    offsets: found.map((each) => ({ ...each, offset: ends.get(nameOf(each)) ?? each.offset })),
    warnings: without.map((key) =>
      `${nameOf(key)} has no record from that time on: using its end ${ends.get(nameOf(key))}`
    ),
  };
}

/** The offset of each partition at a time, in the order of `partitions`; -1 where there is none. */
async function foundOffsets(
  admin: AdminConnection,
  partitions: readonly TopicPartition[],
  timestampMs: number,
): Promise<(TopicPartition & { readonly offset: number })[]> {
  if (partitions.length === 0) return [];
  const outcomes = await offsetsAt(admin, partitions, timestampMs);
  return partitions.map((key) => {
    const outcome = outcomes.get(key)!;
    if (!outcome.ok) throw new ApiError(`Cannot tell the offsets of ${nameOf(key)}`, outcome);
    return { topic: key.topic, partition: key.partition, offset: outcome.value.offset };
  });
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
