import { double, int, INT_MAX, long, LONG_MAX, string } from "../option.ts";
import { atLeast } from "../option_rule.ts";

/** Options of users, client ids and addresses: quotas and SCRAM credentials. */
export const entityOptions = [
  string("SCRAM-SHA-256", null, {
    doc: "Credential for SASL/SCRAM-SHA-256.",
  }),
  string("SCRAM-SHA-512", null, {
    doc: "Credential for SASL/SCRAM-SHA-512.",
  }),
  long("consumer_byte_rate", LONG_MAX, {
    doc: "Bytes a second that may be consumed.",
  }),
  double("controller_mutation_rate", INT_MAX, {
    doc: "Partitions a second that may be created or deleted.",
  }),
  long("producer_byte_rate", LONG_MAX, {
    doc: "Bytes a second that may be produced.",
  }),
  double("request_percentage", INT_MAX, {
    doc: "Share of request-handling time, in percent of one thread.",
  }),
  int("connection_creation_rate", INT_MAX, {
    rule: atLeast(0),
    doc: "Connections a second that an address may open.",
  }),
];
