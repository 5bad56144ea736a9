/**
 * The work that makes two mailboxes equal.
 *
 * @module
 */

import type { SyncLink } from "../../stores/internal.ts";

/** Messages of one side by their numbers, with the flags that are synchronized. */
export type SideMessages = ReadonlyMap<number, ReadonlySet<string>>;

/** How mailboxes are made equal. */
export interface SyncRules {
  /** Whether changes here go to the server as well. @default {false} */
  readonly both?: boolean | undefined;
  /** Whether messages that were removed on one side are removed on the other. @default {false} */
  readonly delete?: boolean | undefined;
  /** Most messages that are removed from a mailbox in one run; with more, none is. @default {100} */
  readonly maxDelete?: number | undefined;
  /** Whether the server keeps a flag. @default {all are kept} */
  keeps?(flag: string): boolean;
}

/** A change of flags of some messages. */
export interface FlagChanges {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly links: SyncLink[];
}

/** The work of one run. */
export interface SyncPlan {
  /** Messages that are new on the server. */
  readonly fetch: readonly number[];
  /** Messages that are new here. */
  readonly send: readonly number[];
  /** Messages that are to be removed here, and on the server. */
  readonly removeHere: readonly SyncLink[];
  readonly removeThere: readonly SyncLink[];
  /** Messages that are on neither side any more. */
  readonly gone: readonly number[];
  /** Flags to change here, and on the server. */
  readonly flagsHere: readonly FlagChanges[];
  readonly flagsThere: readonly FlagChanges[];
  /** Removals that are left out, and why. */
  readonly held: readonly string[];
}

/**
 * Plans a run.
 *
 * @param links Messages on both sides after the last run.
 * @param there The messages on the server.
 * @param here The messages here.
 * @param rules How they are made equal.
 * @returns The work.
 */
export function planSync(
  links: Iterable<SyncLink>,
  there: SideMessages,
  here: SideMessages,
  rules: SyncRules,
): SyncPlan {
  const { both = false, maxDelete, keeps = () => true } = rules;
  const [fetched, sent] = [new Set(there.keys()), new Set(here.keys())];
  const removeHere: SyncLink[] = [];
  const removeThere: SyncLink[] = [];
  const gone: number[] = [];
  const flagsHere = new FlagPlan();
  const flagsThere = new FlagPlan();
  let count = 0;
  for (const link of links) {
    count++;
    fetched.delete(link.remote);
    sent.delete(link.local);
    const [remote, local] = [there.get(link.remote), here.get(link.local)];
    if (remote === undefined && local === undefined) gone.push(link.remote);
    else if (remote === undefined) removeHere.push(link);
    else if (local === undefined) removeThere.push(link);
    else {
      const merged = mergeFlags(link.flags, remote, local, both);
      flagsHere.add(link, local, merged);
      // Flags that the server does not keep are not changed there.
      const kept = new Set([...merged].filter(keeps)).union(
        new Set([...remote].filter((flag) => !keeps(flag))),
      );
      if (both) flagsThere.add(link, remote, kept);
    }
  }
  const held: string[] = [];
  /** Leaves removals out that may be a mistake. */
  const admitted = (removals: SyncLink[], side: string, isEmpty: boolean): SyncLink[] => {
    if (!rules.delete || removals.length === 0) return [];
    if (isEmpty && maxDelete === undefined) {
      held.push(
        `no messages are left ${side}: none of ${count} is removed; ` +
          `--max-delete ${count} removes them`,
      );
      return [];
    }
    const most = maxDelete ?? 100;
    if (removals.length <= most) return removals;
    held.push(
      `${removals.length} messages are gone ${side}, more than ${most}: none is removed; ` +
        `--max-delete ${removals.length} removes them`,
    );
    return [];
  };
  return {
    fetch: [...fetched],
    send: both ? [...sent] : [],
    removeHere: admitted(removeHere, "on the server", there.size === 0),
    removeThere: both ? admitted(removeThere, "here", here.size === 0) : [],
    gone,
    flagsHere: flagsHere.changes(),
    flagsThere: flagsThere.changes(),
    held,
  };
}

/** The flags of a message that both sides have changed since: the server's changes count first, then those here. */
function mergeFlags(
  before: ReadonlySet<string>,
  remote: ReadonlySet<string>,
  local: ReadonlySet<string>,
  both: boolean,
): ReadonlySet<string> {
  const merged = new Set<string>();
  for (const flag of before.union(remote).union(local)) {
    const isChangedThere = before.has(flag) !== remote.has(flag);
    const source = isChangedThere
      ? remote
      : both || local.has(flag) !== before.has(flag)
      ? local
      : before;
    if (source.has(flag)) merged.add(flag);
  }
  return merged;
}

/** Groups messages whose flags change in the same way. */
class FlagPlan {
  readonly #groups = new Map<string, FlagChanges>();

  add(link: SyncLink, before: ReadonlySet<string>, after: ReadonlySet<string>): void {
    const add = [...after.difference(before)].sort();
    const remove = [...before.difference(after)].sort();
    if (add.length === 0 && remove.length === 0) return;
    const key = `${add.join(" ")}|${remove.join(" ")}`;
    const group = this.#groups.get(key) ?? { add, remove, links: [] };
    group.links.push(link);
    this.#groups.set(key, group);
  }

  changes(): readonly FlagChanges[] {
    return [...this.#groups.values()];
  }
}
