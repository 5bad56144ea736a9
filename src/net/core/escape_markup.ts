/**
 * Text inside HTML and XML.
 *
 * @module
 */

const REFERENCES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Replaces the special characters of HTML and XML, so that a text is shown unchanged, also inside quotation marks.
 *
 * @param text The text.
 * @returns The same as markup.
 */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => REFERENCES[character]!);
}
