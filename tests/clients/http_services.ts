import { preparePython, pythonPath } from "./prepare.ts";
import { type BrokerSuite, runTapProgram } from "./suite.ts";
import { startTestBroker } from "./test_broker.ts";
import { startTestServices } from "./test_services.ts";

/** A Python program against our HTTP services, which stand beside a broker of either make. */
function pythonSuite(name: string, file: string): BrokerSuite {
  return {
    name,
    prepare: preparePython,
    async runBrokers(apache, tell) {
      await using broker = apache ? await startTestBroker({ apache }) : null;
      await using services = await startTestServices(
        broker === null ? {} : { bootstrap: broker.bootstrap },
      );
      const { bootstrap, registryUrl, restUrl } = services;
      const program = [new URL(file, import.meta.url).pathname, bootstrap];
      const env = { REGISTRY_URL: registryUrl, REST_URL: restUrl };
      await runTapProgram(pythonPath(), program, tell, env);
    },
  };
}

/** confluent-kafka's serializers for Avro, JSON Schema and Protobuf, and its registry client. */
export const schemaSerdes: BrokerSuite = pythonSuite("schema-serdes", "schema_serdes.py");

/** A plain HTTP client of the REST proxy's consumers. */
export const restV2: BrokerSuite = pythonSuite("rest-v2", "rest_v2.py");
