/**
 * Determines the actions, folder by folder.
 *
 * @module
 */

import { InjectionError, LimitError, NetwrightError, UnsupportedError } from "../../net/mod.ts";
import { isVersionedPartial, isWithinRoot, versionTag } from "../../stores/internal.ts";
import { compare } from "./compare.ts";
import type { Lane, LaneTask } from "./lanes.ts";
import { Draft, emptyPlan, type Plan, type PlannedRemoval } from "./plan.ts";
import { isWithin, replacedName } from "./replacements.ts";
import type { MirrorEntry, MirrorPath, MirrorSide } from "./side.ts";

/** Folders within folders, at most: a server can invent them without end. */
const MOST_DEPTH = 100;

/** What belongs to the mirror. */
export interface Selection {
  /** Patterns of entries that are left alone on both sides, with their content. */
  readonly excluded?: ((path: string, kind: MirrorEntry["kind"]) => boolean) | undefined;
  /** Which files of the source are transferred. */
  readonly requested?: ((file: MirrorEntry) => boolean) | undefined;
}

/** How a plan is made. */
export interface PlanOptions extends Selection {
  /** Whether entries that the source does not have are removed. @default {false} */
  readonly delete?: boolean | undefined;
  /** Whether files of the same size are compared by checksum, not time. @default {false} */
  readonly checksum?: boolean | undefined;
  /** Most entries of both trees. @default {1_000_000} */
  readonly maxEntries?: number | undefined;
}

/** Makes a plan, folder by folder. */
export class Planner {
  /** The findings so far. */
  readonly plan: Plan = emptyPlan();
  readonly #target: MirrorSide;
  readonly #options: PlanOptions;
  #entries = 0;
  /** Folders in the way that stay, because something in them is excluded. */
  readonly #kept: MirrorPath[] = [];

  constructor(target: MirrorSide, options: PlanOptions) {
    this.#target = target;
    this.#options = options;
  }

  /** Why the root cannot be listed. */
  rootFailure: Error | undefined;

  /**
   * The first piece of work, which adds the others.
   * @param isThere Whether the target has its root.
   * @returns The work.
   */
  root(isThere: boolean): LaneTask {
    const { run } = this.#folder([], isThere);
    return { run, fail: (error) => void (this.rootFailure = error) };
  }

