/**
 * One file from one side to the other, whole or not at all.
 *
 * @module
 */

import {
  DisconnectedError,
  NetwrightError,
  type RateLimit,
  UnsupportedError,
} from "../../net/mod.ts";
import { versionTag } from "../../stores/internal.ts";
import type { MirrorPart } from "./events.ts";
import type { Lane } from "./lanes.ts";
import type { PlannedFile } from "./plan.ts";
import type { FileFacts, MirrorEntry, MirrorPath, MirrorSession } from "./side.ts";

/** How often a file is read again that changes while it is read. */
const READS = 3;

/**
 * A file of so many bytes that comes within so many milliseconds is read in one go, and a server is not asked about it
 * again: if it is changed in that moment, its time differs from the recorded one, and the next mirroring takes the new one.
 */
const SMALL_BYTES = 64 * 1024;
const MOMENT_MS = 500;

/** How files are transferred. */
export interface TransferOptions {
  /** How fast, over all lanes; as fast as it goes if absent. */
  readonly limit?: RateLimit | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** Called for bytes as they arrive. */
  readonly onBytes?: ((count: number, file: MirrorPart) => void) | undefined;
}

/** How a file is transferred to a target of some kind. */
export interface FileTransferOptions extends TransferOptions {
  /** Whether the target keeps the times that it is given. */
  readonly keepsTimes: boolean;
  /** As {@link MirrorSide.partialName}, of the target. */
  readonly partialName: (name: string, version: string) => string | undefined;
}

/** How it went, in bytes. */
export interface Transferred {
  /** Transferred bytes. */
  readonly bytes: number;
  /** Bytes that were there already. */
  readonly resumed: number;
}

/** The file was changed while it was read. */
class ChangedError extends NetwrightError {}

/** Transfers a file; may be asked to again when an attempt fails. */
export class FileTransfer {
  readonly #file: PlannedFile;
  readonly #options: FileTransferOptions;
  #attempts = 0;
  /** The facts about the file when the last attempt began with it. */
  #before: FileFacts | undefined;

  constructor(file: PlannedFile, options: FileTransferOptions) {
    this.#file = file;
    this.#options = options;
  }

  /**
   * Transfers it.
   * @param lane A session with each side.
   * @returns How it went.
   * @throws {NetwrightError} If the file changes each time that it is read, or ends early.
   */
  async run({ source, target }: Lane): Promise<Transferred> {
    const { path, source: listed, isNew } = this.#file;
    let { version } = this.#file;
    let facts: FileFacts = listed;
    // The listing is true of the first attempt only.
    let offset = this.#attempts++ === 0
      ? this.#file.offset
      : await this.#left(target, path, version);
    let isSure = isExact(listed);
    if (!isSure && offset > 0) {
      facts = merged(listed, await source.facts(path));
      isSure = true;
      if (this.#before !== undefined && differ(this.#before, facts)) offset = 0;
    }
    for (let reads = 1;; reads++) {
      if (offset > (facts.size ?? 0)) offset = 0;
      const content = new Content(source, path, { ...facts, isSure }, offset, this.#options);
      try {
        await target.write(path, content, {
          version,
          offset,
          isNew,
          mode: listed.mode,
          get modified() {
            return content.facts.modified;
          },
        });
        return { bytes: content.bytes, resumed: offset };
      } catch (error) {
        this.#before = content.facts;
        if (error instanceof UnsupportedError && offset > 0) {
          // A server without REST sends, and takes, whole files only.
          offset = 0;
          continue;
        }
        if (!(error instanceof ChangedError)) throw error;
        await this.#removePart(target, path, version);
        if (reads >= READS) throw error;
        facts = await listedFacts(source, path);
        isSure = true;
        version = versionTag(`${facts.size} ${facts.modified?.getTime()}`);
        offset = 0;
      }
    }
  }

  #partOf(path: MirrorPath, version: string): MirrorPath | undefined {
    const name = this.#options.partialName(path.at(-1)!, version);
    return name === undefined ? undefined : [...path.slice(0, -1), name];
  }

  async #left(target: MirrorSession, path: MirrorPath, version: string): Promise<number> {
    const part = this.#partOf(path, version);
    return part === undefined ? 0 : (await target.facts(part)).size ?? 0;
  }

