import { errorCodes, make, offsetCommit } from "../protocol/mod.ts";
import { type ClusterClient, describeError } from "./client/cluster_client.ts";
import {
  allGroups,
  committedOffsets,
  describeGroup,
  OFFSETS_BY_NAME_VERSION,
} from "./client/groups.ts";
import {
  byPartition,
  findOffsets,
  keyOf,
  offsetSpec,
  type TopicPartition,
} from "./client/topic_offsets.ts";
import { CommandError, UsageError } from "./command_error.ts";
import { partitionsOfFlags } from "./group_topics.ts";
import type { GroupFlags } from "./groups.ts";
import type { CommandIo } from "./io.ts";
import { parseDurationMs, parseTimeMs } from "./time.ts";
import { table } from "./table.ts";

/** Where `--reset-offsets` may go; exactly one. */
const SPECS = [
  "to-offset",
  "to-datetime",
  "by-duration",
  "to-earliest",
  "to-latest",
  "shift-by",
  "to-current",
  "from-file",
] as const;

type Spec = (typeof SPECS)[number];

interface NewOffset extends TopicPartition {
  readonly group: string;
  readonly offset: number;
}

/** `kafkats groups --reset-offsets`. */
export async function resetOffsets(
  client: ClusterClient,
  flags: GroupFlags,
  io: CommandIo,
): Promise<number> {
  const spec = specOf(flags);
  if (flags.execute && flags["dry-run"]) {
    throw new UsageError("--execute and --dry-run do not go together");
  }
  const groups = flags["all-groups"]
    ? (await allGroups(client)).map(({ groupId }) => groupId)
    : [...new Set(flags.group)];
  const planned: NewOffset[] = [];
  for (const group of groups) {
    await checkInactive(client, group);
    planned.push(...await plan(client, group, spec, flags, io));
  }
  planned.sort((a, b) => a.group === b.group ? byPartition(a, b) : a.group < b.group ? -1 : 1);
  if (flags.execute) {
    for (const [group, offsets] of Map.groupBy(planned, ({ group }) => group)) {
      await commit(client, group, offsets);
    }
  } else if (!flags["dry-run"] && !flags.export) {
    await io.stderr.write("Nothing is changed: --execute would carry it out\n");
  }
  await io.stdout.write(render(planned, groups.length > 1, flags));
  return 0;
}

function render(
  planned: readonly NewOffset[],
  withGroup: boolean,
  flags: { readonly json: boolean; readonly export: boolean },
): string {
  if (flags.json) return `${JSON.stringify(planned)}\n`;
  if (flags.export) {
    return planned.map(({ group, topic, partition, offset }) =>
      `${[...withGroup ? [group] : [], topic, partition, offset].join(",")}\n`
    ).join("");
  }
  return `\n${
    table(
      [
        { title: "GROUP", width: 15 },
        { title: "TOPIC", width: 15 },
        { title: "PARTITION", width: 10 },
        { title: "NEW-OFFSET" },
      ],
      planned.map(({ group, topic, partition, offset }) => [
        group,
        topic,
        String(partition),
        String(offset),
      ]),
    )
  }`;
}

function specOf(flags: GroupFlags): Spec {
  const given = SPECS.filter((name) => flags[name] !== null && flags[name] !== false);
  const [spec] = given;
  if (spec === undefined || given.length > 1) {
    throw new UsageError(
      `--reset-offsets needs exactly one of ${SPECS.map((name) => `--${name}`).join(", ")}`,
    );
  }
  const scoped = flags.topic.length > 0 || flags["all-topics"];
  if (spec === "from-file" && scoped) {
    throw new UsageError("--from-file names the topics itself: leave out --topic and --all-topics");
  }
  if (spec !== "from-file" && !scoped) {
    throw new UsageError("--reset-offsets needs --topic or --all-topics");
  }
  if (flags.topic.length > 0 && flags["all-topics"]) {
    throw new UsageError("--topic and --all-topics do not go together");
  }
  return spec;
}

/** A member would overwrite what is set; so nobody may be there. */
async function checkInactive(client: ClusterClient, group: string): Promise<void> {
  let state: string;
  try {
    ({ state } = await describeGroup(client, group));
  } catch (error) {
    if (error instanceof CommandError && error.message.startsWith("There is no group")) return;
    throw error;
  }
  if (state !== "Empty") {
    throw new CommandError(
      `Offsets of group ${group} can be reset only while it has no members, and it is ${state}`,
    );
  }
}

