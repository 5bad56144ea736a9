/**
 * Uploads that replace a file only when they are whole, also on servers that forbid parts of that.
 *
 * @module
 */

import { NetwrightError, ReplyError } from "../../net/mod.ts";
import { partialPath } from "../../stores/mod.ts";
import type { FtpClient } from "./ftp_client.ts";

/**
 * Where a file is until it is whole: `.NAME.part`, `NAME.part` for servers that forbid names with a dot in front, or
 * in its own place for servers that forbid renaming.
 */
export type UploadStyle = "hidden" | "plain" | "direct";

/** What a file holds, and where it begins. */
export interface UploadOptions {
  /** Version of the file, so that no attempt goes on with bytes of another. */
  readonly version?: string | undefined;
  /** Where in the file the content begins, in bytes; only where a partial file is known to be there. @default {0} */
  readonly offset?: number | undefined;
}

const STYLES: readonly UploadStyle[] = ["hidden", "plain", "direct"];

/** Replies by which servers refuse a name: 550, 553 (RFC 959 §5.4), and what others send for it. */
const REFUSED: ReadonlySet<number> = new Set([501, 504, 550, 552, 553, 554]);

/**
 * Uploads to one server. What it refuses once is not tried again.
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

  /** @param style Where files are until they are whole; found out by trying if absent. */
  constructor(style?: UploadStyle) {
    this.#style = style ?? "hidden";
    this.#isFixed = style !== undefined;
  }

  /** Where files are until they are whole, as far as is known. */
  get style(): UploadStyle {
    return this.#style;
  }

  /** Notes that a partial file without a dot in front was seen. */
  notePlain(): void {
    if (!this.#isFixed && this.#style === "hidden") this.#style = "plain";
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
    throw new TypeError("there is no further style");
  }

  /**
   * Moves a whole file to its place. Where the server does not replace files by renaming, as Windows does not, the old
   * one is removed first.
   * @param client A session.
   * @param beside Where it was stored.
   * @param path Its place.
   * @throws {ReplyError} If the server refuses; the partial file is removed, unless the old file is already gone.
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
   * @param refusal What the server said to renaming.
   * @throws {NetwrightError} As {@link rename} does.
   */
  async replace(client: FtpClient, beside: string, path: string, refusal: unknown): Promise<void> {
    if (!(refusal instanceof ReplyError)) throw refusal;
    let isRemoved = false;
    try {
      await client.remove(path);
      isRemoved = true;
      await client.rename(beside, path);
      return;
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
    }
    if (isRemoved) {
      throw new NetwrightError(
        `the server removed the old file but keeps the new one as ${beside}`,
        {
          operation: "rename",
          peer: client.peer,
          cause: refusal,
        },
      );
    }
    await client.remove(beside).catch((error) => {
      if (!(error instanceof ReplyError)) throw error;
    });
    throw new ReplyError(refusal.reason, {
      code: refusal.code,
      lines: refusal.lines,
      operation: "rename",
      peer: client.peer,
      hint: "--direct stores in place",
      cause: refusal,
    });
  }
}

function pathOf(style: UploadStyle, path: string, version: string | undefined): string {
  if (style === "direct") return path;
  const hidden = partialPath(path, version);
  const slash = hidden.lastIndexOf("/") + 1;
  return style === "hidden" ? hidden : hidden.slice(0, slash) + hidden.slice(slash + 1);
}
