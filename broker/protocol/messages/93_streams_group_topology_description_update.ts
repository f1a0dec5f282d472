import {
  api,
  array,
  int16,
  int32,
  int8,
  type RequestOf,
  type ResponseOf,
  string,
  struct,
} from "../schema.ts";

const topologyDescriptionNode = {
  name: string(),
  nodeType: int8(),
  sourceTopics: array(string()),
  sinkTopic: string({ nullable: "0+", default: null }),
  stores: array(string()),
  successors: array(string()),
};

const topologyDescriptionSubtopology = {
  subtopologyId: string(),
  nodes: array(topologyDescriptionNode),
};

const topologyDescriptionGlobalStore = {
  source: struct(topologyDescriptionNode),
  processor: struct(topologyDescriptionNode),
};

const topologyDescription = {
  subtopologies: array(topologyDescriptionSubtopology),
  globalStores: array(topologyDescriptionGlobalStore),
};

/** A member sends the description of its topology for others to look at (KIP-1331). */
export const streamsGroupTopologyDescriptionUpdate = api({
  key: 93,
  name: "StreamsGroupTopologyDescriptionUpdate",
  versions: "0",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    groupId: string(),
    memberId: string(),
    topologyEpoch: int32(),
    topologyDescription: struct(topologyDescription),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+", default: null }),
  },
});

/** What a client sends. */
export type StreamsGroupTopologyDescriptionUpdateRequest = RequestOf<
  typeof streamsGroupTopologyDescriptionUpdate
>;
/** What it is answered. */
export type StreamsGroupTopologyDescriptionUpdateResponse = ResponseOf<
  typeof streamsGroupTopologyDescriptionUpdate
>;
