import { boolean, int, short } from "../option.ts";
import { atLeast } from "../option_rule.ts";

/** Broker options of idempotent producers and transactions. */
export const transactionOptions = [
  int("add.partitions.to.txn.retry.backoff.max.ms", 100, {
    rule: atLeast(0),
    importance: "HIGH",
    doc:
      "Longest pause between tries to add a partition to a transaction on the producer's behalf.",
  }),
  int("add.partitions.to.txn.retry.backoff.ms", 20, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Pause before a failed try to add a partition to a transaction is repeated.",
  }),
  int("producer.id.expiration.check.interval.ms", 600_000, {
    rule: atLeast(1),
    importance: "LOW",
    internal: true,
    doc: "How often expired producer ids are looked for.",
  }),
  int("producer.id.expiration.ms", 86_400_000, {
    rule: atLeast(1),
    importance: "LOW",
    scope: "cluster-wide",
    doc: "Idle time after which a partition forgets an idempotent producer.",
  }),
  int("transaction.abort.timed.out.transaction.cleanup.interval.ms", 10_000, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "How often transactions past their timeout are aborted.",
  }),
  int("transaction.max.timeout.ms", 900_000, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Largest timeout that a transaction may ask for.",
  }),
  boolean("transaction.partition.verification.enable", true, {
    importance: "LOW",
    scope: "cluster-wide",
    doc:
      "Whether a transactional write first checks that its partition is part of the transaction.",
  }),
  int("transaction.remove.expired.transaction.cleanup.interval.ms", 3_600_000, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "How often expired transactional ids are removed.",
  }),
  int("transaction.state.log.load.buffer.size", 5_242_880, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Bytes to read at a time while the transaction topic is loaded.",
  }),
  int("transaction.state.log.min.isr", 2, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "min.insync.replicas of the transaction topic.",
  }),
  int("transaction.state.log.num.partitions", 50, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Partitions of the transaction topic; fixed once it exists.",
  }),
  short("transaction.state.log.replication.factor", 3, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Replication factor of the transaction topic when it is created.",
  }),
  int("transaction.state.log.segment.bytes", 104_857_600, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Segment size of the transaction topic.",
  }),
  boolean("transaction.two.phase.commit.enable", false, {
    importance: "LOW",
    doc: "Whether transactions may be prepared for a two-phase commit from outside.",
  }),
  int("transactional.id.expiration.ms", 604_800_000, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Idle time after which a transactional id is forgotten.",
  }),
];
