/**
 * Users of mail services.
 *
 * @module
 */

import type { SaslUsers } from "../../protocols/sasl/mod.ts";
import { checkToken, checkUser, scramOf } from "../../stores/internal.ts";
import type { StoredUser, StoredUsers } from "../../stores/mod.ts";

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

/** Takes any password. */
const ANY_PASSWORD: SaslUsers = { checkPassword: () => Promise.resolve(true) };

/**
 * Finds how users log in to read their mail.
 *
 * @param users The users; absent if any password is taken.
 * @returns The checks.
 */
export function readersOf(users: Readonly<Record<string, StoredUser>> | undefined): SaslUsers {
  return users === undefined ? ANY_PASSWORD : accountsOf(new Map(Object.entries(users)));
}
