/**
 * The schema registry as a service: the topic that holds its state, the election of the instance that takes
 * writes, the HTTP routes. What schemas are is in `formats/`, which get along in `compatibility/`, what the
 * registry decides in `store/`.
 */
export { startRegistry } from "./registry.ts";
