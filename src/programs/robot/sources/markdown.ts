/**
 * Markdown, as HTML in which headings have the anchors that hosting sites give them.
 *
 * @module
 */

import { LimitError } from "../../../net/mod.ts";

/** Maximum size of Markdown in characters: it is read at once, and hostile text takes its time. */
const MAX_MARKDOWN = 1024 * 1024;

/**
 * Converts Markdown (CommonMark with tables and bare URLs) into HTML.
 *
 * @param text The text; front matter between lines of `---` is left out.
 * @returns The HTML, as untrusted as the text.
 */
export async function markdownToHtml(text: string): Promise<string> {
  if (text.length > MAX_MARKDOWN) {
    throw new LimitError(`the Markdown has more than ${MAX_MARKDOWN} characters`, {
      operation: "read Markdown",
      limit: MAX_MARKDOWN,
    });
  }
  const [{ default: MarkdownIt }, { default: Slugger }] = await Promise.all([
    import("markdown-it"),
    import("github-slugger"),
  ]);
  const markdown = new MarkdownIt({ html: true, linkify: true });
  // Only full URLs: "example.md" is a file name.
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  // And hosts that begin so, as hosting sites have it.
  markdown.linkify.add("www.", {
    validate: (text, at) =>
      /^[a-z\d-]+(?:\.[a-z\d-]+)+(?:\/[^\s<>()"]*)?/i.exec(text.slice(at, at + 2000))?.[0].length ??
        0,
    normalize: (match) => match.url = `http://${match.url}`,
  });
  // All URLs are to be checked, also those that a page should not have.
  markdown.validateLink = () => true;
  const slugger = new Slugger();
  markdown.core.ruler.push("heading_anchors", (state) => {
    for (const [index, token] of state.tokens.entries()) {
      if (token.type !== "heading_open") continue;
      const inline = state.tokens[index + 1];
      const words = inline?.children?.map(({ type, content }) =>
        type === "text" || type === "code_inline" ? content : ""
      ).join("") ?? "";
      const [, own] = /\{#([\w-]+)\}\s*$/.exec(words) ?? [];
      token.attrSet("id", own ?? slugger.slug(words));
    }
    return true;
  });
  return markdown.render(text.replace(/^\ufeff?---\r?\n[^]*?\r?\n---[ \t]*(?:\r?\n|$)/, ""));
}
