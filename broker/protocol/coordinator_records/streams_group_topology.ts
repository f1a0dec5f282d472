import { array, int16, int32, type MessageOf, record, string } from "../schema.ts";

/** StreamsGroupTopologyKey */
export const streamsGroupTopologyKey = record({
  name: "StreamsGroupTopologyKey",
  type: 23,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
});

/** See {@linkcode streamsGroupTopologyKey}. */
export type StreamsGroupTopologyKey = MessageOf<typeof streamsGroupTopologyKey>;

const topicConfig = {
  key: string(),
  value: string(),
};

const topicInfo = {
  name: string(),
  partitions: int32(),
  replicationFactor: int16(),
  topicConfigs: array(topicConfig),
};

/** StreamsGroupTopologyValue */
export const streamsGroupTopologyValue = record({
  name: "StreamsGroupTopologyValue",
  type: 23,
  versions: "0",
  flexible: "0+",
}, {
  epoch: int32(),
  subtopologies: array({
    subtopologyId: string(),
    sourceTopics: array(string()),
    sourceTopicRegex: array(string()),
    stateChangelogTopics: array(topicInfo),
    repartitionSinkTopics: array(string()),
    repartitionSourceTopics: array(topicInfo),
    copartitionGroups: array({
      sourceTopics: array(int16()),
      sourceTopicRegex: array(int16()),
      repartitionSourceTopics: array(int16()),
    }),
  }),
});

/** See {@linkcode streamsGroupTopologyValue}. */
export type StreamsGroupTopologyValue = MessageOf<typeof streamsGroupTopologyValue>;
