/**
 * One file or folder of a listing.
 *
 * @module
 */

import { escapeForDisplay, InjectionError, type Tainted } from "../../../net/mod.ts";

/** The kind of an entry. */
export type FtpKind = "file" | "folder" | "link" | "other";

/** How exact a time is: listings for people leave out seconds, or the time of day. */
export type FtpPrecision = "second" | "minute" | "day";

/** One entry of a listing. Unreported facts are absent. */
export interface FtpEntry {
  /** Its name, without the folder; the server chose it, so a `PathGate` decides whether it may be a local one. */
  readonly name: Tainted<string>;
  /** Its kind. */
  readonly kind: FtpKind;
  /** Bytes. */
  readonly size?: number | undefined;
  /** When it was changed; by a listing without a time zone, in the zone that was asked for. */
  readonly modified?: Date | undefined;
  /** How exact that is. */
  readonly precision?: FtpPrecision | undefined;
  /** Permission bits, such as 0o644. */
  readonly mode?: number | undefined;
  /** The target of a link. */
  readonly target?: Tainted<string> | undefined;
  /** Owner, as the server writes it. */
  readonly owner?: Tainted<string> | undefined;
  /** Group, as the server writes it. */
  readonly group?: Tainted<string> | undefined;
  /** Identifies the file, whatever its name (RFC 3659 §7.5.2). */
  readonly unique?: Tainted<string> | undefined;
  /** The permitted operations: letters of RFC 3659 §7.5.5. */
  readonly permissions?: string | undefined;
}

/** A server's facts about a file; unknown ones are absent. */
export type FtpFacts = Pick<FtpEntry, "size" | "modified">;

/** Validator for the name of an entry that goes back to the server as a part of a path. */
export function asEntryName(name: string): string {
  if (name !== "" && name !== "." && name !== ".." && !/[/\r\n\0]/.test(name)) return name;
  throw new InjectionError(`not a valid entry name: "${escapeForDisplay(name)}"`, {
    operation: "use a name from the network",
  });
}
