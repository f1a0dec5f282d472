export type { RunningService, ServiceInputs, ServiceLogger } from "./http/mod.ts";
