/**
 * The folders that were named, and the URLs of their files.
 *
 * @module
 */

import type { FileTree } from "../../../stores/mod.ts";

/** A folder that was named. */
export interface FolderRoot {
  /** The host that stands for it. */
  readonly host: string;
  /** Its path, absolute and without `.` and `..`. */
  readonly path: readonly string[];
  /** Its files. */
  readonly tree: FileTree;
}

/** Finds files by URLs. */
export class FolderRoots {
  readonly #roots: readonly FolderRoot[];

  /**
   * @param roots The folders.
   */
  constructor(roots: readonly FolderRoot[]) {
    // A folder inside another one that was named has its own files.
    this.#roots = roots.toSorted((one, other) => other.path.length - one.path.length);
  }

  /** Gives the URL of a file. */
  urlOf(host: string, inside: readonly string[]): URL {
    const root = this.#roots.find((one) => one.host === host)!;
    return this.normalise(fileUrl(host, [...root.path, ...inside]));
  }

  /** Gives the URL of a reference that begins with a slash, which stands for the folder; undefined if it is none. */
  fromRoot(host: string, written: string): URL | undefined {
    const { path } = this.#roots.find((one) => one.host === host)!;
    const base = fileUrl(host, [...path, ""]);
    return URL.canParse(`.${written}`, base) ? new URL(`.${written}`, base) : undefined;
  }

  /** Gives a file in one of the folders its only URL: the host of the folder that holds it, and no query. */
  normalise(url: URL): URL {
    const path = partsOf(url);
    const root = path === undefined ? undefined : this.#holder(path);
    const result = new URL(url);
    if (root !== undefined) result.hostname = root.host;
    result.search = "";
    return result;
  }

  /** Finds the file of a URL; undefined if its encoding is malformed. */
  find(url: URL): { readonly tree: FileTree; readonly path: string[] } | "outside" | undefined {
    const path = partsOf(url);
    if (path === undefined) return undefined;
    const root = this.#holder(path);
    return root === undefined
      ? "outside"
      : { tree: root.tree, path: path.slice(root.path.length).filter((part) => part !== "") };
  }

  #holder(path: readonly string[]): FolderRoot | undefined {
    return this.#roots.find((root) => root.path.every((part, at) => part === path[at]));
  }
}

function fileUrl(host: string, path: readonly string[]): URL {
  return new URL(`file://${host}/${path.map(encodeURIComponent).join("/")}`);
}

function partsOf({ pathname }: URL): string[] | undefined {
  let path: string[];
  try {
    path = pathname.slice(1).split("/").map(decodeURIComponent);
  } catch {
    return undefined;
  }
  return path.some((part) => part.includes("/") || part.includes("\0")) ? undefined : path;
}
