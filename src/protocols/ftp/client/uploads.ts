/**
 * Uploads that replace a file only when they are whole, also on servers that forbid parts of that.
 *
 * @module
 */

import {
  DisconnectedError,
  escapeForDisplay,
  NetwrightError,
  ReplyError,
  TimeoutError,
} from "../../../net/mod.ts";
import { partialPath } from "../../../stores/internal.ts";
import type { FtpClient } from "./ftp_client.ts";

/**
 * Where a file is until it is whole: `.NAME.part`, `NAME.part` for servers that forbid names with a dot in front, or
 * in its own place for servers that forbid renaming.
 */
export type UploadStyle = "hidden" | "plain" | "direct";

/** The content of a file, and the offset. */
export interface UploadOptions {
  /** Version of the file, so that no attempt resumes with bytes of another. */
  readonly version?: string | undefined;
  /** Where in the file the content begins, in bytes; only where a partial file is known to be there. @default {0} */
  readonly offset?: number | undefined;
}

const STYLES: readonly UploadStyle[] = ["hidden", "plain", "direct"];

/** Replies by which servers reject a name: 550, 553 (RFC 959 §5.4), and others in use. */
const REFUSED: ReadonlySet<number> = new Set([501, 504, 550, 552, 553, 554]);

/**
 * Uploads to one server. A rejected verb or style is not tried again.
 *
 * @example Replace a file
 * ```ts
 * import { type FtpClient, Uploads } from "@netwright/netwright/ftp";
 * async function replace(client: FtpClient, path: string, content: Uint8Array): Promise<void> {
 *   const uploads = new Uploads();
 *   const beside = await uploads.store(client, path, [content]);
 *   await uploads.rename(client, beside, path);
 * }
 * ```
 */
export class Uploads {
  #style: UploadStyle;
  readonly #isFixed: boolean;

  /**
   * Knows nothing of the server yet.
   * @param style Where files are until they are whole; found out by trying if absent.
   */
  constructor(style?: UploadStyle) {
    this.#style = style ?? "hidden";
    this.#isFixed = style !== undefined;
  }

  /** Where files are until they are whole, as far as is known. */
  get style(): UploadStyle {
    return this.#style;
  }

