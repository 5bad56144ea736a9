/**
 * Traps: URLs that a server makes up without end.
 *
 * @module
 */

import { RecentMap } from "../../../net/internal.ts";

/** Limits beyond which URLs count as made up. */
export interface TrapLimits {
  /** Maximum number of path segments. @default {32} */
  readonly maxSegments?: number;
  /** Maximum number of times that a path repeats a segment, or several one after the other. @default {3} */
  readonly maxRepeats?: number;
  /** Maximum number of queries of one path. @default {1000} */
  readonly maxQueries?: number;
}

/** Paths whose queries are counted; beyond, the oldest ones are forgotten. */
const MAX_PATHS = 20_000;

/** Notices URLs of traps: calendars, relative links that nest, session identifiers. */
export class TrapDetector {
  readonly #maxSegments: number;
  readonly #maxRepeats: number;
  readonly #maxQueries: number;
  readonly #queries = new RecentMap<string, number>(MAX_PATHS);

  /**
   * @param limits Limits.
   */
  constructor({ maxSegments = 32, maxRepeats = 3, maxQueries = 1000 }: TrapLimits = {}) {
    this.#maxSegments = maxSegments;
    this.#maxRepeats = maxRepeats;
    this.#maxQueries = maxQueries;
  }

  /**
   * Checks a URL that is new.
   * @param url The URL.
   * @returns Why it looks made up; undefined if it does not.
   */
  check(url: URL): string | undefined {
    const segments = url.pathname.split("/").filter((segment) => segment !== "");
    if (segments.length > this.#maxSegments) return `more than ${this.#maxSegments} path segments`;
    const repeated = repeatedSegments(segments, this.#maxRepeats);
    if (repeated !== undefined) {
      return `the path repeats /${repeated}/ more than ${this.#maxRepeats} times`;
    }
    if (url.search === "") return undefined;
    const path = `${url.host}${url.pathname}`;
    const count = (this.#queries.get(path) ?? 0) + 1;
    this.#queries.set(path, count);
    return count > this.#maxQueries
      ? `more than ${this.#maxQueries} queries of one path`
      : undefined;
  }
}

/** Finds one to four segments that follow one another too often. */
function repeatedSegments(segments: readonly string[], most: number): string | undefined {
  for (let length = 1; length <= 4; length++) {
    let equal = 0;
    for (let at = length; at < segments.length; at++) {
      equal = segments[at] === segments[at - length] ? equal + 1 : 0;
      if (equal >= length * most) return segments.slice(at - length + 1, at + 1).join("/");
    }
  }
  return undefined;
}
