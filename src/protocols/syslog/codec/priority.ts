/**
 * Facilities and severities (RFC 5424 §6.2.1).
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";

/** Names of facilities, by number. */
export const FACILITIES = [
  ...["kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron"],
  ...["authpriv", "ftp", "ntp", "audit", "alert", "clock"],
  ...["local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"],
] as const;

/** The name of a facility. */
export type Facility = (typeof FACILITIES)[number];

/** Names of severities, by number: the most severe first. */
export const SEVERITIES = [
  ...["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"],
] as const;

/** The name of a severity. */
export type Severity = (typeof SEVERITIES)[number];

/** Further names in use. */
const FACILITY_ALIASES: Readonly<Record<string, number>> = {
  security: 4,
  console: 14,
  "solaris-cron": 15,
};
const SEVERITY_ALIASES: Readonly<Record<string, number>> = {
  panic: 0,
  emergency: 0,
  critical: 2,
  error: 3,
  warn: 4,
  informational: 6,
};

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
  const facility = at < 0 ? 1 : numberOf(text.slice(0, at), FACILITIES, FACILITY_ALIASES);
  const severity = numberOf(text.slice(at + 1), SEVERITIES, SEVERITY_ALIASES);
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

function numberOf(
  text: string,
  names: readonly string[],
  aliases: Readonly<Record<string, number>>,
): number | undefined {
  const name = text.toLowerCase();
  if (Object.hasOwn(aliases, name)) return aliases[name];
  const index = names.indexOf(name);
  if (index >= 0) return index;
  return /^\d{1,2}$/.test(name) && Number(name) < names.length ? Number(name) : undefined;
}
