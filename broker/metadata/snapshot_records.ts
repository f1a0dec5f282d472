import { brokerToRecord, controllerToRecord } from "./cluster_image.ts";
import { configToRecords } from "./configs_image.ts";
import { controllerRegistrationSupported, METADATA_VERSION } from "./features.ts";
import { type MetadataImage, metadataVersionOf } from "./image.ts";
import { partitionToRecord } from "./partition_image.ts";
import { quotaToRecords } from "./quotas_image.ts";
import { type MetadataRecord, metadataRecord } from "./records.ts";
import type { TopicImage } from "./topics_image.ts";

/**
 * The records that make an image out of nothing, in Kafka's order: features first, since
 * `metadata.version` says how to read what follows, then brokers, controllers, topics with their
 * partitions, configurations, quotas, producer ids, ACLs, SCRAM credentials, delegation tokens.
 */
export function* imageToRecords(image: MetadataImage): Generator<MetadataRecord> {
  const metadataVersion = metadataVersionOf(image);
  yield featureRecord(METADATA_VERSION, metadataVersion);
  for (const [name, level] of image.features.levels) yield featureRecord(name, level);
  for (const broker of image.brokers.values()) yield brokerToRecord(broker, metadataVersion);
  if (controllerRegistrationSupported(metadataVersion)) {
    for (const controller of image.controllers.values()) yield controllerToRecord(controller);
  }
  for (const topic of image.topics) yield* topicToRecords(topic, metadataVersion);
  for (const resource of image.configs.resources()) yield* configToRecords(resource);
  for (const quota of image.quotas.values()) yield* quotaToRecords(quota);
  if (image.nextProducerId >= 0) {
    yield metadataRecord("ProducerIdsRecord", 0, {
      brokerId: -1,
      brokerEpoch: -1,
      nextProducerId: image.nextProducerId,
    });
  }
  for (const acl of image.acls.values()) yield metadataRecord("AccessControlEntryRecord", 0, acl);
  for (const credential of image.scram.values()) {
    yield metadataRecord("UserScramCredentialRecord", 0, credential);
  }
  for (const token of image.delegationTokens.values()) {
    yield metadataRecord("DelegationTokenRecord", 0, token);
  }
}

/** The record that finalizes a feature at a level. */
export function featureRecord(name: string, featureLevel: number): MetadataRecord {
  return metadataRecord("FeatureLevelRecord", 0, { name, featureLevel });
}

function* topicToRecords(topic: TopicImage, metadataVersion: number): Generator<MetadataRecord> {
  yield metadataRecord("TopicRecord", 0, { name: topic.name, topicId: topic.id });
  const partitions = [...topic.partitions].sort(([a], [b]) => a - b);
  for (const [partitionId, partition] of partitions) {
    yield partitionToRecord(topic.id, partitionId, partition, metadataVersion);
  }
}
