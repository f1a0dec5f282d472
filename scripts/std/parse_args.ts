// @std/cli's argument parser, with the types that the npm republication lacks.
// @ts-types="./parse_args.d.ts"
export * from "npm:deno-std@1.4.0/cli/parse_args.js";
