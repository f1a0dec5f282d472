import { codec, consumerProtocolSubscription, ProtocolError, Reader } from "../../protocol/mod.ts";
import type { ClassicGroup } from "./classic_group.ts";
import { metadataFor } from "./classic_member.ts";

const NO_TOPICS: ReadonlySet<string> = new Set();

/**
 * The topics that a group's members subscribe to, which keeps their offsets from expiring. Null when
 * the members are no consumers, have no protocol yet, or say something that is not a subscription.
 */
export function subscribedTopics(
  group: Pick<ClassicGroup, "usesConsumerProtocol" | "members" | "protocolName">,
): ReadonlySet<string> | null {
  if (!group.usesConsumerProtocol) return null;
  if (group.members.size === 0) return NO_TOPICS;
  if (group.protocolName === null) return null;
  const topics = new Set<string>();
  for (const member of group.members.values()) {
    const metadata = metadataFor(member, group.protocolName);
    const subscription = metadata === null ? null : topicsOf(metadata);
    if (subscription === null) return null;
    for (const topic of subscription) topics.add(topic);
  }
  return topics;
}

/** Version 0 is a prefix of all versions, so later ones need not be known. */
function topicsOf(metadata: Uint8Array): readonly string[] | null {
  const reader = new Reader(metadata);
  try {
    if (reader.int16() < 0) return null;
    return codec(consumerProtocolSubscription, 0).decode(reader).topics;
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}
