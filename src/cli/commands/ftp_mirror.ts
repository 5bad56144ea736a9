/**
 * `netwright ftp mirror`: a folder made like one of an FTP server, or the other way round (6.2 of the book's list).
 *
 * @module
 */

import { CapabilityError, RateLimit, union } from "../../net/mod.ts";
import {
  DiskSide,
  FtpSide,
  mirror,
  type MirrorEvent,
  type MirrorSummary,
} from "../../programs/mirror/mod.ts";
import type { Arguments } from "../arguments.ts";
import { type Command, NO_BROKER } from "../command.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../failure.ts";
import { FILE_CHOICE_OPTIONS, fileChoice } from "../file_choice.ts";
import { connectFtp, FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../ftp_connecting.ts";
import { Progress } from "../progress.ts";

const MANUAL = `A file grows as .NAME.VERSION.part beside its place until it is whole, then takes
it with the source's time and permissions. A later run goes on with what is
there, and transfers only what changed. Links are kept if they lead to a place
inside; nothing is ever written through one. Where a listing is not exact, the
server is asked for the exact time, and where it keeps no times, a file that is
not older than its source counts as the same.

GLOB is a name at any depth (*.iso), a path from the root if it has a slash
(docs/**/*.pdf), and folders only if it ends with one (.git/). What is excluded
is left alone on both sides.`;

/** The command. */
export const command: Command = {
  name: "ftp mirror",
  summary: "make a folder like one of an FTP server",
  operands: "URL DIR",
  count: { min: 2, max: 2 },
  examples: [
    "ftp mirror ftp://ftp.example.org/pub/ pub",
    "ftp mirror --upload --delete ftp+tls://ann@example.org/www/ site",
  ],
  details: "Size and time tell what changed. What failed is told, and the status is 4.",
  manual: MANUAL,
  options: {
    upload: { help: "the other way: DIR to the server" },
    delete: { help: "remove what the source does not have" },
    "dry-run": { short: "n", help: "show the plan, and do nothing" },
    ...FILE_CHOICE_OPTIONS,
    parallel: { value: "N", short: "P", help: "connections at once (default 4)" },
    "limit-rate": { value: "SIZE", help: "bytes a second over all, such as 2M" },
    checksum: { rare: true, help: "compare files of the same size by SHA-256" },
    portable: { rare: true, help: "refuse names that are not good on all platforms" },
    retries: { value: "N", rare: true, help: "tries after one that failed by chance (default 4)" },
    ...FTP_OPTIONS,
  },
  async capabilities(args, host) {
    const { target, folder } = operandsOf(args);
    const here = args.has("upload") ? { read: [folder] } : { read: [folder], write: [folder] };
    return union(await ftpCapabilities(args, host, [target]), here);
  },
  brokered: (args) =>
    args.has("upload") ? NO_BROKER : { ...NO_BROKER, links: [operandsOf(args).folder] },
  async run(args, context) {
    const { target, folder } = operandsOf(args);
    const choice = await fileChoice(args);
    const rate = args.bytes("limit-rate");
    const parallel = args.integer("parallel", { min: 1, max: 64, fallback: 4 });
    const tries = 1 + args.integer("retries", { min: 0, max: 100, fallback: 4 });
    const remote = new FtpSide(target.path, () => connectFtp(target, args, context));
    const local = new DiskSide(folder, {
      portable: args.has("portable"),
      makeLink: (path, leadsTo) => makeLink(context, { root: folder, path, target: leadsTo }),
    });
    const telling = new Telling(args, context);
    const [from, to] = args.has("upload") ? [local, remote] : [remote, local];
    let summary: MirrorSummary;
    try {
      summary = await mirror(from, to, {
        excluded: (path, kind) => choice.excluded(path, kind),
        wanted: (file) => choice.wanted(file),
        delete: args.has("delete"),
        checksum: args.has("checksum"),
        dryRun: args.has("dry-run"),
        parallel,
        tries,
        limit: rate === undefined ? undefined : new RateLimit(rate),
        signal: context.signal,
        onEvent: (event) => telling.event(event),
        onPlan: (_files, bytes) => telling.plan(bytes),
        onBytes: (count) => telling.bytes(count),
      });
    } finally {
      await telling.end();
    }
    if (args.has("json")) await context.stdout.json({ summary });
    else if (!args.has("quiet")) await context.stderr.line(describeSummary(summary));
    return summary.failed > 0 ? EXIT.partly : EXIT.done;
  },
};

/** What goes where. */
function operandsOf(args: Arguments) {
  const [url = "", folder = ""] = args.operands;
  return { target: parseFtpUrl(url), folder: folder.replace(/(?<=.)\/+$/, "") };
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

/** Tells what happens, in its order. */
class Telling {
  readonly #args: Arguments;
  readonly #context: Context;
  #progress: Progress | undefined;
  #last: Promise<void> = Promise.resolve();
  #failed: unknown;

  constructor(args: Arguments, context: Context) {
    this.#args = args;
    this.#context = context;
  }

  plan(bytes: number): void {
    if (this.#args.has("dry-run")) return;
    this.#progress = new Progress(this.#args, this.#context, {
      label: this.#args.has("upload") ? "up" : "down",
      unit: "bytes",
      total: bytes,
    });
  }

  bytes(count: number): void {
    this.#progress?.add(count);
  }

  event(event: MirrorEvent): void {
    this.#last = this.#last.then(() => this.#tell(event)).catch((error) => {
      this.#failed ??= error;
    });
  }

  async #tell(event: MirrorEvent): Promise<void> {
    const { stdout, stderr } = this.#context;
    if (this.#args.has("json")) return await stdout.json({ ...event });
    const line = describeEvent(event);
    if (this.#args.has("dry-run") && event.stage === "plan") return await stdout.peerLine(line);
    const { action, stage } = event;
    // What is removed is told before; what failed always.
    const matters = action === "fail" ||
      (!this.#args.has("quiet") &&
        (action === "skip" || (action === "remove" && stage === "plan")));
    if (matters || (this.#args.has("verbose") && stage === "done")) await stderr.peerLine(line);
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