async function plan(
  client: ClusterClient,
  group: string,
  spec: Spec,
  flags: GroupFlags,
  io: CommandIo,
): Promise<NewOffset[]> {
  const committed = await committedOffsets(client, group);
  if (spec === "from-file") return await planFromFile(client, group, flags["from-file"] ?? "", io);
  const partitions = flags["all-topics"]
    ? committed.map(({ topic, partition }) => ({ topic, partition }))
    : await partitionsOfFlags(client, flags.topic);
  const current = new Map(committed.map((one) => [keyOf(one), one.offset]));
  switch (spec) {
    case "to-earliest":
      return withGroup(group, await offsetsAt(client, partitions, offsetSpec.earliest));
    case "to-latest":
      return withGroup(group, await offsetsAt(client, partitions, offsetSpec.latest));
    case "to-datetime":
    case "by-duration": {
      const ms = spec === "to-datetime"
        ? parseTimeMs(spec, flags[spec] ?? "")
        : io.nowMs() - parseDurationMs(spec, flags[spec] ?? "");
      return withGroup(group, await offsetsAtTime(client, partitions, ms));
    }
    case "to-offset": {
      const wanted = partitions.map((partition) => ({ ...partition, offset: flags[spec] ?? 0 }));
      return await clamped(client, group, wanted, io);
    }
    case "shift-by": {
      const wanted = partitions.map((partition) => {
        const from = current.get(keyOf(partition));
        if (from === undefined) {
          throw new CommandError(
            `Group ${group} has no offset of ${partition.topic}-${partition.partition} to shift`,
          );
        }
        return { ...partition, offset: from + (flags[spec] ?? 0) };
      });
      return await clamped(client, group, wanted, io);
    }
    case "to-current": {
      // Where there is no offset yet, a consumer would begin at the end.
      const ends = await offsetsAt(
        client,
        partitions.filter((partition) => !current.has(keyOf(partition))),
        offsetSpec.latest,
      );
      const known = partitions.flatMap((partition) => {
        const offset = current.get(keyOf(partition));
        return offset === undefined ? [] : [{ ...partition, offset }];
      });
      return withGroup(group, [...known, ...ends]);
    }
  }
}

type Place = TopicPartition & { readonly offset: number };

function withGroup(group: string, places: readonly Place[]): NewOffset[] {
  return places.map(({ topic, partition, offset }) => ({ group, topic, partition, offset }));
}

async function offsetsAt(
  client: ClusterClient,
  partitions: readonly TopicPartition[],
  timestamp: number,
): Promise<Place[]> {
  return await findOffsets(client, partitions.map((partition) => ({ ...partition, timestamp })));
}

/** The first offsets with records of that time or later; the ends where there are none. */
async function offsetsAtTime(
  client: ClusterClient,
  partitions: readonly TopicPartition[],
  ms: number,
): Promise<Place[]> {
  const found = await offsetsAt(client, partitions, ms);
  const after = found.filter(({ offset }) => offset < 0);
  const ends = await offsetsAt(
    client,
    after.map(({ topic, partition }) => ({ topic, partition })),
    offsetSpec.latest,
  );
  return [...found.filter(({ offset }) => offset >= 0), ...ends];
}

/** Offsets pulled into what the partitions hold, with a note for each that was outside. */
async function clamped(
  client: ClusterClient,
  group: string,
  wanted: readonly Place[],
  io: CommandIo,
): Promise<NewOffset[]> {
  const starts = await offsetsAt(client, wanted, offsetSpec.earliest);
  const ends = await offsetsAt(client, wanted, offsetSpec.latest);
  const startOf = new Map(starts.map((start) => [keyOf(start), start.offset]));
  const endOf = new Map(ends.map((end) => [keyOf(end), end.offset]));
  const planned: NewOffset[] = [];
  for (const { topic, partition, offset } of wanted) {
    const start = startOf.get(keyOf({ topic, partition })) ?? 0;
    const end = endOf.get(keyOf({ topic, partition })) ?? 0;
    const within = Math.min(Math.max(offset, start), end);
    if (within !== offset) {
      await io.stderr.write(
        `${topic}-${partition} holds offsets ${start} to ${end}: ${within} is taken for ${offset}\n`,
      );
    }
    planned.push({ group, topic, partition, offset: within });
  }
  return planned;
}

/** `topic,partition,offset` a line, or `group,topic,partition,offset`. */
async function planFromFile(
  client: ClusterClient,
  group: string,
  file: string,
  io: CommandIo,
): Promise<NewOffset[]> {
  let content: string;
  try {
    content = await io.readTextFile(file);
  } catch (cause) {
    throw new CommandError(`Cannot read ${file}`, { cause });
  }
  const wanted = content.split(/\r?\n/).filter((line) => line.trim() !== "").flatMap((line) => {
    const cells = line.split(",").map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
    const [ofGroup, topic = "", partition = "", offset = ""] = cells.length === 3
      ? [group, ...cells]
      : cells;
    if (topic === "" || !/^\d{1,10}$/.test(partition) || !/^\d{1,16}$/.test(offset)) {
      throw new UsageError(`--from-file ${file}: ${line} is not topic,partition,offset`);
    }
    return ofGroup === group
      ? [{ topic, partition: Number(partition), offset: Number(offset) }]
      : [];
  });
  return await clamped(client, group, wanted, io);
}

async function commit(
  client: ClusterClient,
  group: string,
  offsets: readonly NewOffset[],
): Promise<void> {
  const { nodeId } = await client.coordinator(group);
  const node = await client.node(nodeId);
  const answer = await client.retry(async () => {
    const { topics } = await node.request(
      offsetCommit,
      make(offsetCommit.request, {
        groupId: group,
        topics: [...Map.groupBy(offsets, ({ topic }) => topic)].map(([name, of]) => ({
          name,
          partitions: of.map(({ partition, offset }) => ({
            partitionIndex: partition,
            committedOffset: offset,
            committedMetadata: "",
          })),
        })),
      }),
      { versionMax: OFFSETS_BY_NAME_VERSION },
    );
    return topics.flatMap(({ partitions }) => partitions)
      .find(({ errorCode }) => errorCode !== errorCodes.NONE) ?? { errorCode: errorCodes.NONE };
  });
  if (answer.errorCode !== errorCodes.NONE) {
    throw new CommandError(`Cannot reset offsets of group ${group}: ${describeError(answer)}`);
  }
}
