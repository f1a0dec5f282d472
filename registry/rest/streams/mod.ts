/**
 * Records out of topics by v3: as streams (server-sent events, WebSockets) that tell records as they come and can be
 * taken up again where they broke off, and as plain reads whose cursors any proxy of the cluster understands.
 */
export { mountStreams, type StreamLimits } from "./routes.ts";
