/**
 * The common last step of the server's side of all mechanisms.
 *
 * @module
 */

import type { SaslMechanism, SaslStep, SaslUsers } from "./mechanism.ts";
import { saslPrep } from "./saslprep.ts";

/** The last step: success, if the user is known and may act as the requested identity. */
export async function conclude(
  mechanism: SaslMechanism,
  users: SaslUsers,
  authenticated: string | undefined,
  authorizationId = "",
): Promise<SaslStep> {
  if (authenticated === undefined) return { failure: "the credentials are wrong" };
  const user = authorizationId === "" ? authenticated : authorizationId;
  if (user !== authenticated && await users.mayActAs?.(authenticated, user) !== true) {
    return { failure: "it may not act as another user" };
  }
  return { identity: { user, authenticated, mechanism } };
}

/** A password that cannot be prepared stays unchanged; it can only be wrong, or equal to one of the same kind. */
export function prepared(text: string): string {
  try {
    return saslPrep(text);
  } catch {
    return text;
  }
}
