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

/** DescribeConfigs */
export const describeConfigs = api({
  key: 32,
  name: "DescribeConfigs",
  versions: "1-4",
  flexible: "4+",
  listeners: ["broker", "controller"],
}, {
  request: {
    resources: array({
      resourceType: int8(),
      resourceName: string(),
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
        value: string({ nullable: "0+" }),
        readOnly: bool(),
        configSource: int8({ default: -1 }),
        isSensitive: bool(),
        synonyms: array({
          name: string(),
          value: string({ nullable: "0+" }),
          source: int8(),
        }),
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
