/**
 * Facilities and severities of syslog (RFC 5424 §6.2.1).
 *
 * @module
 */

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

/**
 * Finds a facility.
 *
 * @param text Its name or number.
 * @returns Its number; undefined if there is none.
 */
export function findFacility(text: string): number | undefined {
  return find(text, FACILITIES, FACILITY_ALIASES);
}

/**
 * Finds a severity.
 *
 * @param text Its name or number.
 * @returns Its number; undefined if there is none.
 */
export function findSeverity(text: string): number | undefined {
  return find(text, SEVERITIES, SEVERITY_ALIASES);
}

function find(
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
