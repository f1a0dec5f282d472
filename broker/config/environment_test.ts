import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "./config_problem.ts";
import {
  clusterIdFromEnvironment,
  optionOfVariable,
  optionsFromEnvironment,
} from "./environment.ts";

Deno.test("optionOfVariable() spells options as the container images do", () => {
  const cases: [string, string | null][] = [
    ["KAFKA_LOG_RETENTION_MS", "log.retention.ms"],
    ["KAFKA_CFG_NODE_ID", "node.id"],
    ["KAFKA_A__B___C", "a_b-c"],
    [
      "KAFKA_LISTENER_NAME_PLAIN__TEXT_SSL_KEYSTORE_TYPE",
      "listener.name.plain_text.ssl.keystore.type",
    ],
    ["KAFKA_HEAP_OPTS", null],
    ["KAFKA_VERSION", null],
    ["KAFKA_", null],
    ["kafka_log_dirs", null],
    ["PATH", null],
  ];
  for (const [variable, option] of cases) {
    assertEquals(optionOfVariable(variable), option, variable);
  }
});

Deno.test("optionsFromEnvironment() takes KAFKA_ variables only", () => {
  const options = optionsFromEnvironment({ KAFKA_LOG_DIRS: "/d", HOME: "/root", KAFKA_OPTS: "-D" });
  assertEquals([...options], [["log.dirs", "/d"]]);
});

Deno.test("clusterIdFromEnvironment() takes the images' names for it", () => {
  const id = "5L6g3nShT-eMCtK--X86sw";
  assertEquals(clusterIdFromEnvironment({}), null);
  assertEquals(clusterIdFromEnvironment({ CLUSTER_ID: "" }), null);
  for (const name of ["CLUSTER_ID", "KAFKA_CLUSTER_ID", "KAFKA_KRAFT_CLUSTER_ID"]) {
    assertEquals(clusterIdFromEnvironment({ [name]: id }), id, name);
  }
  assertEquals(clusterIdFromEnvironment({ KAFKA_CLUSTER_ID: "b", CLUSTER_ID: "a" }), "a");
  const error = assertThrows(() => clusterIdFromEnvironment({ CLUSTER_ID: "my id" }), ConfigError);
  assertEquals(
    error.message,
    "Cannot use CLUSTER_ID=my id: allowed is letters, digits and signs without a blank, such as " +
      "kafkats storage random-uuid prints",
  );
});
