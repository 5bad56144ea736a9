/**
 * A gateway from news to mail.
 *
 * @module
 */

export { digestOf, type DigestOptions, type GatewayArticle, mailOf } from "./gateway_mail.ts";
export {
  type DeliveryOutcome,
  type GatewayEvent,
  type GatewayOptions,
  type GatewaySummary,
  type RecipientMemory,
  runGateway,
} from "./run_gateway.ts";
