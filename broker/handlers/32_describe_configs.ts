import { describeConfigs, errorMessage } from "../protocol/mod.ts";
import { handler } from "./handler.ts";

/**
 * DescribeConfigs, versions 1 to 4: every option of topics, brokers, groups and client metrics with
 * its value, source and synonyms.
 *
 * Gaps: a broker's options are told by that broker alone, as in Kafka; there are no single loggers to
 * tell of (resource type 8).
 */
export const describeConfigsHandler = handler({
  api: describeConfigs,
  versions: [1, 4],
  listeners: ["broker"],
  handle({ resources, includeSynonyms, includeDocumentation }, { node }) {
    const options = { includeSynonyms, includeDocumentation };
    const results = resources.map((resource) => node.configs.describe(resource, options));
    return { throttleTimeMs: 0, results };
  },
  failed: ({ resources }, errorCode) => ({
    throttleTimeMs: 0,
    results: resources.map(({ resourceType, resourceName }) => ({
      errorCode,
      errorMessage: errorMessage(errorCode),
      resourceType,
      resourceName,
      configs: [],
    })),
  }),
});
