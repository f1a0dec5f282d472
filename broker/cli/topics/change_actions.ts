import {
  createPartitions,
  createTopics,
  deleteTopics,
  errorCodes,
  hasCollisionCharacters,
  make,
} from "../../protocol/mod.ts";
import { type AdminConnection, ApiError, failed } from "../admin/mod.ts";
import { CommandError, UsageError } from "../command_error.ts";
import type { CommandIo } from "../io.ts";
import { selectTopics } from "../topic_filter.ts";
import type { TopicFlags } from "./topic_flags.ts";

const CHANGE_TIMEOUT_MS = 60_000;

/** `--create`. */
export async function createAction(
  admin: AdminConnection,
  flags: TopicFlags,
  io: CommandIo,
): Promise<number> {
  const name = flags.topic ?? "";
  const assignment = flags["replica-assignment"];
  if (hasCollisionCharacters(name)) {
    await io.stderr.write(
      `Note: in the names of metrics "." and "_" are the same: topics should use only one of them\n`,
    );
  }
  const request = make(createTopics.request, {
    topics: [{
      name,
      numPartitions: flags.partitions ?? -1,
      replicationFactor: flags["replication-factor"] ?? -1,
      assignments: assignment === null
        ? []
        : parseAssignment(assignment).map((brokerIds, partitionIndex) => ({
          partitionIndex,
          brokerIds,
        })),
      configs: flags.config.map(parseConfig),
    }],
    timeoutMs: CHANGE_TIMEOUT_MS,
  });
  const { topics } = await admin.sendToController(createTopics, request, codesOf("topics"));
  const answer = onlyAnswer(topics, "CreateTopics");
  if (answer.errorCode === errorCodes.TOPIC_ALREADY_EXISTS && flags["if-not-exists"]) return 0;
  check(`Cannot create topic ${name}`, answer);
  const { topicId, numPartitions, replicationFactor } = answer;
  const created = { name, topicId, partitions: numPartitions, replicationFactor };
  await io.stdout.write(flags.json ? `${JSON.stringify(created)}\n` : `Created topic ${name}.\n`);
  return 0;
}

/** `--alter`. */
export async function alterAction(
  admin: AdminConnection,
  flags: TopicFlags,
  io: CommandIo,
): Promise<number> {
  const names = await existingTopics(admin, flags);
  const count = flags.partitions ?? 0;
  const assignment = flags["replica-assignment"];
  const assigned = assignment === null ? null : parseAssignment(assignment);
  for (const topic of await admin.topics(names)) {
    const name = topic.name ?? "";
    // What is assigned for partitions that exist already is not asked for again, as in Kafka's tool.
    const added = assigned?.slice(topic.partitions.length).map((brokerIds) => ({ brokerIds }));
    const request = make(createPartitions.request, {
      topics: [{ name, count, assignments: added ?? null }],
      timeoutMs: CHANGE_TIMEOUT_MS,
    });
    const { results } = await admin.sendToController(
      createPartitions,
      request,
      codesOf("results"),
    );
    const answer = onlyAnswer(results, "CreatePartitions");
    check(`Cannot give topic ${name} ${count} partitions`, answer);
  }
  if (flags.json) await io.stdout.write(`${JSON.stringify(names)}\n`);
  return 0;
}

/** `--delete`. */
export async function deleteAction(
  admin: AdminConnection,
  flags: TopicFlags,
  io: CommandIo,
): Promise<number> {
  const names = await existingTopics(admin, flags);
  for (const name of names) {
    const request = make(deleteTopics.request, {
      topics: [{ name }],
      topicNames: [name],
      timeoutMs: CHANGE_TIMEOUT_MS,
    });
    const { responses } = await admin.sendToController(
      deleteTopics,
      request,
      codesOf("responses"),
    );
    check(`Cannot delete topic ${name}`, onlyAnswer(responses, "DeleteTopics"));
  }
  if (flags.json) await io.stdout.write(`${JSON.stringify(names)}\n`);
  return 0;
}

/** The topics that `--topic` means; a CommandError where there is none, unless that is allowed. */
async function existingTopics(admin: AdminConnection, flags: TopicFlags): Promise<string[]> {
  const all = (await admin.topics(null)).flatMap(({ name }) => name ?? []);
  const names = selectTopics(all, flags.topic, false);
  if (names.length === 0 && !flags["if-exists"]) {
    throw new CommandError(`There is no topic ${flags.topic}`);
  }
  return names;
}

interface Answer {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** Reads the error codes of the answers that a response holds under `key`. */
function codesOf<K extends string>(
  key: K,
): (response: { readonly [k in K]: readonly Answer[] }) => number[] {
  return (response) => response[key].map(({ errorCode }) => errorCode);
}

/** The one answer to a request about one thing. */
function onlyAnswer<T>(answers: readonly T[], api: string): T {
  const [first] = answers;
  if (first === undefined) throw new CommandError(`The broker gave no answer to ${api}`);
  return first;
}

function check(what: string, { errorCode, errorMessage }: Answer): void {
  if (errorCode !== errorCodes.NONE) throw new ApiError(what, failed(errorCode, errorMessage));
}

function parseConfig(text: string): { name: string; value: string } {
  const equals = text.indexOf("=");
  const name = text.slice(0, Math.max(equals, 0)).trim();
  if (name === "") throw new UsageError(`--config ${text}: allowed is name=value`);
  return { name, value: text.slice(equals + 1).trim() };
}

/** `1:2,2:3`: brokers of the first partition, of the second, and so on. */
function parseAssignment(text: string): number[][] {
  const partitions = text.split(",").map((part) => part.split(":").map((id) => id.trim()));
  const refuse = (why: string) => new UsageError(`--replica-assignment ${text}: ${why}`);
  for (const brokers of partitions) {
    if (!brokers.every((id) => /^\d{1,10}$/.test(id))) {
      throw refuse("allowed are broker ids, a colon between brokers, a comma between partitions");
    }
    if (new Set(brokers).size < brokers.length) throw refuse("a partition names a broker twice");
    if (brokers.length !== partitions[0]?.length) {
      throw refuse("all partitions must have the same number of replicas");
    }
  }
  return partitions.map((brokers) => brokers.map(Number));
}
