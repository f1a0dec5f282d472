/**
 * Decides the metadata of the cluster, pure: handlers read the image and give records and an answer,
 * replay alone changes it. One file per matter: topics, partitions, placement, elections, ISR,
 * reassignments, brokers, configurations, features, producer ids. The driver binds it to the quorum.
 */
export {
  type CommitListener,
  ControllerDriver,
  type ControllerDriverOptions,
  ControllerError,
  type SubmitContext,
} from "./controller_driver.ts";
export type { ApiError } from "./api_error.ts";
export { Controller, type ControllerOptions } from "./controller.ts";
export { PRODUCER_ID_BLOCK_SIZE } from "./producer_ids.ts";
export type { ControllerResult } from "./result.ts";
export { type Decide, decisions } from "./served_apis.ts";
export type { ConfigRules, ControllerSettings, TopicConfigEntry } from "./settings.ts";
export type { ControllerRequestContext, ControllerView } from "./view.ts";
