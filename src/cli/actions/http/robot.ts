/**
 * `netwright http robot`, inside the sandbox.
 *
 * @module
 */

import { NetwrightError } from "../../../net/mod.ts";
import {
  collectFindings,
  type Finding,
  formatSiteReport,
} from "../../../programs/robot/internal.ts";
import {
  type CrawlStore,
  isThere,
  openPartialFile,
  type PartialFile,
} from "../../../stores/internal.ts";
import type { Action, Context } from "../../command/context.ts";
import { openAgent } from "../../http/agent.ts";
import type { HttpPlan } from "../../http/options.ts";
import { type Baseline, findingKey, formatBaseline, readBaseline } from "../../robot/baseline.ts";
import { formatJunit } from "../../robot/junit.ts";
import { openRobot } from "../../robot/open_robot.ts";
import type { FolderStart, RobotPlan } from "../../robot/plans.ts";
import { showFindings, urlDisplay } from "../../robot/show_findings.ts";
import { openState } from "../../robot/state.ts";
import { EXIT } from "../../terminal/failure.ts";
import { Progress } from "../../terminal/progress.ts";
import { VERSION } from "../../version.ts";

/** The command, in the sandbox. */
export const action: Action<RobotPlan> = {
  async run(plan, context) {
    const baseline = await baselineOf(plan);
    // What cannot be written is said before the crawl, not after it.
    await using reports = await Reports.open(plan);
    const state = await openState(plan).catch((error) => {
      throw stateError(error, plan.state);
    });
    using store = state.store;
    if (state.isResumed && !context.quiet) {
      const { done, urls } = store.counts();
      await context.stderr.line(`resumed: ${done} of ${urls} known URLs are done`);
    }
    const began = performance.now();
    const http = {
      ...plan.http,
      userAgent: plan.http.userAgent ?? `netwright/${VERSION} (robot)`,
      // Those of the user go to the servers that he named only.
      fields: plan.from === undefined ? [] : [["From", plan.from] as const],
    };
    let stopped: unknown;
    try {
      await crawl(plan, http, store, context);
    } catch (error) {
      if (!context.signal.aborted) throw stateError(error, plan.state);
      stopped = error;
    }
    const ms = Math.round(performance.now() - began);
    const display = urlDisplay(plan);
    // The report needs the URLs themselves; everything else shows paths of local files.
    const originals = new Map<Finding, Finding>();
    for (const finding of collectFindings(store, { slowMs: plan.slowMs })) {
      const pages = finding.pages.map((page) => ({ ...page, url: display(page.url) }));
      originals.set({ ...finding, url: display(finding.url), pages }, finding);
    }
    const all = [...originals.keys()];
    const verdict = judge(all, plan, baseline, state.earlier);
    await showFindings(verdict, plan, context);
    await reports.write(plan, verdict, originals, store, ms);
    if (stopped === undefined) {
      // If a report could not be written, the next run has only that to do.
      store.setMeta("findings", JSON.stringify(all.map(findingKey)));
      store.setMeta("finished", "yes");
      store.commit();
    }
    const isFull = await summarise(plan, verdict, store, ms, context);
    if (stopped !== undefined) throw stopped;
    return verdict.failures.length > 0 || (isFull && plan.strict) ? EXIT.partly : EXIT.done;
  },
};

async function baselineOf(plan: RobotPlan): Promise<Baseline | undefined> {
  if (plan.baseline === undefined) return undefined;
  // The first run of a command that is always the same.
  if (plan.baseline === plan.writeBaseline && !await isThere(plan.baseline)) return new Map();
  return await readBaseline(plan.baseline);
}

async function crawl(
  plan: RobotPlan,
  http: HttpPlan,
  store: CrawlStore,
  context: Context,
): Promise<void> {
  await using open = await openAgent(http, plan.targets, context, {
    compression: true,
    inspect: true,
    keepsCookies: true,
  });
  using progress = new Progress(context, { label: "http robot", unit: "URLs", hasResults: false });
  const display = urlDisplay(plan);
  let isUnseen = false;
  const robot = await openRobot(plan, open.agent, store, context, (result) => {
    progress.add(1, { name: display(result.url), done: 1 });
    isUnseen ||= result.url.startsWith("https:") && result.status !== undefined &&
      result.certificateUntil === undefined;
  });
  await robot.run();
  progress.hide();
  if (isUnseen && !context.quiet) {
    await context.stderr.line("this runtime does not show when certificates end: not checked");
  }
}

/** Failures of the database name its file. */
function stateError(error: unknown, path: string | undefined): unknown {
  if (!(error instanceof Error) || !("code" in error) || path === undefined) return error;
  if (!String(error.code).startsWith("ERR_SQLITE")) return error;
  const text = /malformed|not a database/.test(error.message)
    ? "the state file is damaged: remove it to begin anew"
    : error.message;
  return new NetwrightError(text, { operation: "write the state", peer: path, cause: error });
}

