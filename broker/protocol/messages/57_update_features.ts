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

/** Raises or lowers the finalized level of features (KIP-584, KIP-778). */
export const updateFeatures = api({
  key: 57,
  name: "UpdateFeatures",
  versions: "0-2",
  flexible: "0+",
  listeners: ["broker", "controller"],
}, {
  request: {
    timeoutMs: int32({ default: 60000 }),
    featureUpdates: array({
      feature: string(),
      // Below 1: the feature is removed.
      maxVersionLevel: int16(),
      allowDowngrade: bool({ versions: "0" }),
      // 1: upgrade, 2: downgrade that loses nothing, 3: downgrade that may.
      upgradeType: int8({ versions: "1+", default: 1 }),
    }),
    validateOnly: bool({ versions: "1+" }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
    results: array({
      feature: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: "0+" }),
    }, { versions: "0-1" }),
  },
});

/** What a client sends. */
export type UpdateFeaturesRequest = RequestOf<typeof updateFeatures>;
/** What it is answered. */
export type UpdateFeaturesResponse = ResponseOf<typeof updateFeatures>;
