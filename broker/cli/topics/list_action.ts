import type { AdminConnection } from "../admin/mod.ts";
import type { CommandIo } from "../io.ts";
import { selectTopics } from "../topic_filter.ts";
import type { TopicFlags } from "./topic_flags.ts";

/** `--list`. */
export async function listAction(
  admin: AdminConnection,
  flags: TopicFlags,
  io: CommandIo,
): Promise<number> {
  const all = (await admin.topics(null)).flatMap(({ name }) => name ?? []);
  const names = selectTopics(all, flags.topic, flags["exclude-internal"]);
  await io.stdout.write(
    flags.json ? `${JSON.stringify(names)}\n` : names.map((name) => `${name}\n`).join(""),
  );
  return 0;
}
