/**
 * Where the robot begins: URLs, local folders and files.
 *
 * @module
 */

import { toFileError } from "../../net/internal.ts";
import { UsageError } from "../../net/mod.ts";
import { parseWebUrl, type WebTarget } from "../http/options.ts";
import type { FolderStart } from "./plans.ts";

/** What operands name. */
export interface Starts {
  /** Resources of the Web. */
  readonly targets: readonly WebTarget[];
  /** Local folders. */
  readonly folders: readonly FolderStart[];
  /** Path of the working folder. */
  readonly working: readonly string[];
}

/**
 * Distinguishes URLs from local paths.
 *
 * @param operands The operands: an existing file or folder is that, everything else is a URL.
 * @returns The starts.
 * @throws {UsageError} If one is neither.
 */
export async function findStarts(operands: readonly string[]): Promise<Starts> {
  const targets: WebTarget[] = [];
  const folders: FolderStart[] = [];
  const names = new Set<string>();
  const working = workingFolder();
  for (const operand of operands) {
    if (operand === "") throw new UsageError("URL or folder is empty");
    if (/^(?:mailto|news|ftp|nntp|file|data):/i.test(operand)) {
      throw new UsageError(
        `${operand}: the robot begins with http: or https: URLs, or local paths`,
      );
    }
    const isUrl = /^[a-z][a-z\d+.-]*:\/\//i.test(operand);
    const kind = isUrl ? undefined : await kindOf(operand);
    if (kind === "other") throw new UsageError(`${operand}: neither a file nor a folder`);
    if (kind === undefined) {
      const isPath = /^(?:\.{0,2}\/|~|-$)|^[^.:]+\/|\.(?:html?|md)(?:[#?].*)?$/i.test(operand);
      if (!isUrl && isPath) {
        throw new UsageError(`${operand}: no such file or folder (a URL begins with http://)`);
      }
      targets.push(parseWebUrl(operand));
      continue;
    }
    const bare = operand.replace(/(?<=.)\/+$/, "");
    const at = bare.lastIndexOf("/");
    const folder = kind === "folder" ? bare : at < 0 ? "." : bare.slice(0, at) || "/";
    const file = kind === "folder" ? undefined : bare.slice(at + 1);
    if (file !== undefined && !/\.(?:html?|xhtml|md|markdown|css|xml|svg)$/i.test(file)) {
      throw new UsageError(`${operand}: only HTML, Markdown, CSS, XML and SVG are read`);
    }
    const path = pathOf(folder, working);
    const known = folders.find((one) => one.path.join("/") === path.join("/"));
    if (known !== undefined && known.file === file) continue;
    const host = known?.host ?? hostFor(folder, names);
    folders.push({ host, folder: known?.folder ?? folder, path, file });
  }
  return { targets, folders, working };
}

/** The path of the working folder; a stand-in of many components where that may not be asked. */
function workingFolder(): string[] {
  try {
    return Deno.cwd().split("/").filter((part) => part !== "");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    return Array.from({ length: 24 }, () => "(cwd)");
  }
}

/**
 * Gives the path of a folder or file in URLs.
 *
 * @param folder The path as given by the user.
 * @param working Path of the working folder.
 * @returns Its components, without `.` and `..`.
 */
export function pathOf(folder: string, working: readonly string[]): string[] {
  const parts = folder.startsWith("/") ? [] : [...working];
  for (const part of folder.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts;
}

async function kindOf(path: string): Promise<"folder" | "file" | "other" | undefined> {
  try {
    const { isDirectory, isFile } = await Deno.stat(path);
    return isDirectory ? "folder" : isFile ? "file" : "other";
  } catch (error) {
    // Who may not look, in place, was given a URL: the permissions of a folder include that.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) {
      return undefined;
    }
    throw toFileError(error, { peer: path });
  }
}

/** A name that may be the host of a URL, and is not taken. */
function hostFor(folder: string, taken: Set<string>): string {
  const last = folder.slice(folder.lastIndexOf("/") + 1).toLowerCase();
  const word = last.replace(/[^a-z\d-]+/g, "-").replace(/^-+|-+$/g, "");
  const base = /^[a-z][a-z\d-]{0,50}$/.test(word) && word !== "localhost" ? word : "folder";
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${base}-${number}`;
  taken.add(name);
  return name;
}