  /**
   * Gives the path under which a file is until it is whole.
   * @param path The file.
   * @param version Its version.
   * @returns The path; the same one if it is stored in place.
   */
  beside(path: string, version?: string): string {
    return pathOf(this.#style, path, version);
  }

  /**
   * Stores a file beside its place. Where the server refuses the name, another one is tried.
   * @param client A session.
   * @param path The file.
   * @param content Pieces; not begun before the server has accepted a name.
   * @param options Which version, and where it begins.
   * @returns Where it was stored.
   * @throws {ReplyError} If the server refuses every name, or could not keep all of it.
   */
  async store(
    client: FtpClient,
    path: string,
    content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    { version, offset = 0 }: UploadOptions = {},
  ): Promise<string> {
    let isBegun = false;
    const pieces = (async function* () {
      isBegun = true;
      yield* content;
    })();
    for (const style of STYLES.slice(STYLES.indexOf(this.#style))) {
      const place = pathOf(style, path, version);
      try {
        await client.store(place, pieces, { offset });
        this.#style = style;
        return place;
      } catch (error) {
        const isRefused = error instanceof ReplyError && REFUSED.has(Number(error.code));
        if (!isRefused || isBegun || offset > 0 || this.#isFixed || style === "direct") throw error;
      }
    }
    throw new TypeError("no further style is left");
  }

  /**
   * Verifies that the server stored as many bytes as were sent.
   * @param client A session.
   * @param place Where they were stored.
   * @param size How many they are, in bytes.
   * @throws {DisconnectedError} If there are fewer or more; the remote file stays.
   */
  async verify(client: FtpClient, place: string, size: number): Promise<void> {
    if (!(await client.features()).has("SIZE")) return;
    const arrived = await client.size(place);
    if (arrived === undefined || arrived === size) return;
    throw new DisconnectedError(`${arrived} of ${size} bytes arrived`, {
      operation: "store a file",
      peer: client.peer,
    });
  }

  /**
   * Moves a whole file to its place. Where the server does not replace files by renaming, as Windows does not, the old
   * one is moved aside first, and removed when the new one has its place.
   * @param client A session.
   * @param beside Where it was stored.
   * @param path Its place.
   * @throws {ReplyError} If the server refuses. The old file is in its place then, and the new one where it was stored.
   */
  async rename(client: FtpClient, beside: string, path: string): Promise<void> {
    if (beside === path) return;
    try {
      await client.rename(beside, path);
    } catch (error) {
      await this.replace(client, beside, path, error);
    }
  }

  /**
   * Does what {@link rename} does after the first refusal.
   * @param client A session.
   * @param beside Where it was stored.
   * @param path Its place.
   * @param refusal The server's reply to renaming.
   * @throws {NetwrightError} As {@link rename} does.
   */
  async replace(client: FtpClient, beside: string, path: string, refusal: unknown): Promise<void> {
    const isThere = refusal instanceof ReplyError && OCCUPIED.has(Number(refusal.code));
    if (!isThere) throw hinted(refusal, client, beside);
    if (await isFolder(client, path)) {
      await client.remove(beside);
      throw hinted(
        refusal,
        client,
        beside,
        "a folder has that name; a slash behind it stores into it",
      );
    }
    const aside = `${path}.old-${crypto.randomUUID().slice(0, 8)}`;
    try {
      // That also shows whether there is an old one, and whether anything can be renamed here at all.
      await client.rename(path, aside);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      throw hinted(refusal, client, beside);
    }
    // From here on the old file has another name, which the user must know if anything breaks.
    try {
      await this.#exchange(client, beside, path, aside);
    } catch (error) {
      if (error instanceof ReplyError && error.hint !== undefined) throw error;
      throw withHint(error, `the old file is ${shown(aside)}, the new one ${shown(beside)}`);
    }
  }

  /** Gives the new file its place, and removes the old one; or puts both back. */
  async #exchange(client: FtpClient, beside: string, path: string, aside: string): Promise<void> {
    try {
      await client.rename(beside, path);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      await client.rename(aside, path);
      throw hinted(error, client, beside);
    }
    try {
      await client.remove(aside);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      // A folder, or a file that must not go: it gets its name back.
      await client.rename(path, beside);
      await client.rename(aside, path);
      throw hinted(error, client, beside);
    }
  }
}

/** Whether a folder has that name: by MLST, or because it can be entered. */
async function isFolder(client: FtpClient, path: string): Promise<boolean> {
  try {
    if ((await client.features()).has("MLST")) return (await client.stat(path))?.kind === "folder";
    const here = await client.pwd();
    await client.cd(path);
    await client.cd(here);
    return true;
  } catch (error) {
    // A refusal means no folder; a server that misunderstands MLST decides by its replies to the commands that follow.
    if (!(error instanceof NetwrightError) || error instanceof DisconnectedError) throw error;
    return false;
  }
}

/** Replies to RNTO that may mean that there is a file of that name: 550, 553 (RFC 959 §5.4). */
const OCCUPIED: ReadonlySet<number> = new Set([550, 553]);

/** The error that names the new file's place and the option to try. */
function hinted(error: unknown, client: FtpClient, beside: string, hint?: string): unknown {
  if (!(error instanceof ReplyError)) return error;
  return new ReplyError(error.reason, {
    code: error.code,
    lines: error.lines,
    operation: "rename",
    peer: client.peer,
    hint: hint ?? `the new file is ${shown(beside)}; --direct stores in place`,
    cause: error,
  });
}

/** The same error, with a hint. */
function withHint(error: unknown, hint: string): unknown {
  if (!(error instanceof NetwrightError)) return error;
  const { operation, peer } = error;
  const context = { operation, peer, hint, cause: error };
  if (error instanceof ReplyError) {
    const { code, lines } = error;
    return new ReplyError(error.reason, { ...context, code, lines });
  }
  const Kind = error instanceof TimeoutError ? TimeoutError : DisconnectedError;
  return new Kind(error.reason, context);
}

function shown(path: string): string {
  return escapeForDisplay(path);
}

function pathOf(style: UploadStyle, path: string, version: string | undefined): string {
  if (style === "direct") return path;
  const hidden = partialPath(path, version);
  const slash = hidden.lastIndexOf("/") + 1;
  return style === "hidden" ? hidden : hidden.slice(0, slash) + hidden.slice(slash + 1);
}
