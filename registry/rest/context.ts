import type { ServiceLogger } from "../http/mod.ts";
import type { BatchingProducer, KafkaClient, RecordReader } from "../kafka/mod.ts";
import type { SchemaSource } from "./schemas/mod.ts";
import type { RestOptions } from "./settings.ts";

/** What every route of the proxy stands on; one for the whole service. */
export interface RestContext {
  readonly client: KafkaClient;
  readonly producer: BatchingProducer;
  /** Reads by offset; equal ones share a request. */
  readonly reader: RecordReader;
  readonly schemas: SchemaSource;
  readonly settings: RestOptions;
  readonly logger: ServiceLogger;
  /** How long a call to the cluster is tried in all. */
  readonly callTimeoutMs: number;
  /** Aborts when the service stops: streams end then. */
  readonly stopping: AbortSignal;
  /** Whether an endpoint of this name, such as `api.v3.topics.list`, is served. */
  isServed(name: string): boolean;
}
