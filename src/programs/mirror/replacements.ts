/**
 * Entries of the target in the place of an entry of another kind: a folder where a file belongs, or the reverse. They
 * are renamed first, and removed only when their replacement is complete.
 *
 * @module
 */

import { versionOf } from "../../stores/mod.ts";
import type { Plan, PlannedRemoval } from "./plan.ts";
import type { MirrorPath } from "./side.ts";

/** One entry that is replaced. */
export interface Replacement {
  readonly path: MirrorPath;
  /** Its path meanwhile. */
  readonly aside: MirrorPath;
  /** What is removed in the end, with paths below {@link aside}. */
  readonly removals: readonly PlannedRemoval[];
}

/** The replacements of a plan. */
export class Replacements {
  /** All of them. */
  readonly all: readonly Replacement[];

  /**
   * Finds them. An entry in the way that must stay, because something in it is excluded, is none.
   * @param plan The plan.
   */
  constructor(plan: Plan) {
    const incoming = new Set(
      [...plan.files, ...plan.links, ...plan.folders].map(({ path }) => path.join("/")),
    );
    const unique = versionOf(crypto.randomUUID());
    this.all = plan.inTheWay.filter(({ path }) => incoming.has(path.join("/"))).map(({ path }) => {
      const aside = [...path.slice(0, -1), `${path.at(-1)}.${unique}.old`];
      const removals = plan.inTheWay.filter((removal) => isWithin(removal.path, path))
        .map((removal) => ({ ...removal, path: [...aside, ...removal.path.slice(path.length)] }));
      return { path, aside, removals };
    });
  }

  /** Whether a path is one of them, or below one. */
  include(path: MirrorPath): boolean {
    return this.all.some((replacement) => isWithin(path, replacement.path));
  }
}

/** Whether a path is a folder, or below it. */
export function isWithin(path: MirrorPath, folder: MirrorPath): boolean {
  return folder.every((name, index) => path[index] === name);
}
