/**
 * Records into topics by v3: one request per record on a connection that stays open, or a few in a batch.
 */
export { mountRecords } from "./routes.ts";
