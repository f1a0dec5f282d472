/**
 * As much of @confluentinc/kafka-javascript as the tests of @confluentinc/schemaregistry use, on kafkajs: the package
 * itself is a native module, which can't be had everywhere.
 */
const kafkajs = require("kafkajs");

/** Ends a fetch of nothing soon, so that consumers disconnect soon. */
const FETCH_MS = 200;

class Kafka {
  #kafka;

  constructor({ kafkaJS }) {
    this.#kafka = new kafkajs.Kafka({ ...kafkaJS, logLevel: kafkajs.logLevel.NOTHING });
  }

  producer({ kafkaJS: { acks, compression, ...options } }) {
    const producer = this.#kafka.producer(options);
    return { ...producer, send: (records) => producer.send({ ...records, acks, compression }) };
  }

  consumer({ kafkaJS: { fromBeginning, partitionAssigners: _, ...options } }) {
    const consumer = this.#kafka.consumer({ ...options, maxWaitTimeInMs: FETCH_MS });
    return { ...consumer, subscribe: (topics) => consumer.subscribe({ ...topics, fromBeginning }) };
  }
}

exports.KafkaJS = { ...kafkajs, Kafka };
