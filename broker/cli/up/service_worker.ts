/**
 * One HTTP service in a Worker of its own, so that its work never stands in the broker's way: it is told
 * what to start, tells where it listens, and stops when it is told to.
 */
import { createLogger, type LogLevel } from "../../config/mod.ts";
import { startRegistry, startRest } from "../../../registry/mod.ts";
import type { RunningService } from "../../../registry/mod.ts";
import type { FromService, ToService } from "./service_messages.ts";

const START = { registry: startRegistry, rest: startRest };

/** The Worker's own side of the channel; the page's types know only windows. */
interface Channel {
  postMessage(message: FromService): void;
  addEventListener(type: "message", handle: (event: MessageEvent<ToService>) => void): void;
  close(): void;
}

const channel = globalThis as unknown as Channel;
let running: RunningService | null = null;

async function handle(message: ToService): Promise<void> {
  if (message.type === "stop") {
    await running?.stop();
    channel.postMessage({ type: "stopped" });
    channel.close();
    return;
  }
  const logger = await createLogger({
    level: message.log.level as LogLevel,
    format: message.log.format,
    colors: message.log.colors,
    write: (text) => channel.postMessage({ type: "log", text }),
    nowMs: () => Date.now(),
  });
  running = await START[message.service]({ ...message.inputs, logger });
  channel.postMessage({ type: "started", urls: running.urls });
}

channel.addEventListener("message", ({ data }) => {
  handle(data).catch((error: Error) =>
    channel.postMessage({ type: "failed", message: error.message })
  );
});
