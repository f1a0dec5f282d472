import { withAdmin } from "./admin/mod.ts";
import { command } from "./command.ts";
import { alterAction, createAction, deleteAction } from "./topics/change_actions.ts";
import { describeAction } from "./topics/describe_action.ts";
import { listAction } from "./topics/list_action.ts";
import { actionOf, topicFlags } from "./topics/topic_flags.ts";

/** `kafkats topics`: what kafka-topics does. */
export const topicsCommand = command({
  name: "topics",
  summary: "Create, list, describe, alter and delete topics.",
  usage: "(--create | --list | --describe | --alter | --delete) [--topic <topic>] [flags]",
  examples: [
    "kafkats topics --create --topic user-events --partitions 6",
    "kafkats topics --create --topic state --config cleanup.policy=compact --config segment.ms=3600000",
    "kafkats topics --describe --topic user-events --bootstrap-server broker1:9092",
    "kafkats topics --list --exclude-internal",
    "kafkats topics --alter --topic user-events --partitions 12",
    "kafkats topics --delete --topic 'test-.*'",
  ],
  flags: topicFlags,
  async run(flags, io) {
    const action = actionOf(flags);
    return await withAdmin(flags, io, async (admin) => {
      switch (action) {
        case "list":
          return await listAction(admin, flags, io);
        case "describe":
          return await describeAction(admin, flags, io);
        case "create":
          return await createAction(admin, flags, io);
        case "alter":
          return await alterAction(admin, flags, io);
        case "delete":
          return await deleteAction(admin, flags, io);
      }
    });
  },
});
