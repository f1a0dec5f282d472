/**
 * Whether a reader with one JSON Schema reads what was written with another: the rules for each kind of
 * schema, and the walk over pairs of parts that ends on circular and on hostile schemas, too.
 */
export { jsonIncompatibilities } from "./comparison.ts";
