import { int16, type MessageOf, record, string } from "../schema.ts";

/** FeatureLevelRecord */
export const featureLevelRecord = record({
  name: "FeatureLevelRecord",
  type: 12,
  versions: "0",
  flexible: "0+",
}, {
  name: string(),
  featureLevel: int16(),
});

/** See {@linkcode featureLevelRecord}. */
export type FeatureLevelRecord = MessageOf<typeof featureLevelRecord>;
