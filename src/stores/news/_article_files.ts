/**
 * The files of articles in a news spool: `articles/GROUP/NUMBER`, with a slash for each dot of the group's name; one
 * file with several names if it is in several groups. Lines end with LF.
 *
 * @module
 */

import { toFileError } from "../../net/internal.ts";
import { writeAll } from "../../net/mod.ts";
import { withLf } from "../delivery/lf_decoder.ts";
import { FilePieces } from "../files/file_pieces.ts";
import { syncFolder, writeSynced } from "../files/synced_file.ts";
import { countLines } from "./memory_news.ts";

/** A body up to this size is kept in memory until its article has numbers, in bytes. */
const SMALL_BYTES = 256 * 1024;

/** A body that has come to its end. */
export interface ReceivedBody extends AsyncDisposable {
  /** Its size in bytes, lines ending with CRLF. */
  readonly bytes: number;
  /** Number of its lines. */
  readonly lines: number;
  /** Reads it, lines ending with LF. */
  pieces(): Promise<AsyncIterable<Uint8Array>>;
}

/** Age from which an unfinished file is abandoned, in milliseconds. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

/** Writes, reads and removes articles. */
export class ArticleFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The folder of a group. */
  groupFolder(group: string): string {
    return `${this.#folder}/articles/${group.replaceAll(".", "/")}`;
  }

  #path(group: string, number: number): string {
    return `${this.groupFolder(group)}/${number}`;
  }

  #temporary(): string {
    return `${this.#folder}/incoming/${crypto.randomUUID()}`;
  }

  /** Removes unfinished files that a crash has left. */
  async removeAbandoned(): Promise<void> {
    const folder = `${this.#folder}/incoming`;
    for await (const { name } of Deno.readDir(folder)) {
      const { mtime } = await Deno.stat(`${folder}/${name}`).catch(() => ({ mtime: null }));
      if (mtime !== null && mtime.getTime() < Date.now() - ABANDONED_MS) {
        await Deno.remove(`${folder}/${name}`).catch(ignoreAbsence);
      }
    }
  }

  /** Takes a body; a large one goes to the disk. */
  async receive(body: AsyncIterable<Uint8Array>): Promise<ReceivedBody> {
    let [bytes, lines, held] = [0, 0, 0];
    let small: Uint8Array[] = [];
    let path: string | undefined;
    let file: Deno.FsFile | undefined;
    const remove = async () => {
      file?.close();
      file = undefined;
      if (path !== undefined) await Deno.remove(path).catch(() => {});
    };
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of body) {
        bytes += piece.length;
        lines += countLines(piece);
        yield piece;
      }
    };
    try {
      for await (const piece of withLf(counted())) {
        if (path === undefined) {
          small.push(piece.slice());
          held += piece.length;
          if (held <= SMALL_BYTES) continue;
          path = this.#temporary();
          file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
        }
        const waiting = small.length > 0 ? small : [piece];
        small = [];
        for (const bytes of waiting) await writeWhole(file!, bytes, path);
      }
      file?.close();
      file = undefined;
    } catch (error) {
      await remove();
      throw error;
    }
    const [large, pieces] = [path, small];
    return {
      bytes,
      lines,
      pieces: async () =>
        large === undefined ? ReadableStream.from(pieces) : new FilePieces(await Deno.open(large)),
      [Symbol.asyncDispose]: remove,
    };
  }

  /**
   * Writes an article.
   * @param header Its header, lines ending with LF, and the empty line.
   * @param body Its body.
   * @param places Its numbers.
   */
  async write(
    header: Uint8Array,
    body: ReceivedBody,
    places: ReadonlyMap<string, number>,
  ): Promise<void> {
    const path = this.#temporary();
    const text = async function* (): AsyncGenerator<Uint8Array> {
      yield header;
      yield* await body.pieces();
    };
    const linked: string[] = [];
    try {
      await writeSynced(path, text());
      await Deno.chmod(path, 0o644);
      for (const [group, number] of places) {
        const folder = this.groupFolder(group);
        await Deno.mkdir(folder, { recursive: true });
        const target = this.#path(group, number);
        // A file that a crash left under this number was never confirmed to a client.
        await Deno.remove(target).catch(ignoreAbsence);
        await Deno.link(path, target);
        linked.push(target);
        syncFolder(folder);
      }
    } catch (error) {
      for (const target of linked) await Deno.remove(target).catch(() => {});
      throw error;
    } finally {
      await Deno.remove(path).catch(ignoreAbsence);
    }
  }

  /** Opens an article; undefined if it is not there any more. */
  async read(group: string, number: number): Promise<AsyncIterable<Uint8Array> | undefined> {
    try {
      return new FilePieces(await Deno.open(this.#path(group, number)));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  /** When an article was written; undefined if it is not there. */
  arrived(group: string, number: number): Date | undefined {
    try {
      return Deno.statSync(this.#path(group, number)).mtime ?? undefined;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  /** Removes an article. */
  async remove(places: ReadonlyMap<string, number>): Promise<void> {
    for (const [group, number] of places) {
      await Deno.remove(this.#path(group, number)).catch(ignoreAbsence);
    }
  }
}

function ignoreAbsence(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

async function writeWhole(file: Deno.FsFile, bytes: Uint8Array, path: string): Promise<void> {
  try {
    await writeAll(file, bytes);
  } catch (error) {
    // The runtime does not say which file is on a full disk.
    throw toFileError(error, { operation: "write", peer: path });
  }
}
