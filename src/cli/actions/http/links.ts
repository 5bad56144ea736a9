/**
 * `netwright http links`, inside the sandbox.
 *
 * @module
 */

import { type PageLink, readPage } from "../../../programs/web/mod.ts";
import { type ClientResponse, parseLinks } from "../../../protocols/http/mod.ts";
import type { Action } from "../../command/context.ts";
import type { LinksPlan } from "../../commands/http/links.ts";
import { explained, openAgent } from "../../http/agent.ts";
import { fetchPage } from "../../http/page.ts";
import { EXIT } from "../../terminal/failure.ts";
import { Table } from "../../terminal/table.ts";

/** The command, in the sandbox. */
export const action: Action<LinksPlan> = {
  async run({ page: plan, kinds, scope }, context) {
    await using open = await openAgent(plan.http, [plan.target], context, { compression: true });
    const { html, response } = await fetchPage(open.agent, plan, context).catch((error) => {
      throw explained(error);
    });
    const { links } = await readPage(html, response.url, { withForms: false });
    const own = new URL(response.url).host;
    const table = new Table(context.stdout, {
      headings: ["kind", "url", "text"],
      widths: [10, 50, 0],
    });
    const seen = new Set<string>();
    for (const { kind, url, written, text, rel } of [...headerLinks(response), ...links]) {
      if (kinds.length > 0 && !kinds.includes(kind)) continue;
      const isInternal = url !== undefined && new URL(url).host === own;
      if (scope !== "all" && isInternal !== (scope === "internal")) continue;
      const key = `${kind} ${url ?? written}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (context.json) await context.stdout.json({ kind, url, written, text, rel });
      else await table.row(kind, url ?? `invalid: ${written}`, text);
    }
    await table.end();
    return EXIT.done;
  },
};

/** What the server itself names in its field `Link`. */
function headerLinks({ headers, url: base }: ClientResponse): PageLink[] {
  return parseLinks(headers.all("link")).map(({ target, rel, parameters }) => ({
    kind: rel.includes("stylesheet") ? "stylesheet" : rel.includes("icon") ? "icon" : "other",
    url: URL.canParse(target, base) ? new URL(target, base).href : undefined,
    written: target,
    text: parameters.get("title") ?? rel.join(" "),
    rel,
    element: "",
  }));
}