/** Findings, by their effect on the exit status. */
export interface Verdict {
  /** Those that count. */
  readonly failures: readonly Finding[];
  /** Those that do not, and are reported. */
  readonly others: readonly Finding[];
  /** Those of the baseline. */
  readonly known: readonly Finding[];
  /** Entries of the baseline, or of the last run, that are no longer found. */
  readonly mended: readonly string[];
}

function judge(
  all: readonly Finding[],
  plan: RobotPlan,
  baseline: Baseline | undefined,
  earlier: ReadonlySet<string> | undefined,
): Verdict {
  const keys = new Set(all.map(findingKey));
  const known = all.filter((finding) => baseline?.has(findingKey(finding)) === true);
  const isOld = (finding: Finding): boolean =>
    plan.onlyChanged && earlier?.has(findingKey(finding)) === true;
  const reported = all.filter((finding) => !known.includes(finding) && !isOld(finding));
  const counts = ({ severity }: Finding): boolean =>
    severity === "error" || (plan.strict && severity !== "note");
  return {
    failures: reported.filter(counts),
    others: reported.filter((finding) => !counts(finding)),
    known,
    mended: [
      ...[...baseline?.keys() ?? []].filter((key) => !keys.has(key)),
      ...plan.onlyChanged ? [...earlier ?? []].filter((key) => !keys.has(key)) : [],
    ],
  };
}

/** The requested report files, each renamed into place when complete. */
class Reports implements AsyncDisposable {
  readonly #files: ReadonlyMap<string, PartialFile>;

  private constructor(files: ReadonlyMap<string, PartialFile>) {
    this.#files = files;
  }

  /** Begins the files. */
  static async open(plan: RobotPlan): Promise<Reports> {
    const files = new Map<string, PartialFile>();
    const reports = new Reports(files);
    try {
      for (const name of ["html", "junit", "writeBaseline"] as const) {
        const path = plan[name];
        if (path !== undefined) files.set(name, await openPartialFile(path));
      }
    } catch (error) {
      await reports[Symbol.asyncDispose]();
      throw error;
    }
    return reports;
  }

  /** Writes them. */
  async write(
    plan: RobotPlan,
    { failures, others, known }: Verdict,
    originals: ReadonlyMap<Finding, Finding>,
    store: CrawlStore,
    ms: number,
  ): Promise<void> {
    const title = [...plan.targets.map(({ url }) => url), ...plan.folders.map(startOf)].join(" ");
    if (plan.html !== undefined) {
      const input = { title, program: `netwright ${VERSION}`, date: new Date(), ms, store };
      await this.#complete(
        "html",
        await formatSiteReport({
          ...input,
          failures: failures.map((finding) => originals.get(finding)!),
          others: others.map((finding) => originals.get(finding)!),
          display: urlDisplay(plan),
        }),
      );
    }
    if (plan.junit !== undefined) {
      const { urls } = store.counts();
      await this.#complete("junit", formatJunit({ name: title, urls, ms, failures, others }));
    }
    if (plan.writeBaseline !== undefined) {
      await this.#complete("writeBaseline", formatBaseline([...failures, ...known]));
    }
  }

  /** Keeps nothing of those that are not whole. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#files.values()) await file[Symbol.asyncDispose]();
  }

  async #complete(name: string, text: string): Promise<void> {
    const file = this.#files.get(name)!;
    await file.write(new TextEncoder().encode(text));
    await file.complete();
  }
}

function startOf({ folder, file }: FolderStart): string {
  return file === undefined ? folder : folder === "." ? file : `${folder}/${file}`;
}

/** Prints the summary; returns whether URLs were left out. */
async function summarise(
  plan: RobotPlan,
  { failures, others, known, mended }: Verdict,
  store: CrawlStore,
  ms: number,
  context: Context,
): Promise<boolean> {
  const full = store.meta("full") ?? "";
  if (full !== "") {
    await context.stderr.line(`stopped at ${full} URLs: further ones are left out (--max-urls)`);
  }
  if (context.quiet) return full !== "";
  const [page] = store.urls("anchors IS NOT NULL");
  if (page === undefined) {
    await context.stderr.line("no page was read: see --notes for where the start leads");
  }
  for (const key of mended) await context.stderr.line(`mended: ${key}`);
  const of = (severity: string): number =>
    [...failures, ...others].filter((finding) => finding.severity === severity).length;
  const parts = [
    plural(of("error"), "error"),
    `${of("unclear")} unclear`,
    plural(of("warning"), "warning"),
    plural(of("note"), "note"),
    ...known.length > 0 ? [`${known.length} known`] : [],
  ];
  const hint = !plan.notes && of("note") > 0 && !context.json ? " (--notes shows them)" : "";
  const { urls, done } = store.counts();
  const amount = done < urls ? `${done} of ${plural(urls, "URL")}` : plural(urls, "URL");
  await context.stderr.line(
    `${amount} in ${(ms / 1000).toFixed(1)} s: ${parts.join(", ")}${hint}`,
  );
  if (done < urls && plan.state !== undefined) {
    await context.stderr.line("run the same command to resume");
  }
  return full !== "";
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
