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

/** Replaces all configurations of resources. IncrementalAlterConfigs is the better way. */
export const alterConfigs = api({
  key: 33,
  name: "AlterConfigs",
  versions: "0-2",
  flexible: "2+",
  listeners: ["broker", "controller"],
}, {
  request: {
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      configs: array({
        name: string(),
        value: string({ nullable: "0+" }),
      }),
    }),
    validateOnly: bool(),
  },
  response: {
    throttleTimeMs: int32(),
    responses: array({
      errorCode: int16(),
      errorMessage: string({ nullable: "0+" }),
      resourceType: int8(),
      resourceName: string(),
    }),
  },
});

/** What a client sends. */
export type AlterConfigsRequest = RequestOf<typeof alterConfigs>;
/** What it is answered. */
export type AlterConfigsResponse = ResponseOf<typeof alterConfigs>;
