/**
 * The report files of a run.
 *
 * @module
 */

import { LimitError, UsageError } from "../../net/mod.ts";
import { type Finding, formatSiteReport } from "../../programs/robot/internal.ts";
import {
  type CrawlStore,
  openPartialFile,
  type PartialFile,
  readTextIfThere,
} from "../../stores/internal.ts";
import { VERSION } from "../version.ts";
import { formatBaseline } from "./baseline.ts";
import { formatJunit } from "./junit.ts";
import type { FolderStart, RobotPlan } from "./plans.ts";
import { findingDisplay, urlDisplay } from "./show_findings.ts";
import type { Verdict } from "./verdict.ts";

/** How our reports begin. */
const BEGINNINGS = [
  /^<!doctype html>\n<html lang="en">\n<head>\n[^]{0,400}<meta name="generator" content="netwright http robot">/,
  /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<!-- netwright http robot -->\n/,
  /^# Known failures of netwright http robot\n/,
];
/** Maximum size of a file that is read to see whether it is such a report, in bytes. */
const MAX_REPORT = 64 * 1024 * 1024;

/** Fields of the plan that name them. */
type ReportName = "html" | "junit" | "writeBaseline";

/** The requested report files, each renamed into place when complete. */
export class Reports implements AsyncDisposable {
  readonly #files: ReadonlyMap<ReportName, PartialFile>;

  private constructor(files: ReadonlyMap<ReportName, PartialFile>) {
    this.#files = files;
  }

  /**
   * Begins the files.
   * @param plan The parsed command line.
   * @returns The reports; nothing is kept of those that are not written.
   * @throws {UsageError} If one would replace a file that is to be checked.
   */
  static async open(plan: RobotPlan): Promise<Reports> {
    for (const { file } of plan.reportsInFolders) await refuseOthers(file);
    const files = new Map<ReportName, PartialFile>();
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

  /**
   * Writes them.
   * @param plan The parsed command line.
   * @param verdict The findings.
   * @param store The state.
   * @param ms How long the crawl took, in milliseconds.
   */
  async write(plan: RobotPlan, verdict: Verdict, store: CrawlStore, ms: number): Promise<void> {
    const { failures, others, known } = verdict;
    const title = [...plan.targets.map(({ url }) => url), ...plan.folders.map(startOf)].join(" ");
    if (plan.html !== undefined) {
      const text = await formatSiteReport({
        title,
        program: `netwright ${VERSION}`,
        date: new Date(),
        ms,
        store,
        failures,
        others,
        display: urlDisplay(plan),
      });
      await this.#complete("html", text);
    }
    if (plan.junit !== undefined) {
      const { urls } = store.counts();
      const shown = (list: readonly Finding[]): Finding[] => list.map(findingDisplay(plan));
      const input = { name: title, urls, ms, failures: shown(failures), others: shown(others) };
      await this.#complete("junit", formatJunit(input));
    }
    if (plan.writeBaseline !== undefined) {
      const text = formatBaseline([...failures, ...known], plan.writeBaseline, plan.working);
      await this.#complete("writeBaseline", text);
    }
  }

  /** Keeps nothing of those that are not whole. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#files.values()) await file[Symbol.asyncDispose]();
  }

  async #complete(name: ReportName, text: string): Promise<void> {
    const file = this.#files.get(name)!;
    await file.write(new TextEncoder().encode(text));
    await file.complete();
  }
}

/** Refuses to replace a file of a folder that is checked, unless it is an earlier report. */
async function refuseOthers(file: string): Promise<void> {
  let text: string | undefined;
  try {
    text = await readTextIfThere(file, MAX_REPORT);
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    text = "";
  }
  if (text === undefined || BEGINNINGS.some((one) => one.test(text))) return;
  throw new UsageError(`${file}: no report replaces a file of the folder that is checked`);
}

function startOf({ folder, file }: FolderStart): string {
  return file === undefined ? folder : folder === "." ? file : `${folder}/${file}`;
}
