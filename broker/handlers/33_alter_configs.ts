import { alterConfigs } from "../protocol/mod.ts";
import { decideHere, failedResource, mergeResults } from "./alter_configs.ts";
import { askController } from "./forward.ts";
import { handler } from "./handler.ts";

const SET = 0;

/**
 * AlterConfigs, versions 0 to 2 (superseded by IncrementalAlterConfigs): replaces all values of a
 * resource. This broker judges changes of its own options, the controller all others.
 *
 * Gaps: no alter.config.policy.class.name. Kafka drops a request that names a resource twice; here
 * both are answered INVALID_REQUEST, as Kafka does for IncrementalAlterConfigs.
 */
export const alterConfigsHandler = handler({
  api: alterConfigs,
  versions: [0, 2],
  listeners: ["broker", "controller"],
  async handle(request, context) {
    const { validateOnly } = request;
    const resources = request.resources.map((resource) => ({
      ...resource,
      configs: resource.configs.map((config) => ({ ...config, configOperation: SET })),
    }));
    const decided = decideHere(resources, { isWhole: true, validateOnly }, context);
    const left = request.resources.filter((_, index) => decided[index] === null);
    const answered = left.length === 0
      ? []
      : (await askController(alterConfigs, { resources: left, validateOnly }, context)).responses;
    return { throttleTimeMs: 0, responses: mergeResults(resources, decided, answered) };
  },
  failed: ({ resources }, errorCode) => ({
    throttleTimeMs: 0,
    responses: resources.map(({ resourceType, resourceName }) =>
      failedResource(resourceType, resourceName, errorCode)
    ),
  }),
});
