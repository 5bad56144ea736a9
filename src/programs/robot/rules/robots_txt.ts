/**
 * The file `robots.txt`: which resources of a host robots may request (RFC 9309).
 *
 * @module
 */

import { toByteString } from "../../../net/internal.ts";
import { type Rule, ruleFrom, targetOctets } from "./robots_pattern.ts";

/** Maximum size of a file that is read, in bytes; RFC 9309 §2.5 requires at least 500 KiB. */
export const MAX_ROBOTS_BYTES = 512 * 1024;
/** Maximum length of a line in characters; the rest of a longer one is ignored. */
const MAX_LINE = 16 * 1024;

/** Keys of records, and common misspellings. */
const KEYS: Readonly<Record<string, "agent" | "allow" | "disallow" | "sitemap" | "delay">> = {
  "user-agent": "agent",
  "useragent": "agent",
  "user agent": "agent",
  "allow": "allow",
  "disallow": "disallow",
  "dissallow": "disallow",
  "dissalow": "disallow",
  "disalow": "disallow",
  "diasllow": "disallow",
  "disallaw": "disallow",
  "sitemap": "sitemap",
  "site-map": "sitemap",
  "crawl-delay": "delay",
};

/** Rules for some robots. */
interface Group {
  /** Product tokens in lower case; `*` is any robot. */
  readonly agents: string[];
  readonly rules: Rule[];
  delayMs: number | undefined;
}

/** The rules for one robot. */
export interface RobotRules {
  /**
   * Checks a resource.
   * @param url The resource.
   * @returns Whether the robot may request it.
   */
  allows(url: string | URL): boolean;
  /** Minimum time between requests in milliseconds, from `Crawl-delay`; undefined if the file has none. */
  readonly delayMs: number | undefined;
}

/**
 * A file `robots.txt`.
 *
 * @example Check two URLs
 * ```ts
 * import { RobotsTxt } from "@netwright/netwright/robot";
 * const file = new RobotsTxt("User-agent: *\nDisallow: /private/\nAllow: /private/index.html\n");
 * const rules = file.rulesFor("netwright");
 * if (rules.allows("http://a.example/private/x")) throw new Error("disallowed");
 * if (!rules.allows("http://a.example/private/index.html")) throw new Error("the longer rule counts");
 * ```
 */
export class RobotsTxt {
  /** The sitemaps that it names, as written. */
  readonly sitemaps: readonly string[];
  readonly #groups: Group[] = [];

  /**
   * Parses a file; nothing is malformed enough to fail.
   * @param content The file: text, or bytes of UTF-8.
   */
  constructor(content: string | Uint8Array) {
    const sitemaps: string[] = [];
    let group: Group | undefined;
    let hasRules = false;
    for (const line of linesOf(content)) {
      const record = parseRecord(line);
      if (record === undefined) continue;
      const { key, value } = record;
      switch (key) {
        case "agent": {
          // Only rules end the list of robots: RFC 9309 §2.2.4.
          if (group === undefined || hasRules) {
            this.#groups.push(group = { agents: [], rules: [], delayMs: undefined });
            hasRules = false;
          }
          const agent = productToken(value);
          if (agent !== "") group.agents.push(agent);
          break;
        }
        case "allow":
        case "disallow": {
          if (group === undefined) break;
          hasRules = true;
          const rule = ruleFrom(key === "allow", value);
          if (rule !== undefined) group.rules.push(rule);
          break;
        }
        case "delay":
          if (group !== undefined && /^\d{1,300}(?:\.\d+)?$/.test(value)) {
            group.delayMs = Math.round(Math.min(Number(value), 1e9) * 1000);
          }
          break;
        case "sitemap":
          sitemaps.push(value);
      }
    }
    this.sitemaps = sitemaps;
  }

  /**
   * Selects the rules for a robot: those of all groups that name it, else those for any robot (RFC 9309 §2.2.1).
   * @param token The robot's product token, such as `netwright`.
   * @returns The rules.
   */
  rulesFor(token: string): RobotRules {
    const name = token.toLowerCase();
    const named = this.#groups.filter(({ agents }) => agents.includes(name));
    const groups = named.length > 0
      ? named
      : this.#groups.filter(({ agents }) => agents.includes("*"));
    const rules = groups.flatMap((group) => group.rules);
    const delays = groups.flatMap(({ delayMs }) => delayMs ?? []);
    return {
      allows: (url) => isAllowed(rules, new URL(url)),
      delayMs: delays.length === 0 ? undefined : Math.max(...delays),
    };
  }
}

/** The longest rule counts; of two of one length, the one that allows (RFC 9309 §2.2.2). */
function isAllowed(rules: readonly Rule[], url: URL): boolean {
  const target = targetOctets(url);
  if (target === "/robots.txt") return true;
  let best: Rule | undefined;
  for (const rule of rules) {
    const isBetter = best === undefined || rule.octets.length > best.octets.length ||
      (rule.octets.length === best.octets.length && rule.allows && !best.allows);
    if (isBetter && rule.matches(target)) best = rule;
  }
  return best?.allows ?? true;
}

/** Lines, each octet a character: patterns are compared octet by octet. */
function linesOf(content: string | Uint8Array): string[] {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const text = toByteString(bytes.subarray(0, MAX_ROBOTS_BYTES));
  return text.replace(/^\xef\xbb\xbf/, "").split(/\r\n|[\r\n]/).map((line) =>
    line.slice(0, MAX_LINE)
  );
}

function parseRecord(line: string): { key: (typeof KEYS)[string]; value: string } | undefined {
  const [bare = ""] = line.split("#", 1);
  const colon = bare.indexOf(":");
  // Some write no colon; then there must be exactly two words.
  const words = colon < 0 ? bare.split(/[ \t]+/).filter((word) => word !== "") : [];
  if (colon < 0 && words.length !== 2) return undefined;
  const written = colon < 0 ? words[0]! : stripBlanks(bare.slice(0, colon));
  const key = written.toLowerCase();
  if (!Object.hasOwn(KEYS, key)) return undefined;
  return { key: KEYS[key]!, value: colon < 0 ? words[1]! : stripBlanks(bare.slice(colon + 1)) };
}

/** Takes blanks off both ends, and nothing else that Unicode calls white space. */
function stripBlanks(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0b || code === 0x0c;
}

/** The product token of a line `User-agent`: what follows it, such as a version, does not count. */
function productToken(value: string): string {
  if (/^\*(?:[ \t]|$)/.test(value)) return "*";
  return /^[a-zA-Z_-]*/.exec(value)![0].toLowerCase();
}
