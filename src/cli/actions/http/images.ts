/**
 * `netwright http images`, inside the sandbox.
 *
 * @module
 */

import { type PageLink, readPage } from "../../../programs/web/mod.ts";
import { downloadTo } from "../../../protocols/http/mod.ts";
import { makeWritableFolder } from "../../../stores/internal.ts";
import type { Action } from "../../command/context.ts";
import type { ImagesPlan } from "../../commands/http/images.ts";
import { mapConcurrent } from "../../connect/map_concurrent.ts";
import { explained, openAgent } from "../../http/agent.ts";
import { FileNames } from "../../http/file_names.ts";
import { fetchPage } from "../../http/page.ts";
import { EXIT } from "../../terminal/failure.ts";
import { Progress } from "../../terminal/progress.ts";
import { Table } from "../../terminal/table.ts";

/** The command, in the sandbox. */
export const action: Action<ImagesPlan> = {
  async run({ page: plan, folder, allSizes, parallel }, context) {
    await using open = await openAgent(plan.http, [plan.target], context, {
      compression: true,
      keepsCookies: true,
    });
    const { html, response } = await fetchPage(open.agent, plan, context).catch((error) => {
      throw explained(error);
    });
    const { links } = await readPage(html, response.url, { withForms: false });
    const urls = picturesOf(links, allSizes);
    if (folder === undefined) {
      const table = new Table(context.stdout, { headings: ["url", "text"] });
      for (const [url, text] of urls) {
        if (context.json) await context.stdout.json({ url, text });
        else await table.row(url, text);
      }
      await table.end();
      return EXIT.done;
    }
    await makeWritableFolder(folder);
    const names = new FileNames();
    const wanted = [...urls.keys()].map((url) => ({
      url,
      file: `${folder.replace(/(?<=.)\/$/, "")}/${names.nameFor(url)}`,
    }));
    using progress = new Progress(context, { label: "http images", unit: "bytes" });
    return await mapConcurrent(
      wanted,
      async ({ url, file }) =>
        await downloadTo(open.agent, url, file, {
          onlyIfChanged: true,
          maxBytes: plan.maxBytes,
          signal: context.signal,
          onProgress: (done, total, bytes) => progress.add(bytes, { name: file, done, total }),
        }).catch((error) => {
          throw explained(error);
        }),
      async ({ url, file }, { bytes, isUnchanged }) => {
        progress.hide();
        if (context.json) await context.stdout.json({ url, file, bytes, changed: !isUnchanged });
        else await context.stdout.peerLine(`${file}\t${isUnchanged ? "unchanged" : bytes}\t${url}`);
      },
      context,
      "http images",
      { width: parallel, progress },
    );
  },
};

/** The URLs of pictures with what describes them, each once; of a picture in several sizes the largest. */
function picturesOf(links: readonly PageLink[], allSizes: boolean): Map<string, string> {
  const found = new Map<string, string>();
  const largest = new Map<number, number>();
  for (const { picture, size = 0 } of links) {
    if (picture !== undefined) largest.set(picture, Math.max(size, largest.get(picture) ?? 0));
  }
  for (const { kind, url, text, size, picture } of links) {
    if ((kind !== "image" && kind !== "icon") || url === undefined || !/^https?:/.test(url)) {
      continue;
    }
    const isWanted = picture === undefined || allSizes || size === largest.get(picture);
    if (isWanted && !found.has(url)) found.set(url, text);
  }
  return found;
}
