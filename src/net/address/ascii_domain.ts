/**
 * Domain names of other letters as the DNS and mail have them.
 *
 * @module
 */

/**
 * Writes a domain name with A-labels (RFC 5891, by UTS #46).
 *
 * @param name A domain name of any letters.
 * @returns The name in ASCII; undefined if it is not a domain name.
 *
 * @example An umlaut
 * ```ts
 * import { asciiDomain } from "./ascii_domain.ts";
 * if (asciiDomain("bücher.example") !== "xn--bcher-kva.example") throw new Error("another name");
 * ```
 */
export function asciiDomain(name: string): string | undefined {
  if (/^[\x21-\x7e]*$/.test(name)) return name;
  try {
    const { hostname } = new URL(`http://${name}/`);
    return /^[\w.-]+$/.test(hostname) ? hostname : undefined;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
