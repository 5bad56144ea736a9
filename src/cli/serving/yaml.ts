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
 * @param path Which.
 * @returns The document: tables, lists, texts, numbers, booleans.
 * @throws {UsageError} If it is empty, or no YAML, saying in which line.
 * @throws {NetwrightError} If it cannot be read.
 */
export async function readYaml(path: string): Promise<unknown> {
  const text = await readTextFile(path);
  const { load, YAMLException } = await import("js-yaml");
  try {
    const data = load(text);
    // Nothing at all would count as if the file had not been named.
    if (data === undefined) throw new UsageError(`${path} is empty`);
    return data;
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // The library brings no types.
    const { reason, mark } = error as { reason: string; mark?: { line: number } };
    throw new UsageError(
      `${path}, line ${(mark?.line ?? 0) + 1}: ${escapeControls(reason, { maxLength: 200 })}`,
    );
  }
}
