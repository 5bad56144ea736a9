/**
 * `netwright ftp put`, inside the sandbox.
 *
 * @module
 */

import { ByteReader, RateLimit, UnsupportedError } from "../../../net/mod.ts";
import { type FtpClient, Uploads } from "../../../protocols/ftp/mod.ts";
import { openFile } from "../../../stores/internal.ts";
import type { Context } from "../../command/context.ts";
import { Progress } from "../../terminal/progress.ts";
import { inTurn } from "../../connect/in_turn.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";
import { type PutWork } from "../../commands/ftp/put.ts";

/** The command, in the sandbox. */
export const action: FtpAction<PutWork> = ftpAction({
  async work({ target, files, rate, ...how }, context, at) {
    const limit = rate === undefined ? undefined : new RateLimit(rate);
    using progress = new Progress(context, {
      label: "put",
      unit: "bytes",
      hasResults: context.json,
    });
    return await inTurn(
      files,
      async ({ file, source, path }) => {
        const bytes = await at.use(
          target,
          (client) => store(client, path, source, how, context, { limit, progress }),
        );
        progress.hide();
        if (context.json) await context.stdout.json({ file, path, bytes });
        else if (!context.quiet) await context.stderr.line(`${path}: ${bytes} bytes`);
      },
      context,
      "ftp put",
    );
  },
});

async function store(
  client: FtpClient,
  path: string,
  file: string,
  { append, direct }: Pick<PutWork, "append" | "direct">,
  context: Context,
  { limit, progress }: { readonly limit: RateLimit | undefined; readonly progress: Progress },
): Promise<number> {
  const { pieces, modified, size } = file === "-"
    ? { pieces: new ByteReader(context.stdin).body(), modified: undefined, size: undefined }
    : await openFile(file);
  let bytes = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of limit?.slow(pieces, context.signal) ?? pieces) {
      bytes += piece.length;
      progress.add(piece.length, { name: path, done: bytes, total: size });
      yield piece;
    }
  };
  if (append) {
    await client.store(path, counted(), { append: true });
    return bytes;
  }
  const uploads = new Uploads(direct ? "direct" : undefined);
  const beside = await uploads.store(client, path, counted());
  await uploads.verify(client, beside, bytes);
  await uploads.rename(client, beside, path);
  if (modified !== undefined) {
    await client.setModified(path, modified).catch((error) => {
      if (!(error instanceof UnsupportedError)) throw error;
    });
  }
  return bytes;
}
