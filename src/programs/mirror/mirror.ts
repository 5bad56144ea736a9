/**
 * Makes one tree like another.
 *
 * @module
 */

import { NetwrightError } from "../../net/mod.ts";
import { compare } from "./compare.ts";
import type { MirrorAction, MirrorEvent, MirrorSummary } from "./events.ts";
import { type Lane, type LaneOptions, Lanes, type LaneTask } from "./lanes.ts";
import type { Plan, PlannedFolder, PlannedRemoval } from "./plan.ts";
import { Planner, type PlanOptions } from "./planner.ts";
import { isWithin, Replacements } from "./replacements.ts";
import type { MirrorFacts, MirrorPath, MirrorSide } from "./side.ts";
import { FileTransfer, type TransferOptions } from "./transfer.ts";

/** Bits without which nothing can be put into a folder. */
const WRITABLE = 0o300;

/** How a tree is mirrored. */
export interface MirrorOptions extends LaneOptions, PlanOptions, TransferOptions {
  /** Whether only the plan is reported. @default {false} */
  readonly dryRun?: boolean | undefined;
  /** Called with planned removals, with `dryRun` with all planned actions; then with completed actions. */
  readonly onEvent?: ((event: MirrorEvent) => void) | undefined;
  /** Called with the amount to transfer. */
  readonly onPlan?: ((files: number, bytes: number) => void) | undefined;
}

/**
 * Makes the target like the source. Temporary failures are retried; permanent ones are reported, counted and
 * left, and then nothing is removed.
 *
 * @param source Where things come from.
 * @param target Where they go; nothing outside of it is touched.
 * @param options What belongs to it, and how fast.
 * @returns How it went.
 * @throws {UnsupportedError} If things are to be removed, and the source cannot list every name.
 * @throws {NetwrightError} If a side cannot be reached, or has no such folder.
 */
export async function mirror(
  source: MirrorSide,
  target: MirrorSide,
  options: MirrorOptions = {},
): Promise<MirrorSummary> {
  if (options.delete === true) source.requireEveryName?.();
  await using lanes = new Lanes(source, target, options);
  const isThere = await first(lanes, (lane) => lane.target.hasRoot());
  const planner = new Planner(target, options);
  await lanes.run([planner.root(isThere)]);
  if (planner.rootFailure !== undefined) throw planner.rootFailure;
  planner.finish();
  const run = new Run(lanes, target, planner.plan, options);
  run.reportPlan();
  if (options.dryRun !== true) {
    if (!isThere) await first(lanes, (lane) => lane.target.makeRoot());
    await run.all();
  }
  return run.summary;
}

/** Does one thing in some lane. */
async function first<T>(lanes: Lanes, act: (lane: Lane) => Promise<T>): Promise<T> {
  let outcome: { readonly value: T } | { readonly error: Error } | undefined;
  await lanes.run([{
    run: async (lane) => void (outcome = { value: await act(lane) }),
    fail: (error) => void (outcome = { error }),
  }]);
  if (outcome === undefined || "error" in outcome) {
    throw outcome?.error ?? new NetwrightError("it was stopped", { operation: "mirror" });
  }
  return outcome.value;
}

/** Carries out a plan. */
class Run {
  readonly summary: MirrorSummary;
  readonly #lanes: Lanes;
  readonly #target: MirrorSide;
  readonly #plan: Plan;
  readonly #options: MirrorOptions;
  /** Folders in which something was changed. */
  readonly #touched = new Set<string>();
  /** Folders that were read-only. */
  readonly #opened = new Set<string>();
  readonly #replacements: Replacements;
  /** Paths of what failed. */
  readonly #failed: MirrorPath[] = [];
  /** Paths whose place is taken by an entry that stays. */
  readonly #missing: MirrorPath[] = [];

  constructor(lanes: Lanes, target: MirrorSide, plan: Plan, options: MirrorOptions) {
    this.#lanes = lanes;
    this.#target = target;
    this.#plan = plan;
    this.#options = options;
    this.#replacements = new Replacements(plan);
    this.summary = {
      transferred: 0,
      bytes: 0,
      unchanged: plan.unchanged,
      folders: 0,
      links: 0,
      settled: 0,
      removed: 0,
      extra: options.delete === true ? 0 : plan.extra.length,
      skipped: plan.skipped.length,
      failed: plan.failures.length,
    };
  }

