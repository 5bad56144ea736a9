/**
 * Kinds of findings.
 *
 * @module
 */

import { type Outcome, OUTCOME_SEVERITY, type Severity } from "../sources/outcome.ts";

/** A kind of finding. */
export type Problem =
  | Exclude<Outcome, "ok" | "unchanged">
  | "redirect-loop"
  | "missing-fragment"
  | "malformed-url"
  | "local-file"
  | "mixed-content"
  | "certificate-ends"
  | "slow"
  | "unread"
  | "only-in-sitemap";

/** Severity by problem. */
export const SEVERITY: Readonly<Partial<Record<Problem, Severity>>> = {
  ...OUTCOME_SEVERITY,
  "redirect": "note",
  "redirect-loop": "error",
  "missing-fragment": "error",
  "malformed-url": "error",
  "local-file": "error",
  "mixed-content": "warning",
  "unread": "warning",
  "certificate-ends": "warning",
  "slow": "note",
  "only-in-sitemap": "note",
};

/** Reasons of findings that have none of their own. */
export const REASONS: Readonly<Record<string, string>> = {
  "malformed-url": "this is not a URL",
  "local-file": "visitors do not have this file",
  "mixed-content": "a page that came by TLS loads it without: browsers refuse",
};
