/**
 * The actions that make the target like the source.
 *
 * @module
 */

import { NetwrightError } from "../../net/mod.ts";
import type { LaneTask } from "./lanes.ts";
import type { MirrorEntry, MirrorFacts, MirrorPath } from "./side.ts";

/** A file to transfer. */
export interface PlannedFile {
  readonly path: MirrorPath;
  readonly source: MirrorEntry;
  /** Names this version of it. */
  readonly version: string;
  /** Bytes of it that are there. */
  readonly offset: number;
  /** Whether nothing has its name there. */
  readonly isNew: boolean;
  /** Why. */
  readonly reason: string;
}

/** A folder that is in both trees, or will be. */
export interface PlannedFolder {
  readonly path: MirrorPath;
  readonly source: MirrorEntry;
  /** The existing entries. */
  readonly target: MirrorEntry | undefined;
}

/** The removals. */
export interface PlannedRemoval {
  readonly path: MirrorPath;
  readonly kind: MirrorEntry["kind"];
}

/** The actions. */
export interface Plan {
  /** All folders, each behind the one that it is in. */
  readonly folders: PlannedFolder[];
  readonly files: PlannedFile[];
  readonly links: { readonly path: MirrorPath; readonly target: string }[];
  /** Files that are the same but for these. */
  readonly settles: { readonly path: MirrorPath; readonly facts: MirrorFacts }[];
  /** Entries in the place of another kind. */
  readonly inTheWay: PlannedRemoval[];
  /** Entries that the source does not have. */
  readonly extra: PlannedRemoval[];
  /** What earlier attempts at other versions have left. */
  readonly leftovers: MirrorPath[];
  readonly skipped: { readonly path: MirrorPath; readonly reason: string }[];
  readonly failures: { readonly path: MirrorPath; readonly error: Error }[];
  unchanged: number;
}

/** The findings about one folder; none of it counts until all is known. */
export class Draft {
  readonly plan: Plan = emptyPlan();
  readonly tasks: LaneTask[] = [];
  readonly there: ReadonlyMap<string, MirrorEntry>;
  /** Names of parts that will be gone on with. */
  readonly parts = new Set<string>();
  readonly #names = new Set<string>();

  constructor(target: readonly MirrorEntry[]) {
    this.there = new Map(target.map((entry) => [entry.name, entry]));
  }

  /** Whether no other entry of the source has this name here. */
  isFirst(folded: string): boolean {
    if (this.#names.has(folded)) return false;
    this.#names.add(folded);
    return true;
  }

  fail(path: MirrorPath, reason: string): void {
    this.plan.failures.push({ path, error: new NetwrightError(reason) });
  }

  skip(path: MirrorPath, reason: string): void {
    this.plan.skipped.push({ path, reason });
  }
}

/** A plan to do nothing. */
export function emptyPlan(): Plan {
  return {
    folders: [],
    files: [],
    links: [],
    settles: [],
    inTheWay: [],
    extra: [],
    leftovers: [],
    skipped: [],
    failures: [],
    unchanged: 0,
  };
}
