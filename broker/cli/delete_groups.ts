import { deleteGroups, errorCodes, errorName, make, offsetDelete } from "../protocol/mod.ts";
import { type ClusterClient, describeError } from "./client/cluster_client.ts";
import { allGroups } from "./client/groups.ts";
import { byPartition } from "./client/topic_offsets.ts";
import { CommandError, UsageError } from "./command_error.ts";
import { partitionsOfFlags } from "./group_topics.ts";
import type { CommandIo } from "./io.ts";
import { table } from "./table.ts";

interface Flags {
  readonly group: readonly string[];
  readonly "all-groups": boolean;
  readonly topic: readonly string[];
  readonly json: boolean;
}

/** `kafkats groups --delete`. */
export async function removeGroups(
  client: ClusterClient,
  flags: Flags,
  io: CommandIo,
): Promise<number> {
  const names = flags["all-groups"]
    ? (await allGroups(client)).map(({ groupId }) => groupId)
    : [...new Set(flags.group)];
  const deleted: string[] = [];
  const failed: string[] = [];
  for (const name of names) {
    const { nodeId } = await client.coordinator(name);
    const node = await client.node(nodeId);
    const answer = await client.retry(async () => {
      const { results } = await node.request(
        deleteGroups,
        make(deleteGroups.request, { groupsNames: [name] }),
      );
      return results[0] ?? { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, errorMessage: null };
    });
    if (answer.errorCode === errorCodes.NONE) deleted.push(name);
    else failed.push(`Cannot delete group ${name}: ${describeError(answer)}`);
  }
  if (flags.json) {
    await io.stdout.write(`${JSON.stringify(deleted)}\n`);
  } else if (deleted.length > 0) {
    const quoted = deleted.map((name) => `'${name}'`).join(", ");
    await io.stdout.write(`Deletion of requested consumer groups (${quoted}) was successful.\n`);
  }
  if (failed.length > 0) throw new CommandError(failed.join("\n"));
  return 0;
}

/** `kafkats groups --delete-offsets`. */
export async function deleteGroupOffsets(
  client: ClusterClient,
  flags: Flags,
  io: CommandIo,
): Promise<number> {
  const [group, other] = flags.group;
  if (group === undefined || other !== undefined) {
    throw new UsageError("--delete-offsets needs one --group");
  }
  if (flags.topic.length === 0) throw new UsageError("--delete-offsets needs --topic");
  const partitions = await partitionsOfFlags(client, flags.topic);
  const { nodeId } = await client.coordinator(group);
  const node = await client.node(nodeId);
  const answer = await client.retry(() =>
    node.request(
      offsetDelete,
      make(offsetDelete.request, {
        groupId: group,
        topics: [...Map.groupBy(partitions, ({ topic }) => topic)].map(([name, of]) => ({
          name,
          partitions: of.map(({ partition }) => ({ partitionIndex: partition })),
        })),
      }),
    )
  );
  if (answer.errorCode !== errorCodes.NONE) {
    throw new CommandError(`Cannot delete offsets of group ${group}: ${describeError(answer)}`);
  }
  const results = answer.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, errorCode }) => ({
      topic: name,
      partition: partitionIndex,
      status: errorCode === errorCodes.NONE ? "Successful" : `Error: ${errorName(errorCode)}`,
    }))
  ).sort(byPartition);
  const rows = results.map(({ topic, partition, status }) => [topic, String(partition), status]);
  await io.stdout.write(
    flags.json
      ? `${JSON.stringify(results)}\n`
      : `\n${
        table([{ title: "TOPIC", width: 15 }, { title: "PARTITION", width: 10 }, {
          title: "STATUS",
        }], rows)
      }`,
  );
  return results.every(({ status }) => status === "Successful") ? 0 : 1;
}
