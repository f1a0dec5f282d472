/**
 * Whether a reader with one Avro schema reads what was written with another: names and aliases, promotions,
 * unions, defaults. Ends soon on recursive and on hostile schemas, too.
 */
export { avroIncompatibilities } from "./avro.ts";
