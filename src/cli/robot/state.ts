/**
 * The state of a crawl, and what earlier runs found.
 *
 * @module
 */

import { UsageError } from "../../net/mod.ts";
import { CrawlStore } from "../../stores/internal.ts";
import { type Baseline, type KnownFinding, toBaseline } from "./baseline.ts";
import type { RobotPlan } from "./plans.ts";

/** An opened state. */
export interface OpenState {
  /** The state. */
  readonly store: CrawlStore;
  /** Whether an interrupted crawl is resumed. */
  readonly isResumed: boolean;
  /** The findings of the last finished run; undefined without one. */
  readonly earlier: Baseline | undefined;
}

/**
 * Opens the state of a plan.
 *
 * @param plan The parsed command line.
 * @returns The state.
 * @throws {UsageError} If the file holds an interrupted crawl of something else.
 */
export async function openState(plan: RobotPlan): Promise<OpenState> {
  const store = await CrawlStore.open(plan.state);
  try {
    const settings = settingsOf(plan);
    const before = store.meta("settings");
    const findings = store.meta("findings");
    const earlier = findings === undefined
      ? undefined
      : toBaseline(JSON.parse(findings) as readonly KnownFinding[]);
    const isResumed = before !== undefined && store.meta("finished") !== "yes";
    if (isResumed && before !== settings) {
      throw new UsageError(
        `${plan.state}: an interrupted run with other starts or limits: repeat its command, or remove the file`,
      );
    }
    if (!isResumed) {
      // Of a crawl with other limits, what its pages linked to is not to be asked for.
      if (before === settings) store.restart();
      else store.clear();
      for (const key of ["sisters", "full"]) store.setMeta(key, key === "sisters" ? "[]" : "");
      store.setMeta("settings", settings);
      store.setMeta("finished", "no");
      store.setMeta("began", String(Date.now()));
      store.commit();
    }
    return { store, isResumed, earlier };
  } catch (error) {
    store[Symbol.dispose]();
    throw error;
  }
}

/** What must be the same when a crawl is resumed. */
function settingsOf(plan: RobotPlan): string {
  const { targets, folders, hosts, paths, include, exclude, ignore, ignoredParameters } = plan;
  const { maxDepth, external, maxUrls, maxBytes, newsServer } = plan;
  return JSON.stringify([
    targets.map(({ url }) => url),
    folders,
    hosts,
    paths,
    include,
    exclude,
    ignore,
    ignoredParameters,
    maxDepth,
    external,
    maxUrls,
    maxBytes,
    newsServer,
  ]);
}
