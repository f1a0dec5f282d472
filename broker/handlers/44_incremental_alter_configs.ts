import { incrementalAlterConfigs } from "../protocol/mod.ts";
import { decideHere, failedResource, mergeResults } from "./alter_configs.ts";
import { askController } from "./forward.ts";
import { handler } from "./handler.ts";

/**
 * IncrementalAlterConfigs, versions 0 and 1 (KIP-339): sets, deletes, appends to and subtracts from
 * single values. This broker judges changes of its own options, the controller all others.
 *
 * Gaps: no alter.config.policy.class.name; there is one logger, the root.
 */
export const incrementalAlterConfigsHandler = handler({
  api: incrementalAlterConfigs,
  versions: [0, 1],
  listeners: ["broker", "controller"],
  async handle({ resources, validateOnly }, context) {
    const decided = decideHere(resources, { isWhole: false, validateOnly }, context);
    const left = resources.filter((_, index) => decided[index] === null);
    const asked = { resources: left, validateOnly };
    const answered = left.length === 0
      ? []
      : (await askController(incrementalAlterConfigs, asked, context)).responses;
    return { throttleTimeMs: 0, responses: mergeResults(resources, decided, answered) };
  },
  failed: ({ resources }, errorCode) => ({
    throttleTimeMs: 0,
    responses: resources.map(({ resourceType, resourceName }) =>
      failedResource(resourceType, resourceName, errorCode)
    ),
  }),
});
