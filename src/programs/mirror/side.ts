/**
 * One of the two trees of a mirror.
 *
 * @module
 */

/** How exact a time is. */
export type TimePrecision = "second" | "minute" | "day";

/** A side's facts about one file or folder; unknown ones are absent. */
export interface MirrorEntry {
  /** Its name, without the folder: not empty, no slash, not `.` or `..`. */
  readonly name: string;
  /** Its kind. */
  readonly kind: "file" | "folder" | "link" | "other";
  /** Bytes. */
  readonly size?: number | undefined;
  /** When it was changed. */
  readonly modified?: Date | undefined;
  /** How exact that is. @default {"second"} */
  readonly precision?: TimePrecision | undefined;
  /** Permission bits. */
  readonly mode?: number | undefined;
  /** The target of a link. */
  readonly target?: string | undefined;
}

/** The entries of a folder. */
export interface MirrorListing {
  /** What can be worked with. */
  readonly entries: readonly MirrorEntry[];
  /** Why others cannot. */
  readonly refused: readonly Error[];
}

/** Size and exact time of a file, if known. */
export type FileFacts = Pick<MirrorEntry, "size" | "modified">;

/** Time and permissions of a file or folder. */
export interface MirrorFacts {
  /** When it was changed. */
  readonly modified?: Date | undefined;
  /** Permission bits. */
  readonly mode?: number | undefined;
}

/** A file that is written; its time and permissions are looked at when all of it has come, and not before. */
export interface MirrorWrite extends MirrorFacts {
  /** Names this version of it, so that no attempt resumes another one's bytes. */
  readonly version: string;
  /** Bytes of it that an earlier attempt has left. */
  readonly offset: number;
  /** Whether nothing has its name there. */
  readonly isNew: boolean;
}

/** Where both trees are alike: paths of parts, such as `["pub", "readme.txt"]`; none is the root. */
export type MirrorPath = readonly string[];

/** Does one thing at a time in a tree. */
export interface MirrorSession extends AsyncDisposable {
  /** Whether it is of no use any more. */
  readonly isClosed: boolean;
  /** Whether a question costs no round trip. */
  readonly isNear: boolean;
  /** Checks whether the root of the tree exists. */
  hasRoot(): Promise<boolean>;
  /** Makes it, and the folders above it. */
  makeRoot(): Promise<void>;
  /** Lists a folder. */
  list(path: MirrorPath): Promise<MirrorListing>;
  /** Returns size and exact time of a file, if known. */
  facts(path: MirrorPath): Promise<FileFacts>;
  /**
   * Checks whether files keep the time that they are given.
   * @param path A file to find it out with.
   * @param modified The time that it has, and will have.
   */
  keepsTimes(path: MirrorPath, modified: Date): Promise<boolean>;
  /** Computes the SHA-256 of a file, in hexadecimal; undefined if this side cannot. */
  checksum(path: MirrorPath): Promise<string | undefined>;
  /**
   * Reads a file in pieces that the caller owns.
   * @param onFacts Called before the first piece with the result of {@link facts}.
   */
  read(
    path: MirrorPath,
    offset: number,
    onFacts?: (facts: FileFacts) => void,
  ): AsyncIterable<Uint8Array>;
  /** Writes a file beside its place, and moves it there when it is whole. */
  write(path: MirrorPath, content: AsyncIterable<Uint8Array>, file: MirrorWrite): Promise<void>;
  /** Makes a folder; an existing one is not an error. */
  makeFolder(path: MirrorPath): Promise<void>;
  /** Makes a link, in place of a file or link that is there; resolves to whether this side can. */
  makeLink(path: MirrorPath, target: string): Promise<boolean>;
  /** Sets time and permissions; resolves to whether this side can. */
  settle(path: MirrorPath, facts: MirrorFacts): Promise<boolean>;
  /** Renames a file, folder or link; the new name is free. */
  rename(from: MirrorPath, to: MirrorPath): Promise<void>;
  /** Removes a file or a link. */
  remove(path: MirrorPath): Promise<void>;
  /** Removes an empty folder. */
  removeFolder(path: MirrorPath): Promise<void>;
}

/** A tree. */
export interface MirrorSide {
  /** Whether files keep the time that they are given here, as far as is known. */
  readonly keepsTimes: boolean;
  /** Whether permissions are kept. */
  readonly keepsModes: boolean;
  /**
   * Refuses a name that must not be used here.
   * @throws {InjectionError} If it is such a name.
   */
  check(name: string): void;
  /**
   * Gives the name under which a file is until it is whole.
   * @param name Its name.
   * @param version Its version.
   * @returns The name; undefined if files are stored in place.
   */
  partialName(name: string, version: string): string | undefined;
  /** The common form of two names that cannot exist side by side here. */
  fold(name: string): string;
  /**
   * Called before anything is removed on the other side because this one does not have it.
   * @throws {UnsupportedError} If this side leaves names out of its listings without reporting them.
   */
  requireEveryName?(): void;
  /** Opens a session. */
  open(): Promise<MirrorSession>;
}
