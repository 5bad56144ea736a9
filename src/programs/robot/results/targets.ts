/**
 * Targets of links, with redirects followed.
 *
 * @module
 */

import type { CrawledUrl, CrawlStore } from "../../../stores/internal.ts";
import { MAX_REDIRECTS } from "../crawl/url_rules.ts";
import type { Problem } from "./problem.ts";

/** Targets of links, with redirects followed. */
export class Targets {
  readonly #store: CrawlStore;
  /** All that is not simply there. */
  readonly #special = new Map<number, CrawledUrl>();

  constructor(store: CrawlStore) {
    this.#store = store;
    for (const url of store.urls("outcome NOT IN ('ok', 'unchanged')")) {
      this.#special.set(url.id, url);
    }
  }

  isFinding(id: number): boolean {
    return this.#special.has(id);
  }

  url(id: number): string {
    return this.#special.get(id)?.url ?? this.#store.url(id)?.url ?? "";
  }

  /** The URLs that the crawl began with. */
  starts(): number[] {
    return [...this.#store.urls("depth = 0")].map(({ id }) => id).filter((id) =>
      this.isFinding(id)
    );
  }

  verdict(
    id: number,
  ):
    | { readonly problem: Problem; readonly status: number | undefined; readonly reason: string }
    | undefined {
    const first = this.#special.get(id);
    if (first === undefined) return undefined;
    if (first.outcome !== "redirect") {
      const { outcome, status, reason = "" } = first;
      return { problem: outcome as Problem, status, reason };
    }
    // Where it leads to is not checked.
    if (first.redirect === undefined) {
      return { problem: "redirect", status: first.status, reason: `redirects ${first.reason}` };
    }
    const { last, isLoop } = this.#follow(first);
    const { status } = first;
    if (isLoop) return { problem: "redirect-loop", status, reason: "redirects to itself" };
    const to = last === undefined ? "" : last.url;
    if (last === undefined || !this.isFinding(last.id)) {
      // A folder that shows its index is not a redirect.
      if (first.url.startsWith("file:")) return undefined;
      const how = first.reason === "permanent" ? "for good" : "for now";
      return { problem: "redirect", status, reason: `redirects ${how} to ${to}` };
    }
    return {
      problem: last.outcome as Problem,
      status: last.status,
      reason: `redirects to ${to}: ${last.reason ?? last.outcome}`,
    };
  }

  anchors(id: number): { readonly anchors?: string | undefined; readonly ownFragment?: string } {
    const first = this.#special.get(id);
    if (first === undefined) return { anchors: this.#store.anchors(id) };
    if (first.outcome !== "redirect") return {};
    const { last, fragment } = this.#follow(first);
    if (fragment !== "") return { ownFragment: fragment };
    return {
      anchors: last === undefined || this.isFinding(last.id)
        ? undefined
        : this.#store.anchors(last.id),
    };
  }

  #follow(
    first: CrawledUrl,
  ): {
    readonly last: CrawledUrl | undefined;
    readonly isLoop: boolean;
    readonly fragment: string;
  } {
    const seen = new Set<number>();
    let fragment = "";
    let at: CrawledUrl | undefined = first;
    while (at !== undefined && at.outcome === "redirect" && at.redirect !== undefined) {
      if (seen.has(at.id) || seen.size > MAX_REDIRECTS) {
        return { last: undefined, isLoop: true, fragment };
      }
      seen.add(at.id);
      fragment = at.redirectFragment || fragment;
      at = this.#special.get(at.redirect) ?? this.#store.url(at.redirect);
    }
    return { last: at, isLoop: false, fragment };
  }
}
