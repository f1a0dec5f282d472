import type {
  DescribeConfigsRequest,
  DescribeConfigsResponse,
  IncrementalAlterConfigsRequest,
} from "../protocol/mod.ts";

/** A change of one option, as IncrementalAlterConfigs has it. */
export type ConfigChange = IncrementalAlterConfigsRequest["resources"][number]["configs"][number];

/** The configuration of this node and of what it knows. */
export interface ConfigsRoom {
  /** What DescribeConfigs tells of one resource, its refusal included. */
  describe(
    resource: DescribeConfigsRequest["resources"][number],
    options: { readonly includeSynonyms: boolean; readonly includeDocumentation: boolean },
  ): DescribeConfigsResponse["results"][number];

  /**
   * Whether the dynamic options of a broker (the empty name: of all) may be changed so; a sentence
   * that says why not, or null. `isWhole`: what is not named goes back to its default.
   */
  checkBrokerChange(
    resourceName: string,
    changes: readonly ConfigChange[],
    isWhole: boolean,
  ): string | null;
}
