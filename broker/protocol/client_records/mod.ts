/**
 * Messages that travel as opaque bytes inside others: subscriptions of consumers and Streams,
 * principals.
 */
export {
  type ConsumerProtocolAssignment,
  consumerProtocolAssignment,
  type ConsumerProtocolSubscription,
  consumerProtocolSubscription,
} from "./consumer_protocol.ts";
export { type DefaultPrincipalData, defaultPrincipalData } from "./principal.ts";
export { type SubscriptionInfoData, subscriptionInfoData } from "./streams_subscription.ts";
