/**
 * The events of a mirror, and its final report.
 *
 * @module
 */

import type { MirrorPath } from "./side.ts";

/** The action on an entry, or the reason why there is none. */
export type MirrorAction =
  | "transfer"
  | "make folder"
  | "make link"
  | "settle"
  | "remove"
  | "skip"
  | "fail";

/** Something that will be done, or was. */
export interface MirrorEvent {
  /** Whether it is planned, or done. */
  readonly stage: "plan" | "done";
  /** The action; "settle" sets time and permissions. */
  readonly action: MirrorAction;
  /** The entry, with slashes between the parts. */
  readonly path: string;
  /** Bytes of a file. */
  readonly bytes?: number | undefined;
  /** Bytes of it that an earlier attempt had left. */
  readonly resumed?: number | undefined;
  /** Why, in words. */
  readonly reason?: string | undefined;
}

/** How much of a file is there. */
export interface MirrorPart {
  /** The file. */
  readonly path: MirrorPath;
  /** Bytes that are there. */
  readonly done: number;
  /** Bytes that it has; unknown if absent. */
  readonly total: number | undefined;
}

/** How a mirror went. */
export interface MirrorSummary {
  /** Files that were transferred. */
  transferred: number;
  /** Bytes that were transferred. */
  bytes: number;
  /** Files and links that were the same. */
  unchanged: number;
  /** Folders that were made. */
  folders: number;
  /** Links that were made. */
  links: number;
  /** Files and folders whose time or permissions alone were set. */
  settled: number;
  /** Entries of the target that were removed. */
  removed: number;
  /** Entries of the target that are not in the source and were left. */
  extra: number;
  /** Entries that are not mirrored: devices, links that lead outside. */
  skipped: number;
  /** What failed. */
  failed: number;
}
