/**
 * Where a user agent keeps cookies.
 *
 * @module
 */

/** Cookies of all servers (RFC 6265). What decides which is which, such as public suffixes, is the store's own. */
export interface CookieStore {
  /**
   * Gives the cookies for a resource.
   * @param url The resource.
   * @returns The value of the field `Cookie`; empty if there are none.
   */
  get(url: URL): string | Promise<string>;
  /**
   * Takes cookies.
   * @param url The resource that set them.
   * @param fields The values of its fields `Set-Cookie`; malformed ones are passed over.
   */
  set(url: URL, fields: readonly string[]): void | Promise<void>;
}
