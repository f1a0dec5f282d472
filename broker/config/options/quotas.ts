import { className, int, list, long, string } from "../option.ts";
import { atLeast, items } from "../option_rule.ts";

/** Broker options of quotas and metrics. */
export const quotaOptions = [
  int("alter.log.dirs.replication.quota.window.num", 11, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "How many samples the quota for moves between log directories keeps.",
  }),
  int("alter.log.dirs.replication.quota.window.size.seconds", 1, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "Seconds that one sample of the quota for moves between log directories spans.",
  }),
  className("client.quota.callback.class", null, {
    importance: "LOW",
    doc: "Java class that computes client quotas; kafkats loads no Java classes.",
  }),
  int("controller.quota.window.num", 11, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "How many samples the quota for metadata changes keeps.",
  }),
  int("controller.quota.window.size.seconds", 1, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "Seconds that one sample of the quota for metadata changes spans.",
  }),
  int("kafka.metrics.polling.interval.secs", 10, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "How often metrics reporters are polled.",
  }),
  list("kafka.metrics.reporters", [], {
    rule: items({ mayBeEmpty: true }),
    importance: "LOW",
    doc: "Java classes that report metrics; kafkats loads no Java classes.",
  }),
  list("metric.reporters", ["org.apache.kafka.common.metrics.JmxReporter"], {
    rule: items({ mayBeEmpty: true }),
    importance: "LOW",
    scope: "cluster-wide",
    doc: "Java classes that report metrics; kafkats loads no Java classes.",
  }),
  int("metrics.num.samples", 2, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "How many samples a metric keeps.",
  }),
  string("metrics.recording.level", "INFO", {
    importance: "LOW",
    doc: "How detailed the recorded metrics are.",
  }),
  long("metrics.sample.window.ms", 30_000, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "Time that one sample of a metric spans.",
  }),
  int("quota.window.num", 11, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "How many samples client quotas keep.",
  }),
  int("quota.window.size.seconds", 1, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "Seconds that one sample of a client quota spans.",
  }),
  int("replication.quota.window.num", 11, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "How many samples the replication quota keeps.",
  }),
  int("replication.quota.window.size.seconds", 1, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "Seconds that one sample of the replication quota spans.",
  }),
  int("telemetry.max.bytes", 1_048_576, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "Most bytes of metrics that a client may push at once.",
  }),
];
