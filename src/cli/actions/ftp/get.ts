/**
 * `netwright ftp get`, inside the sandbox.
 *
 * @module
 */

import { toFileError } from "../../../net/internal.ts";
import {
  DisconnectedError,
  NetwrightError,
  ProtocolError,
  RateLimit,
  ReplyError,
  UnsupportedError,
} from "../../../net/mod.ts";
import type { FtpClient, FtpFacts } from "../../../protocols/ftp/mod.ts";
import { PartialFile } from "../../../stores/internal.ts";
import { EXIT } from "../../terminal/failure.ts";
import type { FtpWorkplace } from "../../ftp/action.ts";
import type { FtpTarget } from "../../ftp/target.ts";
import { runMirror } from "../../ftp/mirror.ts";
import { Progress } from "../../terminal/progress.ts";
import { sideBySide } from "../../connect/side_by_side.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";
import { type GetWork, type Wanted } from "../../commands/ftp/get.ts";

/** The command, in the sandbox. */
export const action: FtpAction<GetWork> = ftpAction({
  async work({ wanted, toStdout, resume, rate, parallel, mirror }, context, at) {
    if (mirror !== undefined) {
      let status: number = EXIT.done;
      for (const { target, file } of wanted) {
        status = Math.max(status, await runMirror(target, file, "down", mirror, context, at));
      }
      return status;
    }
    const hasResults = context.json || toStdout;
    using progress = new Progress(context, { label: "get", unit: "bytes", hasResults });
    const fetching = new Fetching(at, resume, progress, {
      limit: rate === undefined ? undefined : new RateLimit(rate),
      signal: context.signal,
    });
    if (toStdout) {
      for (const { target } of wanted) {
        await fetching.stream(target, (piece) => context.stdout.peerBytes(piece));
      }
      return EXIT.done;
    }
    const tell = async ({ file }: Wanted, bytes: number): Promise<void> => {
      progress.hide();
      if (context.json) await context.stdout.json({ file, bytes });
      else if (!context.quiet) await context.stderr.line(`${file}: ${bytes} bytes`);
    };
    if (wanted.length === 1) {
      await tell(wanted[0]!, await fetching.file(wanted[0]!));
      return EXIT.done;
    }
    return await sideBySide(
      wanted,
      (one) => fetching.file(one),
      tell,
      context,
      "ftp get",
      { width: parallel, progress },
    );
  },
});

/** Bytes before the end of a partial file that are compared with the server's file before a transfer is resumed. */
const COMPARED_BYTES = 4096;

/** Opens a partial file. If its folder is missing, the error names the folder, not the partial file. */
async function openPartial(file: string, resume: boolean): Promise<PartialFile> {
  try {
    return await PartialFile.open(file, { resume });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw toFileError(error, { peer: file });
    const folder = file.slice(0, file.lastIndexOf("/")) || ".";
    throw new NetwrightError("there is no such folder", { peer: folder, cause: error });
  }
}

/** Fetches files. */
class Fetching {
  readonly #at: FtpWorkplace;
  readonly #mayResume: boolean;
  readonly #progress: Progress;
  readonly #pace: { readonly limit: RateLimit | undefined; readonly signal: AbortSignal };

  constructor(
    at: FtpWorkplace,
    resume: boolean,
    progress: Progress,
    pace: { readonly limit: RateLimit | undefined; readonly signal: AbortSignal },
  ) {
    this.#at = at;
    this.#mayResume = resume;
    this.#progress = progress;
    this.#pace = pace;
  }

  /** Fetches a file to where it belongs; resolves to its size. */
  async file({ target, file }: Wanted): Promise<number> {
    return await this.#at.use(target, async (client) => {
      const { path } = target;
      const facts = await knownOf(client, path);
      const { size, modified } = facts;
      await using partial = await openPartial(file, this.#mayResume);
      if (!mayBeBeginning(partial, facts) || !await this.#resume(client, path, partial, size)) {
        await partial.restart();
        const pieces = this.#pieces(client, path, { total: size });
        for await (const piece of pieces) await partial.write(piece);
      }
      this.#requireWhole(client, partial.size, size);
      await partial.complete({ modified });
      return partial.size;
    });
  }

  /**
   * Appends what a partial file lacks, if its last bytes are the same on both sides. That takes one transfer, which
   * begins before the end of what is there.
   * @returns Whether they were the same.
   */
  async #resume(
    client: FtpClient,
    path: string,
    partial: PartialFile,
    size: number | undefined,
  ): Promise<boolean> {
    const tail = await partial.tail(COMPARED_BYTES);
    const offset = partial.size - tail.length;
    let compared = 0;
    try {
      for await (const piece of this.#pieces(client, path, { offset, total: size })) {
        const known = Math.min(piece.length, tail.length - compared);
        for (let at = 0; at < known; at++) if (piece[at] !== tail[compared + at]) return false;
        compared += known;
        if (known < piece.length) await partial.write(piece.subarray(known));
      }
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error;
      return false;
    }
    return compared === tail.length;
  }

  /** Fetches a file piece by piece. */
  async stream(target: FtpTarget, write: (piece: Uint8Array) => Promise<void>): Promise<void> {
    await this.#at.use(target, async (client) => {
      const { size } = await knownOf(client, target.path);
      let received = 0;
      for await (const piece of this.#pieces(client, target.path, { total: size })) {
        received += piece.length;
        await write(piece);
      }
      this.#requireWhole(client, received, size, "the output is incomplete");
    });
  }

  #requireWhole(
    client: FtpClient,
    received: number,
    size: number | undefined,
    hint = "use --continue to resume",
  ): void {
    if (size === undefined || received === size) return;
    throw new DisconnectedError(`transfer incomplete: received ${received} of ${size} bytes`, {
      operation: "fetch a file",
      peer: client.peer,
      hint,
    });
  }

  /** What a file holds. */
  async *#pieces(
    client: FtpClient,
    path: string,
    { offset = 0, total }: { readonly offset?: number; readonly total?: number | undefined } = {},
  ): AsyncGenerator<Uint8Array> {
    const { limit, signal } = this.#pace;
    const pieces = client.fetch(path, { offset });
    let done = offset;
    try {
      for await (const piece of limit === undefined ? pieces : limit.slow(pieces, signal)) {
        done += piece.length;
        this.#progress.add(piece.length, { name: path, done, total });
        yield piece;
      }
    } finally {
      this.#progress.drop(path);
    }
  }
}

/**
 * Size and time of a remote file. If the server has no command for one file, its folder is listed: only the size shows
 * whether a download is complete.
 */
async function knownOf(client: FtpClient, path: string): Promise<FtpFacts> {
  const facts = await client.facts(path);
  if (facts.size !== undefined) return facts;
  try {
    const listed = await client.stat(path);
    // The size of a link is not the size of the file.
    return { size: listed?.kind === "file" ? listed.size : undefined, modified: facts.modified };
  } catch (error) {
    // A folder that must not be listed, or a listing of an unknown form, prevents no download.
    if (error instanceof ReplyError || error instanceof ProtocolError) return facts;
    throw error;
  }
}

/** Whether a partial file may be the beginning of the server's file, by size and time. */
function mayBeBeginning(partial: PartialFile, { size, modified }: FtpFacts): boolean {
  if (partial.size === 0 || size === undefined || partial.size > size) return false;
  return modified === undefined || partial.written === undefined || modified <= partial.written;
}
