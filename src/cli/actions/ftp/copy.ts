/**
 * `netwright ftp copy`, inside the sandbox.
 *
 * @module
 */

import type { CopyWork } from "../../commands/ftp/copy.ts";
import { DisconnectedError, UnsupportedError } from "../../../net/mod.ts";
import { type FtpClient, Uploads } from "../../../protocols/ftp/mod.ts";
import { Progress } from "../../terminal/progress.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";

/** The command, in the sandbox. */
export const action: FtpAction<CopyWork> = ftpAction({
  async work({ source, target, direct }, context, at) {
    const { path } = target;
    const uploads = new Uploads();
    let beside = uploads.beside(path);
    const bytes = await at.use(source, async (from) =>
      await at.use(target, async (to) => {
        const { size, modified } = await from.facts(source.path);
        using progress = new Progress(context, {
          label: "copy",
          unit: "bytes",
          total: size,
          hasResults: false,
        });
        try {
          if (direct) await from.copyTo(to, source.path, beside);
          else {
            const content = counted(from, source.path, (count) => progress.add(count));
            beside = await uploads.store(to, path, content);
          }
          const arrived = await to.size(beside);
          if (size !== undefined && arrived !== undefined && arrived !== size) {
            throw new DisconnectedError(`${arrived} of ${size} bytes arrived`, {
              operation: "copy a file",
              peer: to.peer,
            });
          }
        } catch (error) {
          // Whatever is said to that, the failure before says more.
          if (beside !== path) await to.remove(beside).catch(() => {});
          throw error;
        }
        await uploads.rename(to, beside, path);
        if (modified !== undefined) {
          await to.setModified(path, modified).catch((error) => {
            if (!(error instanceof UnsupportedError)) throw error;
          });
        }
        return size;
      }));
    if (context.json) await context.stdout.json({ path, bytes });
    else if (!context.quiet) await context.stderr.line(`${path}: ${bytes ?? "all"} bytes`);
  },
});

async function* counted(
  client: FtpClient,
  path: string,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of client.fetch(path)) {
    count(piece.length);
    yield piece;
  }
}
