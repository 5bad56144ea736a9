/**
 * Mirrors for commands: direction, rate, and reports.
 *
 * @module
 */

import type { MirrorPlan } from "./mirror_plan.ts";
import type { FtpWorkplace } from "./action.ts";
import { CapabilityError, RateLimit } from "../../net/mod.ts";
import {
  DiskSide,
  FtpSide,
  mirror,
  type MirrorEvent,
  type MirrorPart,
  type MirrorSummary,
} from "../../programs/mirror/mod.ts";
import type { Context } from "../command/context.ts";
import { EXIT } from "../terminal/failure.ts";
import { fileChoice } from "../command/file_choice.ts";
import type { FtpTarget } from "./target.ts";
import { Progress } from "../terminal/progress.ts";

/**
 * Mirrors a folder of a server, or to it, by the options of `ftp mirror`.
 *
 * @param target The server and its folder.
 * @param folder The local folder.
 * @param direction Where to: down to here, or up to the server.
 * @param plan How.
 * @param context Where the command runs.
 * @param at Makes sessions.
 * @returns The exit status.
 */
export async function runMirror(
  target: FtpTarget,
  folder: string,
  direction: "down" | "up",
  plan: MirrorPlan,
  context: Context,
  at: FtpWorkplace,
): Promise<number> {
  const { rate, parallel, tries, direct, portable, checksum, dryRun } = plan;
  const choice = await fileChoice(plan.choice);
  const remote = new FtpSide(
    target.path,
    () => at.connect(target),
    direct ? "direct" : undefined,
  );
  const local = new DiskSide(folder, {
    portable,
    makeLink: (path, leadsTo) => makeLink(context, { root: folder, path, target: leadsTo }),
  });
  const reporting = new Reporting(direction, dryRun, context);
  const [from, to] = direction === "up" ? [local, remote] : [remote, local];
  let summary: MirrorSummary;
  try {
    summary = await mirror(from, to, {
      excluded: (path, kind) => choice.excluded(path, kind),
      requested: (file) => choice.requested(file),
      delete: plan.delete,
      checksum,
      dryRun,
      parallel,
      tries,
      limit: rate === undefined ? undefined : new RateLimit(rate),
      signal: context.signal,
      onEvent: (event) => reporting.event(event),
      onPlan: (_files, bytes) => reporting.plan(bytes),
      onBytes: (count, file) => reporting.bytes(count, file),
    });
  } finally {
    await reporting.end();
  }
  if (context.json) await context.stdout.json({ summary });
  else if (!context.quiet) await context.stderr.line(describeSummary(summary));
  return summary.failed > 0 ? EXIT.partly : EXIT.done;
}

async function makeLink(
  context: Context,
  order: Parameters<Context["broker"]["makeLink"]>[0],
): Promise<boolean> {
  try {
    await context.broker.makeLink(order);
    return true;
  } catch (error) {
    if (error instanceof CapabilityError) return false;
    throw error;
  }
}

/** Reports events in their order. */
class Reporting {
  readonly #direction: "down" | "up";
  readonly #dryRun: boolean;
  readonly #context: Context;
  #progress: Progress | undefined;
  #last: Promise<void> = Promise.resolve();
  #failed: unknown;

  constructor(direction: "down" | "up", dryRun: boolean, context: Context) {
    this.#direction = direction;
    this.#dryRun = dryRun;
    this.#context = context;
  }

  plan(bytes: number): void {
    if (this.#dryRun) return;
    this.#progress = new Progress(this.#context, {
      label: this.#direction,
      unit: "bytes",
      total: bytes,
      hasResults: this.#context.json,
    });
  }

  bytes(count: number, { path, done, total }: MirrorPart): void {
    this.#progress?.add(count, { name: path.join("/"), done, total });
  }

  event(event: MirrorEvent): void {
    if (event.action === "fail") this.#progress?.drop(event.path);
    this.#last = this.#last.then(() => this.#report(event)).catch((error) => {
      this.#failed ??= error;
    });
  }

  async #report(event: MirrorEvent): Promise<void> {
    const { stdout, stderr } = this.#context;
    if (this.#context.json) return await stdout.json({ ...event });
    const line = describeEvent(event);
    if (this.#dryRun && event.stage === "plan") return await stdout.peerLine(line);
    const { action, stage } = event;
    // Removals are reported beforehand; failures always.
    const matters = action === "fail" ||
      (!this.#context.quiet &&
        (action === "skip" || (action === "remove" && stage === "plan")));
    if (!matters && !(this.#context.verbose && stage === "done")) return;
    this.#progress?.hide();
    await stderr.peerLine(line);
  }

  async end(): Promise<void> {
    this.#progress?.[Symbol.dispose]();
    await this.#last;
    if (this.#failed !== undefined) throw this.#failed;
  }
}

function describeEvent({ action, path, reason, bytes, resumed = 0 }: MirrorEvent): string {
  const size = bytes === undefined
    ? ""
    : ` (${bytes} bytes${resumed > 0 ? `, ${resumed} are there` : ""})`;
  return `${action}: ${path === "" ? "." : path}${size}${
    reason === undefined ? "" : `: ${reason}`
  }`;
}

function describeSummary(summary: MirrorSummary): string {
  const { transferred, bytes, unchanged, removed, extra, skipped, failed } = summary;
  const parts = [`${transferred} files transferred (${bytes} bytes)`, `${unchanged} unchanged`];
  if (removed > 0) parts.push(`${removed} removed`);
  if (extra > 0) parts.push(`${extra} more in the target`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  if (failed > 0) parts.push(`${failed} failed`);
  return parts.join(", ");
}