  async #removePart(target: MirrorSession, path: MirrorPath, version: string): Promise<void> {
    const part = this.#partOf(path, version);
    if (part === undefined) return;
    await target.remove(part).catch((error) => {
      // It may never have been made; a later run finds it otherwise.
      if (!(error instanceof NetwrightError)) throw error;
    });
  }
}

function isExact({ size, modified, precision = "second" }: MirrorEntry): boolean {
  return size !== undefined && modified !== undefined && precision === "second";
}

/** The new facts, and the old ones where there are none. */
function merged(known: FileFacts, news: FileFacts): FileFacts {
  return {
    ...known,
    ...(news.size !== undefined && { size: news.size }),
    ...(news.modified !== undefined && { modified: news.modified }),
  };
}

/** The facts about a file; a server without commands for one file lists its folder. */
async function listedFacts(source: MirrorSession, path: MirrorPath): Promise<FileFacts> {
  const facts = await source.facts(path);
  if (facts.size !== undefined) return facts;
  const { entries } = await source.list(path.slice(0, -1));
  const entry = entries.find(({ name }) => name === path.at(-1));
  return entry === undefined ? facts : merged({ size: entry.size }, facts);
}

/** The facts about a file; if missing, they are requested while the file is read. */
interface KnownFacts extends FileFacts {
  readonly isSure: boolean;
}

/** The content of a file, and the proof that it is one version of it from the beginning to the end. */
class Content implements AsyncIterable<Uint8Array> {
  /** Bytes that came. */
  bytes = 0;
  readonly #source: MirrorSession;
  readonly #path: MirrorPath;
  /** The facts about it. */
  facts: KnownFacts;
  readonly #offset: number;
  readonly #options: FileTransferOptions;

  constructor(
    source: MirrorSession,
    path: MirrorPath,
    facts: KnownFacts,
    offset: number,
    options: FileTransferOptions,
  ) {
    this.#source = source;
    this.#path = path;
    this.facts = facts;
    this.#offset = offset;
    this.#options = options;
  }

  get #size(): number {
    return this.facts.size ?? Infinity;
  }

  #pieces(): AsyncIterable<Uint8Array> {
    const { limit, signal } = this.#options;
    const onFacts = this.facts.isSure ? undefined : (facts: FileFacts): void => {
      this.facts = { ...merged(this.facts, facts), isSure: true };
    };
    const pieces = this.#source.read(this.#path, this.#offset, onFacts);
    return limit === undefined ? pieces : limit.slow(pieces, signal);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const { onBytes } = this.#options;
    const start = performance.now();
    if (this.#offset < this.#size || this.#size === 0) {
      for await (const piece of this.#pieces()) {
        this.bytes += piece.length;
        if (this.#offset + this.bytes > this.#size) throw this.#changed();
        const done = this.#offset + this.bytes;
        onBytes?.(piece.length, { path: this.#path, done, total: this.facts.size });
        yield piece;
      }
    }
    const size = this.#size;
    const came = this.#offset + this.bytes;
    if (this.bytes === size && this.#isQuick(start)) return;
    if (differ(await this.#source.facts(this.#path), this.facts)) throw this.#changed();
    if (size === Infinity || came === size) return;
    throw new DisconnectedError(`${came} of ${size} bytes came`, { operation: "read a file" });
  }

  /** Whether a change would be noticed the next time, and to ask now would take longer than the file took. */
  #isQuick(start: number): boolean {
    return !this.#source.isNear && this.#options.keepsTimes && this.bytes <= SMALL_BYTES &&
      performance.now() - start < MOMENT_MS;
  }

  #changed(): ChangedError {
    return new ChangedError("the file changes while it is read", { operation: "read a file" });
  }
}

/** Whether it is known that they are of different versions; servers keep whole seconds. */
function differ(a: FileFacts, b: FileFacts): boolean {
  if (a.size !== undefined && b.size !== undefined && a.size !== b.size) return true;
  if (a.modified === undefined || b.modified === undefined) return false;
  return Math.floor(a.modified.getTime() / 1000) !== Math.floor(b.modified.getTime() / 1000);
}
