import { withAdmin } from "./admin/mod.ts";
import { command } from "./command.ts";
import { UsageError } from "./command_error.ts";
import { alterAction } from "./configs/alter_action.ts";
import { parseDeletedConfigs } from "./configs/config_changes.ts";
import { entitiesOf } from "./configs/config_entity.ts";
import { addedConfigs, configFlags } from "./configs/config_flags.ts";
import { describeAction } from "./configs/describe_action.ts";
import { alterQuotas, describeQuotas } from "./configs/quotas.ts";

/** `kafkats configs`: what kafka-configs does. */
export const configsCommand = command({
  name: "configs",
  summary: "Describe and alter options of topics, brokers, groups and client metrics.",
  usage: "(--describe | --alter) --entity-type <type> [--entity-name <name>] [flags]",
  examples: [
    "kafkats configs --describe --topic user-events",
    "kafkats configs --describe --entity-type brokers --entity-name 1 --all",
    "kafkats configs --alter --topic user-events --add-config retention.ms=86400000,cleanup.policy=[compact,delete]",
    "kafkats configs --alter --topic user-events --delete-config retention.ms",
    "kafkats configs --alter --broker-defaults --add-config log.retention.ms=3600000",
    "kafkats configs --alter --group billing --add-config consumer.session.timeout.ms=50000",
  ],
  flags: configFlags,
  async run(flags, io) {
    if (flags.describe === flags.alter) {
      throw new UsageError("Exactly one of --describe and --alter must be given");
    }
    const entities = entitiesOf(flags);
    const entity = entities[0]!;
    const isQuota = ["users", "clients", "ips"].includes(entity.type);
    if (flags.describe) {
      return await withAdmin(
        flags,
        io,
        (admin) =>
          isQuota
            ? describeQuotas(admin, entities, flags, io)
            : describeAction(admin, entity, flags, io),
      );
    }
    const added = await addedConfigs(flags, io);
    const deleted = parseDeletedConfigs(flags["delete-config"]);
    if (added.size + deleted.length === 0) {
      throw new UsageError("--alter needs --add-config, --add-config-file or --delete-config");
    }
    if (entities.some(({ name }) => name === null)) {
      throw new UsageError(`--alter of ${entity.type} needs --entity-name`);
    }
    return await withAdmin(
      flags,
      io,
      (admin) =>
        isQuota
          ? alterQuotas(admin, entities, added, deleted, io)
          : alterAction(admin, entity, added, deleted, io),
    );
  },
});
