/**
 * One HTTP service in a Worker of its own, so that its work never stands in the broker's way: the Worker's name says
 * which. It loads the code at once, starts the service when it is told to, tells where it listens, and stops when it
 * is told to.
 */
import { createLogger } from "../../config/mod.ts";
import { loadRegistry, loadRest } from "../../../registry/mod.ts";
import type { RunningService } from "../../../registry/mod.ts";
import type { FromService, ServiceName, ToService } from "./service_messages.ts";

const LOAD = { registry: loadRegistry, rest: loadRest };

/** The Worker's own side of the channel; the page's types know only windows. */
interface Channel {
  readonly name: ServiceName;
  postMessage(message: FromService): void;
  addEventListener(type: "message", handle: (event: MessageEvent<ToService>) => void): void;
  close(): void;
}

const channel = globalThis as unknown as Channel;
const loading = LOAD[channel.name]();
// Who starts the service hears of it.
loading.catch(() => {});
let running: RunningService | null = null;

async function handle(message: ToService): Promise<void> {
  if (message.type === "stop") {
    await running?.stop();
    channel.postMessage({ type: "stopped" });
    channel.close();
    return;
  }
  const logger = await createLogger({
    ...message.log,
    write: (text) => channel.postMessage({ type: "log", text }),
    nowMs: () => Date.now(),
  });
  const start = await loading;
  running = await start({ ...message.inputs, logger });
  channel.postMessage({ type: "started", urls: running.urls });
}

channel.addEventListener("message", ({ data }) => {
  handle(data).catch((error: Error) =>
    channel.postMessage({ type: "failed", message: error.message })
  );
});
