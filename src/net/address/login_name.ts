/**
 * Names of users, as login programs take them.
 *
 * @module
 */

import { UsageError } from "../core/errors.ts";

/**
 * Checks the name of a user before it goes to a server.
 *
 * @param name The name.
 * @throws {UsageError} If the server's login program could take it for an option, or it holds control characters.
 */
export function checkLoginName(name: string): void {
  if (name.startsWith("-")) {
    throw new UsageError(
      "a user name must not begin with -, which login programs take for options",
    );
  }
  if (name === "" || /\p{Cc}/u.test(name)) {
    throw new UsageError("a user name must not be empty or hold control characters");
  }
}
