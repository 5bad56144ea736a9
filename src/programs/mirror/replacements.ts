/**
 * Entries of the target in the place of an entry of another kind: a folder where a file belongs, or the reverse. They
 * are renamed first, and removed only when their replacement is complete.
 *
 * @module
 */

import { versionTag } from "../../stores/internal.ts";
import type { Plan, PlannedRemoval } from "./plan.ts";
import type { MirrorPath } from "./side.ts";

/** Maximum length of a name, in bytes, that leaves room for additions. */
const MAX_NAME_BYTES = 230;

/** One entry that is replaced. */
export interface Replacement {
  readonly path: MirrorPath;
  /** Its path meanwhile. */
  readonly aside: MirrorPath;
  /** The entry and its content, by the old paths. */
  readonly old: readonly PlannedRemoval[];
  /** The same by the temporary paths: they are removed in the end. */
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
    const unique = versionTag(crypto.randomUUID());
    this.all = plan.inTheWay.filter(({ path }) => incoming.has(path.join("/"))).map(({ path }) => {
      const name = path.at(-1)!;
      const isLong = new TextEncoder().encode(name).length > MAX_NAME_BYTES;
      const aside = [...path.slice(0, -1), `${isLong ? "" : `${name}.`}${unique}.old`];
      const old = plan.inTheWay.filter((removal) => isWithin(removal.path, path));
      const removals = old.map((removal) => ({
        ...removal,
        path: [...aside, ...removal.path.slice(path.length)],
      }));
      return { path, aside, old, removals };
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

/** Which entry was replaced by one that has such a name meanwhile; undefined if it is another name. */
export function replacedName(name: string): string | undefined {
  return /^(.+)\.[0-9a-z]{14}\.old$/s.exec(name)?.[1];
}
