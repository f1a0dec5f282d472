import { preparePython, pythonPath } from "./prepare.ts";
import { runTapProgram, type Suite } from "./suite.ts";

function pythonSuite(name: string, file: string): Suite {
  return {
    name,
    prepare: preparePython,
    run: (bootstrap, tell) =>
      runTapProgram(pythonPath(), [new URL(file, import.meta.url).pathname, bootstrap], tell),
  };
}

/** kafka-python: the client that is Python alone. */
export const kafkaPython: Suite = pythonSuite("kafka-python", "kafka_python.py");

/** confluent-kafka: Python on librdkafka. */
export const confluentKafka: Suite = pythonSuite("confluent-kafka", "confluent.py");