  get #removals(): readonly PlannedRemoval[] {
    if (this.#options.delete !== true) return [];
    return [...this.#replacements.all.flatMap(({ old }) => old), ...this.#plan.extra];
  }

  /** Reports entries that cannot be mirrored, planned removals, and with `dryRun` all the rest. */
  reportPlan(): void {
    const plan = this.#plan;
    const options = this.#options;
    const bytes = plan.files.reduce(
      (sum, { source, offset }) => sum + (source.size ?? 0) - offset,
      0,
    );
    options.onPlan?.(plan.files.length, bytes);
    for (const { path, reason } of plan.skipped) this.#report("plan", "skip", path, { reason });
    for (const { path, error } of plan.failures) this.#printError(path, error);
    for (const { path } of this.#removals) this.#report("plan", "remove", path);
    if (options.dryRun !== true) return;
    for (const { path, target } of plan.folders) {
      if (target === undefined) this.#report("plan", "make folder", path);
    }
    for (const { path, source, reason, offset } of plan.files) {
      this.#report("plan", "transfer", path, { reason, bytes: source.size, resumed: offset });
    }
    for (const { path, target } of plan.links) {
      this.#report("plan", "make link", path, { reason: `to ${target}` });
    }
    for (const path of plan.leftovers) {
      this.#report("plan", "remove", path, { reason: "a part of an unfinished transfer" });
    }
    for (const { path } of plan.settles) this.#report("plan", "settle", path);
  }

  #report(
    stage: MirrorEvent["stage"],
    action: MirrorAction,
    path: MirrorPath,
    more: Partial<MirrorEvent> = {},
  ): void {
    this.#options.onEvent?.({ stage, action, path: path.join("/"), ...more });
  }

  #printError(path: MirrorPath, error: Error): void {
    const { onEvent } = this.#options;
    onEvent?.({ stage: "done", action: "fail", path: path.join("/"), reason: error.message });
  }

