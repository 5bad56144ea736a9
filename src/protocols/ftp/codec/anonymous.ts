/**
 * Users without a name (RFC 1635).
 *
 * @module
 */

/**
 * Checks whether a name means an anonymous user.
 *
 * @param name What USER says.
 * @returns Whether it is `anonymous` or `ftp`.
 */
export function isAnonymous(name: string): boolean {
  return /^(?:anonymous|ftp)$/i.test(name);
}
