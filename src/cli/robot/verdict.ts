/**
 * What findings mean for the exit status.
 *
 * @module
 */

import type { Finding } from "../../programs/robot/internal.ts";
import { type Baseline, findingKey } from "./baseline.ts";
import type { RobotPlan } from "./plans.ts";

/** Findings, by their effect on the exit status. */
export interface Verdict {
  /** Those that count. */
  readonly failures: readonly Finding[];
  /** Those that do not, and are reported. */
  readonly others: readonly Finding[];
  /** Those of the baseline. */
  readonly known: readonly Finding[];
  /** Those of the baseline, or of the last run, that are no longer found. */
  readonly gone: readonly Pick<Finding, "problem" | "url">[];
}

/**
 * Judges the findings of a run.
 *
 * @param all All findings.
 * @param plan The parsed command line.
 * @param baseline Known failures.
 * @param earlier Findings of the last run.
 * @returns The verdict.
 */
export function judge(
  all: readonly Finding[],
  plan: RobotPlan,
  baseline: Baseline | undefined,
  earlier: Baseline | undefined,
): Verdict {
  const keys = new Set(all.map(findingKey));
  const known = all.filter((finding) => baseline?.has(findingKey(finding)) === true);
  const isOld = (finding: Finding): boolean =>
    plan.onlyChanged && earlier?.has(findingKey(finding)) === true;
  const isKnown = new Set(known);
  const reported = all.filter((finding) => !isKnown.has(finding) && !isOld(finding));
  const counts = ({ severity }: Finding): boolean =>
    severity === "error" || (plan.strict && severity !== "note");
  const expected = new Map([...baseline ?? [], ...plan.onlyChanged ? earlier ?? [] : []]);
  return {
    failures: reported.filter(counts),
    others: reported.filter((finding) => !counts(finding)),
    known,
    gone: [...expected].filter(([key]) => !keys.has(key)).map(([, finding]) => finding),
  };
}
