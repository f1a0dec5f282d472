// The part of @std/streams that kafkats uses, with the types that the npm republication lacks.
// @ts-types="./streams.d.ts"
export * from "npm:deno-std@1.4.0/streams/mod.js";
