import type { HandlerContext } from "./context.ts";
import type { GroupRequestContext } from "./groups_room.ts";

/** Who asks, as the group coordinator wants to know it: hosts as Java prints them. */
export function groupContext(context: HandlerContext): GroupRequestContext {
  const { version, clientId, connection } = context;
  return { version, clientId, clientHost: `/${connection.remoteHost}` };
}
