/** How far a group has read in a partition. Never changed in place. */
export interface CommittedOffset {
  /** The next offset to read. */
  readonly offset: number;
  /** Leader epoch of the last record read (KIP-320); -1 when the client does not know it. */
  readonly leaderEpoch: number;
  /** Whatever the client wants to keep with it. */
  readonly metadata: string;
  readonly commitTimestampMs: number;
  /** When it expires, as clients before OffsetCommit 5 may ask for; -1: by the broker's retention. */
  readonly expireTimestampMs: number;
  /** The zero uuid when it is not known: records of older brokers lack it. */
  readonly topicId: string;
  /** Where in `__consumer_offsets` this stands. */
  readonly recordOffset: number;
}
