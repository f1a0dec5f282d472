import { assertEquals, assertThrows } from "@std/assert";
import { ClientOptionError, clientOptions } from "./client_options.ts";

const DEFAULTS = { bootstrap: ["localhost:9092"], clientId: "rest" };

Deno.test("clientOptions() of nothing is the defaults in plain text", () => {
  assertEquals(clientOptions({}, DEFAULTS), DEFAULTS);
});

Deno.test("clientOptions() reads servers, timeouts, SASL and TLS by Kafka's names", () => {
  const options = clientOptions(
    {
      "bootstrap.servers": "SASL_SSL://a:1, b:2",
      "client.id": "x",
      "security.protocol": "sasl_ssl",
      "sasl.mechanism": "SCRAM-SHA-512",
      "sasl.jaas.config":
        'org.apache.kafka.common.security.scram.ScramLoginModule required username="an\\"a" password=pw;',
      "ssl.truststore.location": "/ca.pem",
      "ssl.endpoint.identification.algorithm": "",
      "request.timeout.ms": "1234",
    },
    DEFAULTS,
    (path) => `text of ${path}`,
  );
  assertEquals(options, {
    bootstrap: ["SASL_SSL://a:1", "b:2"],
    clientId: "x",
    requestTimeoutMs: 1234,
    sasl: { mechanism: "SCRAM-SHA-512", username: 'an"a', password: "pw" },
    tls: { ca: "text of /ca.pem", checkHostname: false },
  });
});

Deno.test("clientOptions() names the option, the value and what is allowed", () => {
  const wrong: [Record<string, string>, string][] = [
    [{ "security.protocol": "TLS" }, "security.protocol=TLS: allowed are PLAINTEXT"],
    [
      { "bootstrap.servers": "here" },
      'bootstrap.servers=here: Cannot use the bootstrap server "here"',
    ],
    [{ "request.timeout.ms": "soon" }, "request.timeout.ms=soon: allowed are whole numbers"],
    [{ "security.protocol": "SASL_SSL" }, "sasl.mechanism is missing"],
    [
      { "security.protocol": "SASL_SSL", "sasl.mechanism": "GSSAPI" },
      "sasl.mechanism=GSSAPI: allowed are PLAIN",
    ],
    [
      { "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN" },
      "sasl.jaas.config names no username",
    ],
    [
      { "security.protocol": "SSL", "ssl.truststore.location": "/a.jks" },
      "ssl.truststore.type=JKS: only PEM",
    ],
  ];
  for (const [properties, message] of wrong) {
    assertThrows(() => clientOptions(properties, DEFAULTS), ClientOptionError, message);
  }
});
