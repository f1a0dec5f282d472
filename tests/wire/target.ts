/**
 * The broker that a test speaks to: ours, fresh and inside the test's own process, or with
 * `WIRE_TARGET=HOST:PORT` one that runs already.
 */

import { freePortPair, oneNodeProperties, type Properties } from "../one_node.ts";

/** Where it listens; disposing stops ours and removes its data. */
export interface Target extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
}

/** True when the broker is not ours. */
export function isForeignTarget(): boolean {
  return Deno.env.has("WIRE_TARGET");
}

/** Starts a broker with these properties, or finds the one that runs. */
export async function openTarget(overrides: Properties): Promise<Target> {
  const address = Deno.env.get("WIRE_TARGET");
  if (address !== undefined) {
    const colon = address.lastIndexOf(":");
    const [host, port] = [address.slice(0, colon), Number(address.slice(colon + 1))];
    return { host, port, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const { startBroker } = await import("../../broker/mod.ts");
  const dataDirectory = await Deno.makeTempDir({ prefix: "kafkats-wire-" });
  const properties = { ...oneNodeProperties(freePortPair(), dataDirectory), ...overrides };
  const broker = await startBroker({ overrides: properties });
  return {
    host: "127.0.0.1",
    port: broker.port,
    async [Symbol.asyncDispose]() {
      await broker[Symbol.asyncDispose]();
      await Deno.remove(dataDirectory, { recursive: true });
    },
  };
}
