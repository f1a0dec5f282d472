import {
  allocateProducerIds as allocateProducerIdsApi,
  alterConfigs as alterConfigsApi,
  alterPartition as alterPartitionApi,
  alterPartitionReassignments as alterPartitionReassignmentsApi,
  type AnyApi,
  assignReplicasToDirs as assignReplicasToDirsApi,
  brokerHeartbeat as brokerHeartbeatApi,
  brokerRegistration as brokerRegistrationApi,
  controllerRegistration as controllerRegistrationApi,
  createPartitions as createPartitionsApi,
  createTopics as createTopicsApi,
  deleteTopics as deleteTopicsApi,
  electLeaders as electLeadersApi,
  incrementalAlterConfigs as incrementalAlterConfigsApi,
  listPartitionReassignments as listPartitionReassignmentsApi,
  type RequestOf,
  type ResponseOf,
  unregisterBroker as unregisterBrokerApi,
  unregisterController as unregisterControllerApi,
  updateFeatures as updateFeaturesApi,
} from "../protocol/mod.ts";
import {
  brokerHeartbeat,
  registerBroker,
  registerController,
  unregisterBroker,
  unregisterController,
} from "./brokers.ts";
import { alterConfigs, incrementalAlterConfigs } from "./configs.ts";
import { assignReplicasToDirs } from "./directories.ts";
import { electLeaders } from "./elections.ts";
import { updateFeatures } from "./feature_updates.ts";
import { alterPartition } from "./isr.ts";
import { createPartitions } from "./partitions.ts";
import { allocateProducerIds } from "./producer_ids.ts";
import { alterPartitionReassignments, listPartitionReassignments } from "./reassignments.ts";
import type { ControllerResult } from "./result.ts";
import { createTopics, deleteTopics } from "./topics.ts";
import type { ControllerRequestContext, ControllerView } from "./view.ts";

/** Decides a request: reads the view, changes nothing. */
export type Decide = (
  view: ControllerView,
  request: unknown,
  context: ControllerRequestContext,
) => ControllerResult<unknown>;

const handlers = new Map<number, Decide>();

function serve<A extends AnyApi>(
  api: A,
  decide: (
    view: ControllerView,
    request: RequestOf<A>,
    context: ControllerRequestContext,
  ) => ControllerResult<ResponseOf<A>>,
): void {
  handlers.set(api.key, decide as Decide);
}

serve(createTopicsApi, createTopics);
serve(deleteTopicsApi, deleteTopics);
serve(createPartitionsApi, createPartitions);
serve(alterConfigsApi, alterConfigs);
serve(incrementalAlterConfigsApi, incrementalAlterConfigs);
serve(electLeadersApi, electLeaders);
serve(alterPartitionReassignmentsApi, alterPartitionReassignments);
serve(listPartitionReassignmentsApi, listPartitionReassignments);
serve(alterPartitionApi, alterPartition);
serve(updateFeaturesApi, updateFeatures);
serve(brokerRegistrationApi, registerBroker);
serve(brokerHeartbeatApi, brokerHeartbeat);
serve(unregisterBrokerApi, unregisterBroker);
serve(allocateProducerIdsApi, allocateProducerIds);
serve(controllerRegistrationApi, registerController);
serve(assignReplicasToDirsApi, assignReplicasToDirs);
serve(unregisterControllerApi, unregisterController);

/** How the controller decides an API, by its key. */
export const decisions: ReadonlyMap<number, Decide> = handlers;
