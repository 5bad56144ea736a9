/**
 * `netwright http text`, inside the sandbox.
 *
 * @module
 */

import { escapeControls } from "../../../net/mod.ts";
import type { Action } from "../../command/context.ts";
import type { TextPlan } from "../../commands/http/text.ts";
import { explained, openAgent } from "../../http/agent.ts";
import { fetchPage } from "../../http/page.ts";
import { htmlText } from "../../mail/html_text.ts";
import { readPage } from "../../../programs/web/mod.ts";
import { EXIT, printErrorLine } from "../../terminal/failure.ts";

/** Longest page that is read, in characters. */
const MAX_HTML = 4 * 1024 * 1024;

/** The command, in the sandbox. */
export const action: Action<TextPlan> = {
  async run({ page: plan, width, withoutLinks }, context) {
    await using open = await openAgent(plan.http, [plan.target], context, { compression: true });
    const { html, response } = await fetchPage(open.agent, plan, context).catch((error) => {
      throw explained(error);
    });
    const isPlain = response.mediaType === "text/plain";
    const page = isPlain
      ? undefined
      : await readPage(html, response.url, { withLinks: false, withForms: false });
    const text = isPlain
      ? html
      : await htmlText(html, { width, baseUrl: page!.base, withoutLinks, maxLength: MAX_HTML });
    if (context.json) {
      await context.stdout.json({ url: response.url, title: page?.title, text });
      return EXIT.done;
    }
    if (!isPlain && html.length > MAX_HTML) {
      await printErrorLine(
        `the page has more than ${MAX_HTML} characters: its end is left out`,
        "http text",
        context.stderr,
      );
    }
    for (const line of text.replace(/\r\n/g, "\n").replace(/\n+$/, "").split("\n")) {
      // It is a text of ours, also in a pipe: nothing of the page reaches a terminal behind it.
      await context.stdout.line(escapeControls(line));
    }
    return EXIT.done;
  },
};
