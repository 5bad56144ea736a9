/**
 * How folders are mirrored, as the options say.
 *
 * @module
 */

import type { Arguments } from "../command/arguments.ts";
import { type FileChoicePlan, planFileChoice } from "../command/file_choice.ts";

/** How folders are mirrored. */
export interface MirrorPlan {
  /** Which files are meant. */
  readonly choice: FileChoicePlan;
  /** Bytes a second over all. */
  readonly rate: number | undefined;
  /** Connections at once. */
  readonly parallel: number;
  /** Tries for each file. */
  readonly tries: number;
  /** Whether files are stored in place. */
  readonly direct: boolean;
  /** Whether names must be good on all platforms. */
  readonly portable: boolean;
  /** Whether files that the source does not have are removed. */
  readonly delete: boolean;
  /** Whether files of the same size are compared by their contents. */
  readonly checksum: boolean;
  /** Whether the plan is only shown. */
  readonly dryRun: boolean;
}

/**
 * Reads how folders are mirrored.
 *
 * @param args The command line.
 * @returns How.
 * @throws {UsageError} If an option makes no sense.
 */
export function planMirror(args: Arguments): MirrorPlan {
  return {
    choice: planFileChoice(args),
    rate: args.bytes("limit-rate"),
    parallel: args.integer("parallel", { min: 1, max: 64, fallback: 4 }),
    tries: 1 + args.integer("retries", { min: 0, max: 100, fallback: 4 }),
    direct: args.has("direct"),
    portable: args.has("portable"),
    delete: args.has("delete"),
    checksum: args.has("checksum"),
    dryRun: args.has("dry-run"),
  };
}
