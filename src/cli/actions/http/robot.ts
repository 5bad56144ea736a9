/**
 * `netwright http robot`, inside the sandbox.
 *
 * @module
 */

import { NetwrightError } from "../../../net/mod.ts";
import { collectFindings } from "../../../programs/robot/internal.ts";
import { type CrawlStore, isThere } from "../../../stores/internal.ts";
import type { Action, Context } from "../../command/context.ts";
import { openAgent } from "../../http/agent.ts";
import type { HttpPlan } from "../../http/options.ts";
import { type Baseline, readBaseline } from "../../robot/baseline.ts";
import { openRobot } from "../../robot/open_robot.ts";
import type { RobotPlan } from "../../robot/plans.ts";
import { Reports } from "../../robot/reports.ts";
import { showFindings, urlDisplay } from "../../robot/show_findings.ts";
import { openState } from "../../robot/state.ts";
import { judge, type Verdict } from "../../robot/verdict.ts";
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
    const all = collectFindings(store, { slowMs: plan.slowMs });
    const verdict = judge(all, plan, baseline, state.earlier);
    await showFindings(verdict, plan, context);
    await reports.write(plan, verdict, store, ms);
    if (stopped === undefined) {
      // If a report could not be written, the next run has only that to do.
      store.setMeta(
        "findings",
        JSON.stringify(all.map(({ problem, url }) => ({ problem, url }))),
      );
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
  if (plan.rewritesBaseline && !await isThere(plan.baseline)) return new Map();
  return await readBaseline(plan.baseline, plan);
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

/** Prints the summary; returns whether URLs were left out. */
async function summarise(
  plan: RobotPlan,
  { failures, others, known, gone }: Verdict,
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
  const display = urlDisplay(plan);
  for (const { problem, url } of gone) {
    await context.stderr.line(`no longer found: ${problem} ${display(url)}`);
  }
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
