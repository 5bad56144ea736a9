/**
 * What the server's sides of all mechanisms share at their end.
 *
 * @module
 */

import type { SaslMechanism, SaslStep, SaslUsers } from "./mechanism.ts";
import { saslPrep } from "./saslprep.ts";

/** The last step: success, if somebody is known and may act as whom it wants to. */
export async function conclude(
  mechanism: SaslMechanism,
  users: SaslUsers,
  authenticated: string | undefined,
  authorizationId = "",
): Promise<SaslStep> {
  if (authenticated === undefined) return { failure: "the credentials are wrong" };
  const user = authorizationId === "" ? authenticated : authorizationId;
  if (user !== authenticated && await users.mayActAs?.(authenticated, user) !== true) {
    return { failure: "it may not act as somebody else" };
  }
  return { identity: { user, authenticated, mechanism } };
}

/** A password that may not be one stays as it is; it can only be wrong, or equal to one of the same kind. */
export function prepared(text: string): string {
  try {
    return saslPrep(text);
  } catch {
    return text;
  }
}
