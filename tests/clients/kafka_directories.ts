import { ClusterView } from "../scenarios/cluster_view.ts";
import {
  type Copy,
  differences,
  type Fixture,
  FIXTURES,
  served,
  unpack,
} from "../scenarios/kafka_fixture.ts";
import { prepareJava } from "./prepare.ts";
import { type BrokerSuite, type Check, equal, errorText } from "./suite.ts";
import { compareAnswers } from "./same_answers.ts";
import { startTestBroker, type TestBroker } from "./test_broker.ts";
import { unserved, unservedView } from "./unserved_view.ts";

/** Apache Kafka alone takes these: the rest of the directory is told with them. */
const APACHE_ONLY = {
  "transaction.state.log.num.partitions": "2",
  "share.coordinator.state.topic.num.partitions": "2",
  "transaction.max.timeout.ms": "2147483647",
  "group.consumer.max.session.timeout.ms": "1800000",
  "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
  "super.users": "User:ANONYMOUS",
  "delegation.token.secret.key": "fixture-secret",
};

/** Runs `body` with a broker on the copy, which is then stopped cleanly. */
async function withBroker(
  apache: boolean,
  { path, properties }: Copy,
  body: (broker: TestBroker) => Promise<void>,
): Promise<void> {
  // Each broker takes the ports that are free, also for the voters that stand in a file.
  const { "controller.quorum.voters": voters, ...rest } = properties;
  const known = voters === "" ? properties : rest;
  await using broker = await startTestBroker({
    apache,
    directory: path,
    properties: apache ? { ...known, ...APACHE_ONLY } : known,
  });
  await body(broker);
}

async function throughBoth(apache: boolean, fixture: Fixture): Promise<void> {
  await using copy = await unpack(fixture);
  const { expected } = copy;
  /** Leader epochs of the first opening; each later one moves them on by two. */
  let later = 0;
  const look = async ({ port }: TestBroker) => {
    const view = new ClusterView({ host: "127.0.0.1", port });
    try {
      equal(differences(served(expected, later), await view.take()), [], "what clients see");
    } finally {
      await view.end();
    }
    later += 2;
  };
  await withBroker(apache, copy, look);
  await withBroker(true, copy, async (broker) => {
    await look(broker);
    const seen = await unservedView(broker.port, expected.online.groups);
    equal(differences(unserved(expected), seen), [], "what kafkats does not serve");
  });
  await withBroker(apache, copy, look);
}

/** Both at a time, each on a copy of its own. */
async function sideBySide(apache: boolean, fixture: Fixture): Promise<void> {
  await using one = await unpack(fixture);
  await using other = await unpack(fixture);
  await withBroker(apache, one, async ({ port }) => {
    await withBroker(true, other, async ({ port: theirs }) => {
      const { answers, different } = await compareAnswers(port, theirs);
      equal(different, [], "what they answer differently");
      equal(answers > 100, true, "questions asked");
    });
  });
}

async function runDirectories(apache: boolean, tell: (check: Check) => void): Promise<void> {
  for (const fixture of FIXTURES) {
    const { name } = fixture;
    for (
      const [what, body] of [
        [`Apache Kafka finds everything in its ${name} directory after kafkats`, throughBoth],
        [`kafkats answers from the ${name} directory what Apache Kafka answers`, sideBySide],
      ] as const
    ) {
      try {
        await body(apache, fixture);
        tell({ name: what, passed: true, details: [] });
      } catch (error) {
        tell({ name: what, passed: false, details: [errorText(error)] });
      }
    }
  }
}

/** Directories that Apache Kafka wrote, opened by kafkats and given back. */
export const kafkaDirectories: BrokerSuite = {
  name: "directories",
  prepare: prepareJava,
  runBrokers: runDirectories,
};
