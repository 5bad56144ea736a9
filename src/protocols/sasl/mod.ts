/**
 * SASL (RFC 4422): proving who one is, in any protocol that carries its messages.
 *
 * @module
 */

export * from "./base64.ts";
export { chooseMechanism, type MechanismChoice, saslClient } from "./client.ts";
export * from "./mechanism.ts";
export * from "./saslprep.ts";
export { offeredMechanisms, saslServer } from "./server.ts";
