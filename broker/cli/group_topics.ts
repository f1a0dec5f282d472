import type { ClusterClient } from "./client/cluster_client.ts";
import type { TopicPartition } from "./client/topic_offsets.ts";
import { CommandError, UsageError } from "./command_error.ts";

/** The partitions that `--topic topic` and `--topic topic:0,1` mean; all of them must exist. */
export async function partitionsOfFlags(
  client: ClusterClient,
  texts: readonly string[],
): Promise<TopicPartition[]> {
  const wanted = texts.map((text) => {
    const [topic = "", partitions] = text.split(":");
    const ids = partitions?.split(",") ?? null;
    if (topic === "" || (ids !== null && !ids.every((id) => /^\d{1,10}$/.test(id)))) {
      throw new UsageError(`--topic ${text}: allowed is topic or topic:0,1,2`);
    }
    return { topic, partitions: ids?.map(Number) ?? null };
  });
  const { topics } = await client.metadata([...new Set(wanted.map(({ topic }) => topic))]);
  return wanted.flatMap(({ topic, partitions }) => {
    const existing = topics.find(({ name }) => name === topic)?.partitions
      .map(({ partitionIndex }) => partitionIndex).sort((a, b) => a - b) ?? [];
    if (existing.length === 0) throw new CommandError(`There is no topic ${topic}`);
    const missing = partitions?.find((partition) => !existing.includes(partition));
    if (missing !== undefined) throw new CommandError(`There is no partition ${topic}-${missing}`);
    return (partitions ?? existing).map((partition) => ({ topic, partition }));
  });
}
