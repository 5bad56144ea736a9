/**
 * A tree of files that a server offers, wherever it is kept.
 *
 * @module
 */

import { type ErrorContext, NetwrightError } from "../../net/mod.ts";

/** A tree's facts about one file. */
export interface TreeEntry {
  /** Its kind. */
  readonly kind: "file" | "folder" | "link" | "other";
  /** Bytes; 0 for all but files. */
  readonly size: number;
  /** When it was changed. */
  readonly modified: Date;
  /** Permission bits. */
  readonly mode: number;
  /** The target of a link. */
  readonly target?: string | undefined;
  /** Identifies the file, whatever its name. */
  readonly unique?: string | undefined;
  /** Whether its true name is not UTF-8: then the system's calls cannot reach it, and nothing else is known of it. */
  readonly isUnreadable?: boolean | undefined;
}

/** Why something cannot be done with a file. */
export type TreeFailure =
  | "not found"
  | "exists"
  | "no folder"
  | "is a folder"
  | "is a link"
  | "no file"
  | "not empty"
  | "denied"
  | "full"
  | "unsupported";

/** Something cannot be done with a file. */
export class TreeError extends NetwrightError {
  /** Why. */
  readonly kind: TreeFailure;

  /**
   * Describes it.
   * @param kind Why.
   * @param context The operation.
   */
  constructor(kind: TreeFailure, context: ErrorContext = {}) {
    super(MESSAGES[kind], context);
    this.kind = kind;
  }
}

const MESSAGES: Readonly<Record<TreeFailure, string>> = {
  "not found": "no such file or folder",
  "exists": "it is there already",
  "no folder": "it is not a folder",
  "is a folder": "it is a folder",
  "is a link": "it is a symbolic link, and links are not followed",
  "no file": "it is not a regular file",
  "not empty": "the folder is not empty",
  "denied": "permission denied",
  "full": "no space is left",
  "unsupported": "this cannot be done here",
};

/** Where a file is written. */
export interface TreeWriteOptions {
  /**
   * Absent: the file is replaced when all bytes have arrived, else stays unchanged. A number: bytes are written there,
   * at once. `end`: they are appended.
   */
  readonly at?: number | "end" | undefined;
  /** Whether an incomplete new file is kept, so that the upload can be resumed. @default {false} */
  readonly keepNew?: boolean | undefined;
}

/**
 * Files and folders by paths of parts, such as `["pub", "readme.txt"]`; none is the root. A part never holds a
 * slash, and is never `.` or `..`. What cannot be done is a {@link TreeError}.
 */
export interface FileTree {
  /** Looks up a name; undefined if nothing is there. A link is reported, not followed. */
  stat(path: readonly string[]): Promise<TreeEntry | undefined>;
  /** Lists a folder, in the order of names. */
  list(path: readonly string[]): Promise<(readonly [name: string, entry: TreeEntry])[]>;
  /** Reads a file from an offset on, in pieces that the caller owns. */
  read(path: readonly string[], offset: number): Promise<AsyncIterable<Uint8Array>>;
  /** Writes a file. */
  write(
    path: readonly string[],
    content: AsyncIterable<Uint8Array>,
    options?: TreeWriteOptions,
  ): Promise<void>;
  /** Makes a symbolic link, in place of an existing file or link; readers of the tree do not follow it. */
  makeLink(path: readonly string[], target: string): Promise<void>;
  /** Makes a folder. */
  makeFolder(path: readonly string[]): Promise<void>;
  /** Removes an empty folder. */
  removeFolder(path: readonly string[]): Promise<void>;
  /** Removes a file or a link. */
  remove(path: readonly string[]): Promise<void>;
  /** Renames; a file takes the place of another. */
  rename(from: readonly string[], to: readonly string[]): Promise<void>;
  /** Sets when it was changed. */
  setModified(path: readonly string[], time: Date): Promise<void>;
  /** Sets permission bits. */
  setMode(path: readonly string[], mode: number): Promise<void>;
}
