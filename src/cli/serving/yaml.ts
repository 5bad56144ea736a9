/**
 * Files that people write for us.
 *
 * @module
 */

import { escapeControls, UsageError } from "../../net/mod.ts";
import { readTextFile } from "../../stores/internal.ts";

/**
 * Reads a YAML file.
 *
 * @param path Its path.
 * @param content `text` reads every value as a string; `values` reads numbers and booleans too.
 * @returns The document.
 * @throws {UsageError} If it is empty, or is not YAML; the message names the line.
 * @throws {NetwrightError} If it cannot be read.
 */
export async function readYaml(path: string, content: "text" | "values"): Promise<unknown> {
  return await parseYaml(await readTextFile(path, { fatal: true }), path, content);
}

/**
 * Parses the text of a YAML file.
 *
 * @param text The text.
 * @param path The file's path, for messages.
 * @param content As for {@link readYaml}.
 * @returns The document.
 * @throws {UsageError} If it is empty, or is not YAML; the message names the line.
 */
export async function parseYaml(
  text: string,
  path: string,
  content: "text" | "values",
): Promise<unknown> {
  const { parse, YamlSyntaxError } = await import("@std/yaml");
  try {
    const data = parse(text, { schema: content === "text" ? "failsafe" : "default" });
    // An empty file would count as if it had not been named.
    if (data === null) throw new UsageError(`${path} is empty`);
    return data;
  } catch (error) {
    // The parser is recursive.
    if (error instanceof RangeError) throw new UsageError(`${path} is nested too deeply`);
    if (!(error instanceof YamlSyntaxError)) throw error;
    // The library adds an excerpt in further lines.
    const [reason = ""] = error.message.split(/ at line \d+|\n/);
    const column = /at line \d+, column (\d+)/.exec(error.message)?.[1] ?? "1";
    const shown = escapeControls(reason, { maxLength: 200 });
    throw new UsageError(`${path}:${error.line}:${column}: ${shown}`);
  }
}