  /** Executes the plan, in an order in which each step finds its prerequisites. */
  async all(): Promise<void> {
    const plan = this.#plan;
    const isReplacement = ({ path }: { readonly path: MirrorPath }): boolean =>
      this.#replacements.include(path);
    const isOther = (item: { readonly path: MirrorPath }): boolean => !isReplacement(item);
    await this.#makeWritable();
    await this.#transfer(isOther);
    await this.#replace(() => this.#transfer(isReplacement));
    await this.#each(plan.leftovers.map((path) =>
      this.#task(path, "remove", async (lane) => {
        await lane.target.remove(path);
        return undefined;
      })
    ));
    await this.#removeExtra();
    await this.#settle();
  }

  /** Makes the folders, files and links that are chosen. */
  async #transfer(isChosen: (item: { readonly path: MirrorPath }) => boolean): Promise<void> {
    const plan = this.#plan;
    const options = {
      ...this.#options,
      keepsTimes: this.#target.keepsTimes,
      partialName: (name: string, version: string) => this.#target.partialName(name, version),
    };
    const chosen = (item: { readonly path: MirrorPath }): boolean =>
      isChosen(item) && !this.#isMissing(item.path);
    await this.#makeFolders(plan.folders.filter(chosen));
    await this.#each([
      ...plan.files.filter(chosen).map((file) => {
        const transfer = new FileTransfer(file, options);
        return this.#task(file.path, "transfer", async (lane) => {
          const { bytes, resumed } = await transfer.run(lane);
          this.summary.transferred++;
          this.summary.bytes += bytes;
          return { bytes, resumed, reason: file.reason };
        });
      }),
      ...plan.links.filter(chosen).map(({ path, target }) =>
        this.#task(path, "make link", async (lane) => {
          if (await lane.target.makeLink(path, target)) {
            this.summary.links++;
            return { reason: `to ${target}` };
          }
          const reason = "no links can be made there";
          // Nothing takes the place of the old entry, which must stay then.
          if (this.#replacements.include(path)) throw new NetwrightError(reason);
          this.summary.skipped++;
          return { action: "skip", reason };
        })
      ),
    ]);
  }

  /**
   * Replaces entries by entries of another kind. If anything failed before, nothing is replaced; if a replacement
   * fails, the old entry gets its name back, or keeps its new name where the place is taken.
   */
  async #replace(transfer: () => Promise<void>): Promise<void> {
    const { all } = this.#replacements;
    if (all.length === 0) return;
    if (this.summary.failed > 0) {
      for (const { path } of all) {
        this.#missing.push(path);
        this.summary.failed++;
        this.#printError(path, new Error("it was not replaced, because something failed"));
      }
      return;
    }
    const kept = (path: MirrorPath): string => `the old entry is kept as ${path.join("/")}`;
    const move = (from: MirrorPath, to: MirrorPath, path: MirrorPath): LaneTask => {
      const task = this.#task(path, "settle", async ({ target }) => {
        await target.rename(from, to);
        return undefined;
      });
      return {
        ...task,
        fail: (error) => {
          this.#missing.push(path);
          // The old entry keeps its temporary name if it cannot be renamed back.
          task.fail(to === path ? new Error(`${kept(from)}: ${error.message}`) : error);
        },
      };
    };
    await this.#each(all.map(({ path, aside }) => move(path, aside, path)));
    const moved = all.filter(({ path }) => !this.#isMissing(path));
    await transfer();
    const isFolder = new Set(this.#plan.folders.map(({ path }) => path.join("/")));
    for (const { path, aside, removals } of moved) {
      if (!this.#failed.some((failed) => isWithin(failed, path))) await this.#remove(removals);
      else if (!isFolder.has(path.join("/"))) await this.#each([move(aside, path, path)]);
      else this.#printError(path, new Error(kept(aside)));
    }
  }

  /** Whether a path could not be made because the entry in its place stays. */
  #isMissing(path: MirrorPath): boolean {
    return this.#missing.some((missing) => isWithin(path, missing));
  }

  async #each(tasks: readonly LaneTask[]): Promise<void> {
    if (tasks.length > 0) await this.#lanes.run(tasks);
  }

  /** A piece of work whose result is reported, unless it is empty. */
  #task(
    path: MirrorPath,
    action: MirrorAction,
    act: (lane: Lane) => Promise<Partial<MirrorEvent> | undefined>,
  ): LaneTask {
    return {
      run: async (lane) => {
        if (action !== "settle") this.#touched.add(path.slice(0, -1).join("/"));
        const reported = await act(lane);
        if (reported !== undefined) this.#report("done", action, path, reported);
      },
      fail: (error) => {
        this.summary.failed++;
        this.#failed.push(path);
        this.#printError(path, error);
      },
    };
  }

  async #makeFolders(folders: readonly PlannedFolder[]): Promise<void> {
    const missing = folders.filter(({ target }) => target === undefined);
    for (const level of levels(missing)) {
      await this.#each(level.map(({ path }) =>
        this.#task(path, "make folder", async (lane) => {
          await lane.target.makeFolder(path);
          this.summary.folders++;
          return {};
        })
      ));
    }
  }

  /** Lets ourselves into folders that are read-only; they become so again at the end. */
  async #makeWritable(): Promise<void> {
    const { files, links, folders, leftovers } = this.#plan;
    const made = folders.filter(({ target }) => target === undefined);
    const changes = [...files, ...links, ...made, ...this.#removals].map(({ path }) => path);
    const needed = new Set([...changes, ...leftovers].map((path) => path.slice(0, -1).join("/")));
    const closed = folders.filter(({ path, target }) =>
      target?.mode !== undefined && (target.mode & WRITABLE) !== WRITABLE &&
      needed.has(path.join("/"))
    );
    // The outer ones first: the content of a closed folder cannot be reached.
    for (const level of levels(closed)) {
      await this.#each(level.map(({ path, target }) =>
        this.#task(path, "settle", async (lane) => {
          await lane.target.settle(path, { mode: target!.mode! | WRITABLE });
          this.#opened.add(path.join("/"));
          return undefined;
        })
      ));
    }
  }

  async #removeExtra(): Promise<void> {
    if (this.#options.delete !== true || this.#plan.extra.length === 0) return;
    if (this.summary.failed === 0) return await this.#remove(this.#plan.extra);
    this.summary.extra = this.#plan.extra.length;
    this.#printError(
      [],
      new Error("what only the target has was not removed, because something failed"),
    );
  }

  async #remove(removals: readonly PlannedRemoval[]): Promise<void> {
    const task = ({ path, kind }: PlannedRemoval): LaneTask =>
      this.#task(path, "remove", async ({ target }) => {
        await (kind === "folder" ? target.removeFolder(path) : target.remove(path));
        this.summary.removed++;
        return {};
      });
    await this.#each(removals.filter(({ kind }) => kind !== "folder").map(task));
    const folders = removals.filter(({ kind }) => kind === "folder");
    for (const level of levels(folders).reverse()) await this.#each(level.map(task));
  }

  /** Times and permissions; those of folders last, the inner ones first, for whatever is done inside changes them. */
  async #settle(): Promise<void> {
    await this.#each(this.#plan.settles.map(({ path, facts }) => this.#settleOne(path, facts)));
    const made = this.#plan.folders.filter(({ path }) => !this.#isMissing(path));
    for (const level of levels(made).reverse()) {
      await this.#each(level.flatMap((folder) => {
        const facts = this.#missingFacts(folder);
        return facts === undefined ? [] : [this.#settleOne(folder.path, facts)];
      }));
    }
  }

  #settleOne(path: MirrorPath, facts: MirrorFacts): LaneTask {
    return this.#task(path, "settle", async ({ target }) => {
      if (!await target.settle(path, facts)) return undefined;
      this.summary.settled++;
      return {};
    });
  }

  #missingFacts({ path, source, target }: PlannedFolder): MirrorFacts | undefined {
    const { modified, mode } = source;
    const key = path.join("/");
    const hasMode = mode === undefined || !this.#target.keepsModes ||
      target?.mode !== undefined && ((mode ^ target.mode) & 0o777) === 0 && !this.#opened.has(key);
    const isAsOld = target !== undefined && !this.#touched.has(key) &&
      (source.modified === undefined || target.modified === undefined ||
        compare({ ...source, size: 0 }, { ...target, size: 0 }, this.#target.keepsTimes) ===
          "same");
    if (hasMode && (isAsOld || modified === undefined)) return undefined;
    return { mode, modified };
  }
}

/** Sorts by depth, the outermost first. */
function levels<T extends { readonly path: MirrorPath }>(items: readonly T[]): T[][] {
  const sorted: T[][] = [];
  for (const item of items) (sorted[item.path.length] ??= []).push(item);
  return sorted.filter((level) => level !== undefined);
}
