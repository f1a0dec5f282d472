import { int, list } from "../option.ts";
import { items } from "../option_rule.ts";

/** Options of a client-metrics subscription (KIP-714). */
export const clientMetricsOptions = [
  int("interval.ms", 300_000, {
    doc: "How often clients push the metrics.",
  }),
  list("match", [], {
    rule: items({ mayBeEmpty: true }),
    doc: "Clients that the subscription is for, as selector=pattern; all when empty.",
  }),
  list("metrics", [], {
    rule: items({ mayBeEmpty: true }),
    doc: "Prefixes of the metrics to push; * is all, empty is none.",
  }),
];
