/**
 * The REST proxy's API v2: the cluster's topics, produce requests in five formats, and consumers that the proxy
 * holds for its clients.
 */
import type { App } from "../../http/mod.ts";
import type { RestContext } from "../context.ts";
import { clusterRoutes } from "./cluster.ts";
import type { ConsumerDefaults } from "./consumers/consumer_defaults.ts";
import { ConsumerInstances } from "./consumers/consumer_instances.ts";
import { consumerRoutes } from "./consumers/routes.ts";
import { produceRoutes } from "./produce.ts";
import { mountRoutes } from "./route.ts";

export { type ConsumerDefaults, consumerDefaults } from "./consumers/consumer_defaults.ts";
export { V2_TYPE } from "./media_types.ts";

/** How often idle instances are looked for. */
const EXPIRY_INTERVAL_MS = 1000;

/** v2 as it was mounted; disposing of it ends all consumer instances. */
export interface MountedV2 extends AsyncDisposable {
  /** Consumer instances at the moment. */
  readonly instanceCount: number;
}

/** Puts v2 into an app. */
export function mountV2(app: App, context: RestContext, defaults: ConsumerDefaults): MountedV2 {
  const { settings, logger } = context;
  const instances = new ConsumerInstances({
    instancesMax: settings["consumer.instances.max"],
    idleMsMax: settings["consumer.instance.timeout.ms"],
    logger,
  });
  mountRoutes(app, context, [
    ...clusterRoutes(context),
    ...produceRoutes(context),
    ...consumerRoutes({ context, instances, defaults }),
  ]);
  const timer = setInterval(() => void instances.expire(), EXPIRY_INTERVAL_MS);
  return {
    get instanceCount() {
      return instances.count;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await instances.close();
    },
  };
}
