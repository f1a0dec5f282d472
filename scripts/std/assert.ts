// The part of @std/assert that kafkats uses, with the types that the npm republication lacks.
// Moving to the JSR package later is one line in deno.json.
// @ts-types="./assert.d.ts"
export * from "npm:deno-std@1.4.0/assert/mod.js";