  #folder(path: MirrorPath, isThere: boolean): LaneTask {
    return {
      run: async (lane, add) => {
        const [source, target] = await Promise.all([
          lane.source.list(path),
          isThere ? lane.target.list(path) : { entries: [], refused: [] },
        ]);
        this.#count(source.entries.length + target.entries.length);
        const draft = new Draft(target.entries);
        // An entry that is not understood may be anything: it is reported, and nothing is removed then.
        for (const error of [...source.refused, ...target.refused]) {
          draft.plan.failures.push({ path, error });
        }
        const names = new Set<string>();
        for (const entry of source.entries) {
          names.add(entry.name);
          await this.#entry([...path, entry.name], entry, draft, lane);
        }
        for (const entry of target.entries) {
          if (!names.has(entry.name)) this.#extra([...path, entry.name], entry.kind, names, draft);
        }
        this.#take(draft, add);
      },
      fail: (error) => void this.plan.failures.push({ path, error }),
    };
  }

  #take({ plan, tasks }: Draft, add: (task: LaneTask) => void): void {
    for (const [key, found] of Object.entries(plan)) {
      if (key === "unchanged") this.plan.unchanged += plan.unchanged;
      else for (const item of found) this.plan[key as "files"].push(item);
    }
    tasks.forEach(add);
  }

  #count(more: number): void {
    const { maxEntries = 1_000_000 } = this.#options;
    this.#entries += more;
    if (this.#entries <= maxEntries) return;
    throw new LimitError(`there are more than ${maxEntries} entries`, {
      operation: "mirror",
      limit: maxEntries,
    });
  }

  #isExcluded(path: MirrorPath, kind: MirrorEntry["kind"]): boolean {
    return this.#options.excluded?.(path.join("/"), kind) ?? false;
  }

  async #entry(path: MirrorPath, source: MirrorEntry, draft: Draft, lane: Lane): Promise<void> {
    const { name, kind } = source;
    if (this.#isExcluded(path, kind)) return;
    if (isVersionedPartial(name)) return draft.skip(path, "it is a part of an unfinished transfer");
    try {
      this.#target.check(name);
    } catch (error) {
      if (!(error instanceof InjectionError)) throw error;
      return void draft.plan.failures.push({ path, error });
    }
    if (!draft.isFirst(this.#target.fold(name))) {
      return draft.fail(path, "another entry of the folder has the same name here");
    }
    if (kind === "other") return draft.skip(path, "it is neither file, folder nor link");
    let target = draft.there.get(name);
    if (target !== undefined && (kind === "folder") !== (target.kind === "folder")) {
      if (this.#options.delete !== true) {
        const what = target.kind === "other" ? "something else" : `a ${target.kind}`;
        return draft.fail(path, `${what} is in the place of a ${kind}; --delete would remove it`);
      }
      this.#remove(path, target.kind, "inTheWay", draft);
      target = undefined;
    }
    if (kind === "link") this.#link(path, source.target, target, draft);
    else if (kind === "file") await this.#file(path, source, target, draft, lane);
    else if (path.length > MOST_DEPTH) {
      draft.fail(path, `folders are more than ${MOST_DEPTH} deep`);
    } else {
      draft.plan.folders.push({ path, source, target });
      draft.tasks.push(this.#folder(path, target !== undefined));
    }
  }

  #link(
    path: MirrorPath,
    leadsTo: string | undefined,
    target: MirrorEntry | undefined,
    draft: Draft,
  ): void {
    if (leadsTo === undefined) draft.skip(path, "the target of the link is unknown");
    else if (!isWithinRoot(path, leadsTo)) draft.skip(path, "the link leads outside");
    else if (target?.kind === "link" && target.target === leadsTo) draft.plan.unchanged++;
    else draft.plan.links.push({ path, target: leadsTo });
  }

  async #file(
    path: MirrorPath,
    source: MirrorEntry,
    target: MirrorEntry | undefined,
    { plan, there, parts }: Draft,
    lane: Lane,
  ): Promise<void> {
    if (this.#options.requested?.(source) === false) return;
    const reason = await this.#difference(path, source, target, lane);
    const { name, size, mode } = source;
    if (reason !== undefined) {
      const version = versionTag(`${size} ${source.modified?.getTime()}`);
      const partName = this.#target.partialName(name, version) ?? "";
      const part = there.get(partName);
      const isPart = part?.kind === "file" && (part.size ?? 0) <= (size ?? 0);
      if (isPart) parts.add(partName);
      const offset = isPart ? part.size ?? 0 : 0;
      plan.files.push({ path, source, version, offset, isNew: target === undefined, reason });
      return;
    }
    plan.unchanged++;
    if (
      mode !== undefined && target?.mode !== undefined && this.#target.keepsModes &&
      ((mode ^ target.mode) & 0o777) !== 0
    ) plan.settles.push({ path, facts: { mode } });
  }

  async #difference(
    path: MirrorPath,
    source: MirrorEntry,
    target: MirrorEntry | undefined,
    lane: Lane,
  ): Promise<string | undefined> {
    if (target === undefined) return "new";
    if (target.kind !== "file") return "another kind";
    let [here, there] = [source, target];
    let found = compare(here, there, this.#target.keepsTimes);
    if (found === "size") return "another size";
    if (this.#options.checksum === true) {
      const sums = await Promise.all([lane.source.checksum(path), lane.target.checksum(path)]);
      if (sums.includes(undefined)) {
        throw new UnsupportedError("the server computes no SHA-256", { operation: "mirror" });
      }
      return sums[0] === sums[1] ? undefined : "another checksum";
    }
    if (found === "unsure") {
      [here, there] = await Promise.all([
        exact(source, path, lane.source),
        exact(target, path, lane.target),
      ]);
      found = compare(here, there, this.#target.keepsTimes);
      // Without a time, only sizes are compared.
      if (here.modified === undefined || there.modified === undefined) return undefined;
    }
    if (found !== "same" && target.modified !== undefined) {
      // It may be one that cannot be given the source's time.
      const keepsTimes = await lane.target.keepsTimes(path, target.modified);
      found = compare(here, there, keepsTimes);
    }
    return found === "same" ? undefined : "another time";
  }

  /** Entries that the source does not have; parts that an attempt at another version has left are not reported. */
  #extra(
    path: MirrorPath,
    kind: MirrorEntry["kind"],
    names: ReadonlySet<string>,
    draft: Draft,
  ): void {
    const name = path.at(-1)!;
    if (draft.parts.has(name)) return;
    const replaced = replacedName(name);
    if (replaced !== undefined && names.has(replaced)) {
      // Of an earlier run that was ended while it replaced something: ours, whatever is chosen now.
      if (this.#options.delete === true) return this.#remove(path, kind, "extra", draft);
      draft.plan.skipped.push({ path, reason: "kept by a replacement that was not finished" });
      return;
    }
    const whole = name.replace(/^\./, "").replace(/\.[0-9a-z]{14}\.part$/, "");
    if (this.#isExcluded(path, kind)) return;
    if (kind === "file" && isVersionedPartial(name) && names.has(whole)) {
      draft.plan.leftovers.push(path);
    } else this.#remove(path, kind, "extra", draft);
  }

  #remove(
    path: MirrorPath,
    kind: MirrorEntry["kind"],
    list: "extra" | "inTheWay",
    draft: Draft,
  ): void {
    draft.plan[list].push({ path, kind });
    if (kind === "folder" && this.#options.delete === true) {
      draft.tasks.push(this.#emptying(path, list));
    }
  }

  /** Lists the content of a folder that is removed; the folder stays if an entry in it is excluded. */
  #emptying(path: MirrorPath, list: "extra" | "inTheWay"): LaneTask {
    return {
      run: async ({ target }, add) => {
        const { entries, refused } = await target.list(path);
        this.#count(entries.length);
        const draft = new Draft([]);
        for (const error of refused) draft.plan.failures.push({ path, error });
        // A folder with something in it that is not understood stays, with all that it is in.
        if (refused.length > 0) this.#keep([...path, ""], list);
        const isOurs = path.some((part) => replacedName(part) !== undefined);
        for (const { name, kind } of entries) {
          const inner = [...path, name];
          if (!isOurs && this.#isExcluded(inner, kind)) this.#keep(inner, list);
          else this.#remove(inner, kind, list, draft);
        }
        this.#take(draft, add);
      },
      fail: (error) => void this.plan.failures.push({ path, error }),
    };
  }

  #keep(path: MirrorPath, list: "extra" | "inTheWay"): void {
    const kept = path.join("/");
    const removals = this.plan[list];
    const isKept = ({ path }: PlannedRemoval): boolean => kept.startsWith(`${path.join("/")}/`);
    if (list === "inTheWay") this.#kept.push(...removals.filter(isKept).map(({ path }) => path));
    removals.splice(0, removals.length, ...removals.filter((removal) => !isKept(removal)));
  }

  /** Takes out of the plan what cannot be done, because a folder with excluded entries stays in its place. */
  finish(): void {
    const { files, links, folders, inTheWay, failures } = this.plan;
    for (const path of this.#kept) {
      const isBlocked = (item: { readonly path: MirrorPath }): boolean => isWithin(item.path, path);
      if (![...files, ...links].some(({ path: other }) => other.join("/") === path.join("/"))) {
        continue;
      }
      for (const list of [files, links, folders, inTheWay]) drop(list, isBlocked);
      failures.push({
        path,
        error: new NetwrightError("a folder with excluded entries is in the place of it"),
      });
    }
  }
}

function drop<T>(list: T[], isDropped: (item: T) => boolean): void {
  list.splice(0, list.length, ...list.filter((item) => !isDropped(item)));
}

/** Asks for the exact time where the listing gave none. */
async function exact(
  entry: MirrorEntry,
  path: MirrorPath,
  side: Lane["source"],
): Promise<MirrorEntry> {
  if (entry.modified !== undefined && (entry.precision ?? "second") === "second") return entry;
  const { modified, size } = await side.facts(path);
  if (modified === undefined) return entry;
  return { ...entry, modified, size: size ?? entry.size, precision: "second" };
}
