/**
 * Resources of local folders, under URLs such as `file://docs/guide/start.md`, whose host stands for the folder.
 *
 * @module
 */

import { concat } from "../../../net/internal.ts";
import { NetwrightError } from "../../../net/mod.ts";
import { type FileTree, TreeError } from "../../../stores/mod.ts";
import { decodePage } from "../../web/mod.ts";
import { documentKind, readDocument } from "./document.ts";
import type { LinkSource, ResourceRequest, ResourceResult } from "./link_source.ts";

/** How folders are read. */
export interface FolderSourceOptions {
  /** The folders, by the hosts that stand for them. */
  readonly trees: ReadonlyMap<string, FileTree>;
  /** Maximum size of a document that is read, in bytes. */
  readonly maxBytes: number;
  /** Endings that are tried if there is no such file: `html` finds `about.html` for `about`. */
  readonly extensions: readonly string[];
}

/** What a folder shows, as servers and hosting sites have it. */
const INDEX = ["index.html", "index.htm", "index.md", "README.md", "readme.md"];

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  htm: "text/html",
  xhtml: "application/xhtml+xml",
  css: "text/css",
  md: "text/markdown",
  markdown: "text/markdown",
  xml: "application/xml",
};

/** Reads documents of local folders. */
export class FolderSource implements LinkSource {
  readonly #options: FolderSourceOptions;

  /**
   * @param options How.
   */
  constructor(options: FolderSourceOptions) {
    this.#options = options;
  }

  async request({ url, mode }: ResourceRequest): Promise<ResourceResult> {
    const tree = this.#options.trees.get(url.hostname);
    if (tree === undefined) return { outcome: "outside", reason: "outside of the folder" };
    let path: string[];
    try {
      path = url.pathname.split("/").filter((part) => part !== "").map(decodeURIComponent);
    } catch {
      return { outcome: "dead", reason: "malformed percent encoding" };
    }
    if (path.some((part) => part.includes("/") || part.includes("\0"))) {
      return { outcome: "dead", reason: "no such file" };
    }
    try {
      const found = await this.#find(tree, path, url.pathname.endsWith("/"));
      if (found === undefined) return { outcome: "dead", reason: "no such file" };
      if (found === "folder") return { outcome: "ok" };
      const type = typeOf(found.at(-1)!);
      const kind = mode === "check"
        ? undefined
        : documentKind(type, url.pathname, mode === "sitemap");
      if (kind === undefined) return { outcome: "ok", type };
      const bytes = await this.#read(tree, found);
      // Relative references count from the file, also where the URL is that of its folder.
      const base = new URL(`/${found.map(encodeURIComponent).join("/")}`, url);
      const document = await readDocument(kind, decodePage(bytes), base.href, false);
      return { outcome: "ok", type, bytes: bytes.length, document };
    } catch (error) {
      if (!(error instanceof NetwrightError)) throw error;
      const isOutside = error instanceof TreeError && error.kind === "is a link";
      return { outcome: isOutside ? "outside" : "failed", reason: error.reason };
    }
  }

  async #find(
    tree: FileTree,
    path: readonly string[],
    isFolder: boolean,
  ): Promise<readonly string[] | "folder" | undefined> {
    const entry = path.length === 0 ? undefined : await tree.stat(path);
    if (entry?.kind === "folder" || path.length === 0) {
      for (const name of INDEX) {
        const index = [...path, name];
        if ((await tree.stat(index))?.kind === "file") return index;
      }
      return "folder";
    }
    if (entry !== undefined && !isFolder) return path;
    for (const extension of isFolder ? [] : this.#options.extensions) {
      const other = [...path.slice(0, -1), `${path.at(-1)}.${extension}`];
      if ((await tree.stat(other))?.kind === "file") return other;
    }
    return undefined;
  }

  async #read(tree: FileTree, path: readonly string[]): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of await tree.read(path, 0)) {
      pieces.push(piece);
      if ((size += piece.length) > this.#options.maxBytes) {
        throw new NetwrightError(`larger than ${this.#options.maxBytes} bytes`);
      }
    }
    return concat(pieces);
  }
}

/**
 * Finds the documents of a folder, which a robot begins with.
 *
 * @param tree The folder.
 * @returns Their paths; nothing of hidden folders, and of those that hold packages.
 */
export async function* documentsOf(
  tree: FileTree,
  path: readonly string[] = [],
): AsyncGenerator<readonly string[]> {
  for (const [name, entry] of await tree.list(path)) {
    if (name.startsWith(".") || name === "node_modules") continue;
    const inner = [...path, name];
    if (entry.kind === "folder") yield* documentsOf(tree, inner);
    else if (entry.kind === "file" && /\.(?:html?|xhtml|md|markdown)$/i.test(name)) yield inner;
  }
}

function typeOf(name: string): string {
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return Object.hasOwn(TYPES, ending) ? TYPES[ending]! : "application/octet-stream";
}
