/**
 * Messages that travel as opaque bytes inside others: consumer and Streams subscriptions, principals.
 */
export {
  type ConsumerProtocolAssignment,
  consumerProtocolAssignment,
} from "./consumer_protocol_assignment.ts";
export {
  type ConsumerProtocolSubscription,
  consumerProtocolSubscription,
} from "./consumer_protocol_subscription.ts";
export { type DefaultPrincipalData, defaultPrincipalData } from "./default_principal_data.ts";
export { type SubscriptionInfoData, subscriptionInfoData } from "./subscription_info_data.ts";
