/**
 * `netwright http robot`, inside the sandbox.
 *
 * @module
 */

import {
  collectFindings,
  type Finding,
  formatSiteReport,
} from "../../../programs/robot/internal.ts";
import { type CrawlStore, openPartialFile } from "../../../stores/internal.ts";
import type { Action, Context } from "../../command/context.ts";
import { openAgent } from "../../http/agent.ts";
import { type Baseline, findingKey, formatBaseline, readBaseline } from "../../robot/baseline.ts";
import { formatJunit } from "../../robot/junit.ts";
import { openRobot } from "../../robot/open_robot.ts";
import type { FolderStart, RobotPlan } from "../../robot/plans.ts";
import { displayUrl, showFindings } from "../../robot/show_findings.ts";
import { openState } from "../../robot/state.ts";
import { EXIT } from "../../terminal/failure.ts";
import { Progress } from "../../terminal/progress.ts";
import { VERSION } from "../../version.ts";

/** The command, in the sandbox. */
export const action: Action<RobotPlan> = {
  async run(plan, context) {
    const baseline = plan.baseline === undefined ? undefined : await readBaseline(plan.baseline);
    const state = await openState(plan);
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
    {
      await using open = await openAgent(http, plan.targets, context, {
        compression: true,
        inspect: true,
      });
      using progress = new Progress(context, {
        label: "http robot",
        unit: "URLs",
        hasResults: false,
      });
      const robot = await openRobot(plan, open.agent, store, context, ({ url }) => {
        progress.add(1, { name: url, done: 1 });
      });
      await robot.run();
    }
    const ms = Math.round(performance.now() - began);
    const all = collectFindings(store, { slowMs: plan.slowMs });
    const verdict = judge(all, plan, baseline, state.earlier);
    await showFindings(verdict, plan, context);
    await writeReports(plan, verdict, store, ms);
    // If a report could not be written, the next run has only that to do.
    store.setMeta("findings", JSON.stringify(all.map(findingKey)));
    store.setMeta("finished", "yes");
    store.commit();
    const full = store.meta("full") ?? "";
    if (full !== "") {
      await context.stderr.line(`stopped at ${full} URLs: further ones are left out (--max-urls)`);
    }
    if (!context.quiet) await summarise(plan, verdict, store.counts().urls, ms, context);
    return verdict.failures.length > 0 ? EXIT.partly : EXIT.done;
  },
};

/** Findings, by what they mean for the exit status. */
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

async function writeReports(
  plan: RobotPlan,
  { failures, others }: Verdict,
  store: CrawlStore,
  ms: number,
): Promise<void> {
  const title = [...plan.targets.map(({ url }) => url), ...plan.folders.map(startOf)].join(" ");
  const display = (url: string): string => displayUrl(url, plan);
  if (plan.html !== undefined) {
    const program = `netwright ${VERSION}`;
    const date = new Date();
    await writeReport(
      plan.html,
      await formatSiteReport({ title, program, date, ms, store, failures, others, display }),
    );
  }
  if (plan.junit !== undefined) {
    const show = (finding: Finding): Finding => ({
      ...finding,
      url: display(finding.url),
      pages: finding.pages.map((page) => ({ ...page, url: display(page.url) })),
    });
    const { urls } = store.counts();
    const input = { name: title, urls, ms, failures: failures.map(show), others: others.map(show) };
    await writeReport(plan.junit, formatJunit(input));
  }
  if (plan.writeBaseline !== undefined) {
    await writeReport(plan.writeBaseline, formatBaseline(failures));
  }
}

function startOf({ folder, file }: FolderStart): string {
  return file === undefined ? folder : folder === "." ? file : `${folder}/${file}`;
}

async function writeReport(path: string, text: string): Promise<void> {
  await using file = await openPartialFile(path);
  await file.write(new TextEncoder().encode(text));
  await file.complete();
}

async function summarise(
  plan: RobotPlan,
  { failures, others, known, mended }: Verdict,
  urls: number,
  ms: number,
  context: Context,
): Promise<void> {
  for (const key of mended) await context.stderr.line(`mended: ${key}`);
  const of = (severity: string): number =>
    [...failures, ...others].filter((finding) => finding.severity === severity).length;
  const parts = [
    `${of("error")} errors`,
    `${of("unclear")} unclear`,
    `${of("warning")} warnings`,
    `${of("note")} notes`,
    ...known.length > 0 ? [`${known.length} known`] : [],
  ];
  const hint = !plan.notes && of("note") > 0 && !context.json ? " (--notes shows them)" : "";
  await context.stderr.line(
    `${urls} URLs in ${(ms / 1000).toFixed(1)} s: ${parts.join(", ")}${hint}`,
  );
}
