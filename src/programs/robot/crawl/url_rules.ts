/**
 * URLs as a robot compares them, and patterns for them.
 *
 * @module
 */

import { wildcard } from "../../../net/internal.ts";

/** Maximum length of a URL that is requested, in characters. */
export const MAX_URL = 8192;

/** Pages with the same title and links, after which further ones are not followed. */
export const MAX_TWINS = 25;
/** Maximum number of redirects one after the other. */
export const MAX_REDIRECTS = 20;

/** A URL, and the part of its resource that a link points to. */
export interface NormalisedUrl {
  /** The URL without its fragment. */
  readonly url: string;
  /** The fragment, without `#` and as written; empty if there is none. */
  readonly fragment: string;
}

/**
 * Normalises a URL, so that each resource is requested once. What RFC 3986 §6.2.2 calls equal becomes the same: the case of scheme,
 * host and percent encoding, default ports, dot segments, characters that need no encoding; so do an empty query and
 * user information, which is left out. The order of parameters and a slash at the end are significant.
 *
 * @param url The URL.
 * @param ignoredParameters Names of parameters that are left out, such as `utm_*`.
 * @returns The URL and its fragment.
 *
 * @example Two spellings
 * ```ts
 * import { normaliseUrl } from "@netwright/netwright/robot";
 * const { url } = normaliseUrl(new URL("HTTP://A.example:80/%7Eann/./x?#top"));
 * if (url !== "http://a.example/~ann/x") throw new Error(url);
 * ```
 */
export function normaliseUrl(url: URL, ignoredParameters: readonly string[] = []): NormalisedUrl {
  const { hash, href } = url;
  const bare = hash === "" && !href.endsWith("#") ? href : href.slice(0, href.indexOf("#"));
  let text = bare;
  if (url.username !== "" || url.password !== "") {
    const plain = new URL(bare);
    plain.username = plain.password = "";
    text = plain.href;
  }
  if (text.includes("%")) text = text.replace(/%[\da-f]{2}/gi, decodeUnreserved);
  if (text.indexOf("?") === text.length - 1) text = text.slice(0, -1);
  if (ignoredParameters.length > 0) text = withoutParameters(text, ignoredParameters);
  return { url: text, fragment: hash.slice(1) };
}

function decodeUnreserved(octet: string): string {
  const char = String.fromCharCode(parseInt(octet.slice(1), 16));
  return /[\w.~-]/.test(char) ? char : octet.toUpperCase();
}

function withoutParameters(url: string, names: readonly string[]): string {
  const at = url.indexOf("?");
  if (at < 0) return url;
  const patterns = names.map((name) => wildcard(name));
  const kept = url.slice(at + 1).split("&").filter((pair) => {
    const [name = ""] = pair.split("=", 1);
    return !patterns.some((matches) => matches(name));
  });
  return kept.length === 0 ? url.slice(0, at) : `${url.slice(0, at)}?${kept.join("&")}`;
}

/** The name under which a URL's server has its turns: host and port. */
export function hostOf(url: URL): string {
  return url.protocol === "mailto:" ? url.pathname.split("@").at(-1)!.toLowerCase() : url.host;
}
