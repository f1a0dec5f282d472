/**
 * How commands ask a cluster: the flags that say where it is, a connection that speaks our own
 * protocol room and finds controller, leaders and coordinators, and the questions that several
 * commands have.
 */
export { adminFlags, withAdmin } from "./admin_flags.ts";
export {
  AdminConnection,
  type AdminOptions,
  ApiError,
  type BrokerNode,
  type TopicPartition,
} from "./admin_connection.ts";
export { BrokerConnection, ConnectionError, type SendOptions } from "./broker_connection.ts";
export { ClientProperties, readPropertiesFile } from "./client_properties.ts";
export {
  describeFailure,
  done,
  failed,
  type Failure,
  fanOut,
  isWorthRetrying,
  type Outcome,
  pause,
} from "./fan_out.ts";
export {
  type FoundOffset,
  ISOLATION,
  type IsolationLevel,
  OFFSET_TIMES,
  offsetsAt,
  partitionsOf,
} from "./partition_offsets.ts";
export {
  DEFAULT_BOOTSTRAP,
  formatServerAddress,
  parseServerAddresses,
  type ServerAddress,
} from "./server_address.ts";
