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

/** Sets, deletes, appends to or subtracts from single configurations (KIP-339). */
export const incrementalAlterConfigs = api({
  key: 44,
  name: "IncrementalAlterConfigs",
  versions: "0-1",
  flexible: "1+",
  listeners: ["broker", "controller"],
}, {
  request: {
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      configs: array({
        name: string(),
        // 0: set, 1: delete, 2: append, 3: subtract.
        configOperation: int8(),
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
export type IncrementalAlterConfigsRequest = RequestOf<typeof incrementalAlterConfigs>;
/** What it is answered. */
export type IncrementalAlterConfigsResponse = ResponseOf<typeof incrementalAlterConfigs>;
