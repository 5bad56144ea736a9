/**
 * Options that choose files: by name, age and size.
 *
 * @module
 */

import { parseAge } from "../../net/internal.ts";
import { UsageError } from "../../net/mod.ts";
import type { Arguments } from "./arguments.ts";
import type { OptionSpecs } from "./option_spec.ts";

/** Commands that work on trees of files have these. */
export const FILE_CHOICE_OPTIONS: OptionSpecs = {
  include: { value: "GLOB", many: true, help: "only files like this, such as '*.iso'" },
  exclude: { value: "GLOB", many: true, help: "skip names that match, such as '.git/'" },
  "newer-than": {
    value: "TIME",
    rare: true,
    help: "only files changed since: 2026-11-01, or 7d",
  },
  "max-size": { value: "SIZE", rare: true, help: "only files up to this size, such as 10M" },
};

/** The known facts about a file. */
interface File {
  readonly size?: number | undefined;
  readonly modified?: Date | undefined;
}

/** Which files are meant. */
export interface FileChoice {
  /** Whether something is left alone, by its path from the root of the tree. */
  excluded(path: string, kind: string): boolean;
  /** Whether a file is meant, by age and size. */
  requested(file: File): boolean;
}

/** Which files are meant, as the options say. */
export interface FileChoicePlan {
  /** Only files like one of these, if there are any. */
  readonly include: readonly string[];
  /** Nothing that is like one of these. */
  readonly exclude: readonly string[];
  /** Only files changed since. */
  readonly since: Date | undefined;
  /** Maximum size in bytes. */
  readonly maxSize: number;
}

/**
 * Reads the options.
 *
 * @param args The command line.
 * @param newerThan The age where the command line says none.
 * @returns The choice.
 * @throws {UsageError} If an option makes no sense.
 */
export function planFileChoice(args: Arguments, newerThan?: string): FileChoicePlan {
  const [include, exclude] = [args.values("include"), args.values("exclude")];
  if ([...include, ...exclude].some((glob) => glob === "" || glob.length > 1000)) {
    throw new UsageError("a GLOB has 1 to 1000 characters");
  }
  return {
    include,
    exclude,
    since: sinceWhen(args.value("newer-than") ?? newerThan, "newer-than"),
    maxSize: args.bytes("max-size") ?? Infinity,
  };
}

/**
 * Makes what chooses files.
 *
 * @param plan Which files are meant.
 * @returns It.
 */
export async function fileChoice(
  { include, exclude, since, maxSize }: FileChoicePlan,
): Promise<FileChoice> {
  const includes = await Promise.all(include.map(matcherOf));
  const excludes = await Promise.all(exclude.map(matcherOf));
  return {
    excluded(path, kind) {
      if (excludes.some((matches) => matches(path, kind))) return true;
      // Folders are gone into, for there may be such files.
      return includes.length > 0 && kind !== "folder" &&
        !includes.some((matches) => matches(path, kind));
    },
    requested: ({ size = 0, modified }) =>
      size <= maxSize && (since === undefined || modified === undefined || modified >= since),
  };
}

/** A name is meant at any depth; with a slash in it, a path from the root; with one at its end, folders only. */
async function matcherOf(glob: string): Promise<(path: string, kind: string) => boolean> {
  const { default: picomatch } = await import("picomatch");
  const pattern = glob.replace(/^\//, "").replace(/\/$/, "");
  const matches: (path: string) => boolean = picomatch(pattern, { dot: true, nonegate: true });
  const isPath = glob.replace(/\/$/, "").includes("/");
  const onlyFolders = glob.endsWith("/");
  return (path, kind) => {
    if (onlyFolders && kind !== "folder") return false;
    return matches(isPath ? path : path.slice(path.lastIndexOf("/") + 1));
  };
}

/**
 * Reads an option that is a moment in the past.
 *
 * @param text Its value: a date, or an age.
 * @param option Its name, for errors.
 * @returns The moment; undefined if the option was not given.
 * @throws {UsageError} If the value is neither.
 */
export function sinceWhen(text: string | undefined, option: string): Date | undefined {
  if (text === undefined) return undefined;
  const age = parseAge(text);
  if (age !== undefined) return new Date(Date.now() - age);
  const [, day] = /^(\d{4}-\d\d-\d\d)(?:T|$)/.exec(text) ?? [];
  const time = day !== undefined && isDay(day) ? Date.parse(text) : NaN;
  if (!Number.isNaN(time)) return new Date(time);
  throw new UsageError(`--${option} takes a date such as 2026-11-01, or an age such as 12h or 7d`);
}

/** Whether a month has the day: the runtime takes one that it does not have for one of the next. */
function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
