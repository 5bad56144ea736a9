/**
 * Users of services, and clients that need no login.
 *
 * @module
 */

import { isLoopback } from "../../net/mod.ts";
import type { SaslUsers } from "../../protocols/sasl/mod.ts";
import { checkToken, checkUser, scramOf } from "../../stores/internal.ts";
import type { StoredUsers } from "../../stores/mod.ts";
import type { ServiceArguments } from "./service.ts";

/**
 * Finds the ways by which users may log in.
 *
 * @param users The users.
 * @returns The checks that their stored secrets allow.
 */
export function accountsOf(users: StoredUsers): SaslUsers {
  const scram = scramOf(users);
  const hasTokens = [...users.values()].some((user) => user.token !== undefined);
  return {
    checkPassword: async (name, password) => await checkUser(users, name, password) !== undefined,
    ...(scram !== undefined && { scram }),
    ...(hasTokens && { checkToken: (name, token) => checkToken(users, name, token) }),
  };
}

/** Whether only this host can connect, as far as that is known yet. */
export function isForThisHost({ endpoint }: ServiceArguments): boolean {
  return endpoint === undefined || !("hostname" in endpoint) || isLoopback(endpoint.hostname);
}
