import { array, bytes, int32, int64, type MessageOf, record, string } from "../schema.ts";

/** GroupMetadataKey */
export const groupMetadataKey = record({
  name: "GroupMetadataKey",
  type: 2,
  versions: "0",
  flexible: "none",
}, {
  group: string(),
});

/** See {@linkcode groupMetadataKey}. */
export type GroupMetadataKey = MessageOf<typeof groupMetadataKey>;

const memberMetadata = {
  memberId: string(),
  groupInstanceId: string({ versions: "3+", nullable: "3+", default: null }),
  clientId: string(),
  clientHost: string(),
  rebalanceTimeout: int32({ versions: "1+", default: -1 }),
  sessionTimeout: int32(),
  subscription: bytes(),
  assignment: bytes(),
};

/** GroupMetadataValue */
export const groupMetadataValue = record({
  name: "GroupMetadataValue",
  type: 2,
  versions: "0-4",
  flexible: "4+",
}, {
  protocolType: string(),
  generation: int32(),
  protocol: string({ nullable: "0+" }),
  leader: string({ nullable: "0+" }),
  currentStateTimestamp: int64({ versions: "2+", default: -1 }),
  members: array(memberMetadata),
});

/** See {@linkcode groupMetadataValue}. */
export type GroupMetadataValue = MessageOf<typeof groupMetadataValue>;
