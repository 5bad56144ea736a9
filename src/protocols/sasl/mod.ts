/**
 * SASL (RFC 4422): authentication in any protocol that carries its messages.
 *
 * @module
 */

export { chooseMechanism, type MechanismChoice, saslClient } from "./client.ts";
export {
  SASL_MECHANISMS,
  type SaslClient,
  type SaslCredentials,
  type SaslIdentity,
  type SaslMechanism,
  type SaslServer,
  type SaslStep,
  type SaslUsers,
  type ScramSecret,
} from "./mechanism.ts";
export type { LoginServerOptions } from "./login_server.ts";
export { saslPrep } from "./saslprep.ts";
export { offeredMechanisms, saslServer } from "./server.ts";
