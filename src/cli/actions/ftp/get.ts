/**
 * `netwright ftp get`, inside the sandbox.
 *
 * @module
 */

import { RateLimit } from "../../../net/mod.ts";
import { knownFacts, requireWhole } from "../../../protocols/ftp/internal.ts";
import type { FtpClient } from "../../../protocols/ftp/mod.ts";
import type { DownloadRequest, GetWork } from "../../commands/ftp/get.ts";
import { inTurn } from "../../connect/in_turn.ts";
import { mapConcurrent } from "../../connect/map_concurrent.ts";
import { type FtpAction, ftpAction, type FtpWorkplace } from "../../ftp/action.ts";
import { runMirror } from "../../ftp/mirror.ts";
import type { FtpTarget } from "../../ftp/target.ts";
import { EXIT } from "../../terminal/failure.ts";
import { Progress } from "../../terminal/progress.ts";

/** The command, in the sandbox. */
export const action: FtpAction<GetWork> = ftpAction({
  async work({ requested, toStdout, resume, rate, parallel, mirror }, context, at) {
    if (mirror !== undefined) {
      let status: number = EXIT.done;
      for (const { target, file } of requested) {
        status = Math.max(status, await runMirror(target, file, "down", mirror, context, at));
      }
      return status;
    }
    const hasResults = context.json || toStdout;
    using progress = new Progress(context, { label: "get", unit: "bytes", hasResults });
    const downloads = new Download(at, resume, progress, {
      limit: rate === undefined ? undefined : new RateLimit(rate),
      signal: context.signal,
    });
    if (toStdout) {
      return await inTurn(
        requested,
        ({ target }) => downloads.stream(target, (piece) => context.stdout.peerBytes(piece)),
        context,
        "ftp get",
      );
    }
    const report = async ({ file }: DownloadRequest, bytes: number): Promise<void> => {
      progress.hide();
      if (context.json) await context.stdout.json({ file, bytes });
      else if (!context.quiet) await context.stderr.line(`${file}: ${bytes} bytes`);
    };
    if (requested.length === 1) {
      await report(requested[0]!, await downloads.file(requested[0]!));
      return EXIT.done;
    }
    return await mapConcurrent(
      requested,
      (one) => downloads.file(one),
      report,
      context,
      "ftp get",
      { width: parallel, progress },
    );
  },
});

/** Fetches files. */
class Download {
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
  async file({ target, file }: DownloadRequest): Promise<number> {
    return await this.#at.use(target, async (client) => {
      const { path } = target;
      try {
        return await client.downloadTo(path, file, {
          resume: this.#mayResume,
          ...this.#pace,
          onProgress: (done, total, bytes) =>
            this.#progress.add(bytes, { name: path, done, total }),
        });
      } finally {
        this.#progress.drop(path);
      }
    });
  }

  /** Fetches a file piece by piece. */
  async stream(target: FtpTarget, write: (piece: Uint8Array) => Promise<void>): Promise<void> {
    await this.#at.use(target, async (client) => {
      const { size } = await knownFacts(client, target.path);
      let received = 0;
      for await (const piece of this.#pieces(client, target.path, size)) {
        received += piece.length;
        await write(piece);
      }
      requireWhole(client, received, size, "the output is incomplete");
    });
  }

  /** The content of a file. */
  async *#pieces(
    client: FtpClient,
    path: string,
    total: number | undefined,
  ): AsyncGenerator<Uint8Array> {
    const { limit, signal } = this.#pace;
    const pieces = client.fetch(path);
    let done = 0;
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
