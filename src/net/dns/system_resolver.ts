/**
 * The system's own resolver, loaded where a name is looked up.
 *
 * @module
 */

/**
 * Loads the resolver that asks the system, with its files and services, for addresses (getaddrinfo).
 *
 * @returns The module `node:dns/promises`, without the warning that older runtimes print when it is loaded.
 */
export async function systemResolver(): Promise<typeof import("node:dns/promises")> {
  const { default: process } = await import("node:process");
  (process as { noDeprecation?: boolean }).noDeprecation = true;
  return await import("node:dns/promises");
}
