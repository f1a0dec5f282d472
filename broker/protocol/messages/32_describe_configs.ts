import {
  api,
  array,
  bool,
  int16,
  int32,
  int8,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/** Tells configurations with their source and synonyms (KIP-133, KIP-226). */
export const describeConfigs = api({
  key: 32,
  name: "DescribeConfigs",
  versions: "1-4",
  flexible: "4+",
  listeners: ["broker", "controller"],
}, {
  request: {
    resources: array({
      // 2: topic, 4: broker, 8: broker logger, 16: client metrics, 32: group.
      resourceType: int8(),
      resourceName: string(),
      // Null means all.
      configurationKeys: array(string(), { nullable: "0+" }),
    }),
    includeSynonyms: bool(),
    includeDocumentation: bool({ versions: "3+" }),
  },
  response: {
    throttleTimeMs: int32(),
    results: array({
      errorCode: int16(),
      errorMessage: string({ nullable: "0+" }),
      resourceType: int8(),
      resourceName: string(),
      configs: array({
        name: string(),
        // Null where it is sensitive.
        value: string({ nullable: "0+" }),
        readOnly: bool(),
        // 1: topic, 2: dynamic broker, 3: dynamic default broker, 4: static, 5: default,
        // 6: broker logger, 7: client metrics, 8: group.
        configSource: int8({ default: -1 }),
        isSensitive: bool(),
        synonyms: array({
          name: string(),
          value: string({ nullable: "0+" }),
          source: int8(),
        }),
        // 1: boolean, 2: string, 3: int, 4: short, 5: long, 6: double, 7: list, 8:
        // class, 9: password.
        configType: int8({ versions: "3+" }),
        documentation: string({ versions: "3+", nullable: "0+" }),
      }),
    }),
  },
});

/** What a client sends. */
export type DescribeConfigsRequest = RequestOf<typeof describeConfigs>;
/** What it is answered. */
export type DescribeConfigsResponse = ResponseOf<typeof describeConfigs>;
