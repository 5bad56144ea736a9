/**
 * `netwright http mirror`, inside the sandbox.
 *
 * @module
 */

import { downloadTo } from "../../../protocols/http/mod.ts";
import type { Action } from "../../command/context.ts";
import type { MirrorPlan } from "../../commands/http/mirror.ts";
import { explained, openAgent } from "../../http/agent.ts";
import { EXIT } from "../../terminal/failure.ts";
import { Progress } from "../../terminal/progress.ts";

/** The command, in the sandbox. */
export const action: Action<MirrorPlan> = {
  async run({ http, target, file }, context) {
    await using open = await openAgent(http, [target], context);
    using progress = new Progress(context, {
      label: "http mirror",
      unit: "bytes",
      hasResults: false,
    });
    const { isUnchanged, bytes, response } = await downloadTo(open.agent, target.url, file, {
      onlyIfChanged: true,
      retries: http.retries,
      signal: context.signal,
      timeoutMs: http.maxTimeMs,
      onProgress: (done, total, bytes) => progress.add(bytes, { name: file, done, total }),
    }).catch((error) => {
      throw explained(error);
    });
    progress.hide();
    const { url, status } = response;
    if (context.json) {
      await context.stdout.json({ url, status, file, bytes, changed: !isUnchanged });
    } else if (!context.quiet) {
      await context.stderr.line(`${file}: ${isUnchanged ? "unchanged" : `${bytes} bytes`}`);
    }
    return EXIT.done;
  },
};
