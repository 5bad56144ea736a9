/**
 * A page that lists a folder.
 *
 * @module
 */

import { escapeControls } from "../../net/mod.ts";
import type { PublicEntry } from "../../stores/internal.ts";

/**
 * Writes the page.
 *
 * @param path The folder's path as people read it, with a slash at both ends.
 * @param entries Its entries.
 * @returns HTML; names are escaped in text and in addresses.
 */
export function folderPage(path: string, entries: readonly PublicEntry[]): string {
  const rows = entries.map(({ name, kind, size, modified }) => {
    if (kind === "not UTF-8") {
      return `<tr><td>${escape(name)}<td>its name is not UTF-8<td>\n`;
    }
    const shown = kind === "folder" ? `${name}/` : name;
    const address = `./${encodeURIComponent(name)}${kind === "folder" ? "/" : ""}`;
    const date = modified.toISOString().slice(0, 16).replace("T", " ");
    const bytes = kind === "folder" ? "" : String(size);
    return `<tr><td><a href="${escape(address)}">${
      escape(shown)
    }</a><td>${date}<td class="size">${bytes}\n`;
  });
  const up = path === "/" ? "" : '<tr><td><a href="../">../</a><td><td>\n';
  return `<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(path)}</title>
<style>
:root { color-scheme: light dark }
body { font-family: system-ui, sans-serif; margin: 2em }
td { padding: 0.1em 1.5em 0.1em 0 }
.size { text-align: right }
</style>
<h1>${escape(path)}</h1>
<table>
${up}${rows.join("")}</table>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Controls and direction marks in names are escaped. */
function escape(text: string): string {
  return escapeControls(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
