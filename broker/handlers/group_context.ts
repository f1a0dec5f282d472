import type { GroupRequestContext } from "../coordinator/mod.ts";
import type { HandlerContext } from "./context.ts";

/** Who asks, as the group coordinator wants to know it: hosts as Java prints them. */
export function groupContext(context: HandlerContext): GroupRequestContext {
  const { version, clientId, connection } = context;
  return { version, clientId: clientId ?? "", clientHost: `/${connection.remoteHost}` };
}
