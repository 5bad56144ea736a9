/**
 * Priorities (RFC 5424 §6.2.1).
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import { FACILITIES, findFacility, findSeverity, SEVERITIES } from "../../../reference/internal.ts";

/** Facility and severity of a message. */
export interface Priority {
  /** Number of the facility, 0 to 23. */
  readonly facility: number;
  /** Number of the severity, 0 to 7. */
  readonly severity: number;
}

/**
 * Parses a priority as people write it.
 *
 * @param text Such as `local0.info`, `mail.3` or `info`; of one without a facility it is `user`.
 * @returns The numbers.
 * @throws {UsageError} If there is no such facility or severity.
 *
 * @example Two forms
 * ```ts
 * import { parsePriority } from "@netwright/netwright/syslog";
 * const { facility, severity } = parsePriority("local0.warn");
 * if (facility !== 16 || severity !== 4) throw new Error(`${facility}.${severity}`);
 * ```
 */
export function parsePriority(text: string): Priority {
  const at = text.lastIndexOf(".");
  const facility = at < 0 ? 1 : findFacility(text.slice(0, at));
  const severity = findSeverity(text.slice(at + 1));
  if (facility === undefined || severity === undefined) {
    throw new UsageError(
      `${JSON.stringify(text)} is not a priority: FACILITY.SEVERITY, such as local0.info`,
    );
  }
  return { facility, severity };
}

/** Formats a priority, such as `local0.info`. */
export function formatPriority({ facility, severity }: Priority): string {
  return `${FACILITIES[facility] ?? facility}.${SEVERITIES[severity] ?? severity}`;
}
