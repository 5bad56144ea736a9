/**
 * Resources of local folders, under URLs such as `file://docs/home/ann/docs/start.md`: the path is that of the file, the host stands for
 * the folder that was named.
 *
 * @module
 */

import { concat } from "../../../net/internal.ts";
import { LimitError, NetwrightError } from "../../../net/mod.ts";
import { type FileTree, TreeError } from "../../../stores/mod.ts";
import { decodePage } from "../../web/mod.ts";
import { documentKind, type DocumentLink, readDocument } from "./document.ts";
import { FolderRoots } from "./folder_roots.ts";
import type { LinkSource, ResourceRequest, ResourceResult } from "./link_source.ts";

/** How folders are read. */
export interface FolderSourceOptions {
  /** The folders. */
  readonly roots: FolderRoots;
  /** Maximum size of a document that is read, in bytes. */
  readonly maxBytes: number;
  /** Endings that are tried if there is no such file: `html` finds `about.html` for `about`. */
  readonly extensions: readonly string[];
}

/** Index files of folders, as on servers and hosting sites. */
const INDEX = ["index.html", "index.htm", "index.md", "README.md", "readme.md"];
/** Maximum number of symbolic links on the way to a file. */
const MAX_LINKS = 16;

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  htm: "text/html",
  xhtml: "application/xhtml+xml",
  css: "text/css",
  md: "text/markdown",
  markdown: "text/markdown",
  xml: "application/xml",
  svg: "image/svg+xml",
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
    const { roots, maxBytes } = this.#options;
    const place = roots.find(url);
    if (place === undefined) return { outcome: "dead", reason: "malformed percent encoding" };
    if (place === "outside") return { outcome: "outside", reason: "outside of the given folders" };
    const { tree, path } = place;
    try {
      const found = await this.#find(tree, path, url.pathname.endsWith("/"));
      if (found === undefined) return { outcome: "dead", reason: "no such file" };
      if (found === "outside") {
        return { outcome: "outside", reason: "a symbolic link that leads out of the folder" };
      }
      if (found === "folder") return { outcome: "ok" };
      // A page has one URL: that of its file.
      const location = roots.urlOf(url.hostname, found);
      if (location.pathname !== url.pathname) return { outcome: "redirect", location };
      const type = typeOf(found.at(-1)!);
      const kind = mode === "check"
        ? undefined
        : documentKind(type, url.pathname, mode === "sitemap");
      if (kind === undefined) return { outcome: "ok", type };
      const bytes = await read(tree, found, maxBytes);
      const document = await readDocument(kind, decodePage(bytes), url.href, false);
      const base = this.#baseOf(document.base, url);
      const links = document.links.map((link) => this.#place(link, base));
      return { outcome: "ok", type, bytes: bytes.length, document: { ...document, links } };
    } catch (error) {
      if (!(error instanceof NetwrightError)) throw error;
      const { reason } = error;
      return error instanceof LimitError
        ? { outcome: "ok", unread: reason }
        : { outcome: "failed", reason };
    }
  }

  /** What references count from: a base that begins with a slash is a folder of the one that was named. */
  #baseOf(text: string | undefined, url: URL): URL {
    const { roots } = this.#options;
    const base = new URL(text ?? url.href);
    if (base.protocol !== "file:" || roots.find(base) !== "outside") return base;
    return roots.fromRoot(url.hostname, base.pathname) ?? base;
  }

  /** A slash at the beginning stands for the folder that was named; queries mean nothing here. */
  #place(link: DocumentLink, base: URL): DocumentLink {
    const { roots } = this.#options;
    if (link.url === undefined || !link.url.startsWith("file:")) return link;
    const target = /^\s*\/(?!\/)/.test(link.written)
      ? roots.fromRoot(base.hostname, link.written.trim())
      : new URL(link.written.trim(), base);
    if (target === undefined) return { ...link, url: undefined };
    return { ...link, url: roots.normalise(target).href };
  }

  async #find(
    tree: FileTree,
    path: readonly string[],
    isFolder: boolean,
  ): Promise<readonly string[] | "folder" | "outside" | undefined> {
    const real = await followed(tree, path);
    if (real === undefined || real === "outside") {
      if (real === "outside" || isFolder || path.length === 0) return real;
      for (const extension of this.#options.extensions) {
        const other = [...path.slice(0, -1), `${path.at(-1)}.${extension}`];
        if ((await tree.stat(other))?.kind === "file") return other;
      }
      return undefined;
    }
    const entry = real.length === 0 ? undefined : await tree.stat(real);
    if (entry === undefined || entry.kind === "folder") {
      for (const name of INDEX) {
        const index = [...real, name];
        if ((await tree.stat(index))?.kind === "file") return index;
      }
      return "folder";
    }
    return isFolder ? undefined : real;
  }
}

/** Follows symbolic links as far as they stay inside; undefined if there is no such file. */
async function followed(
  tree: FileTree,
  path: readonly string[],
): Promise<readonly string[] | "outside" | undefined> {
  let rest = [...path];
  let done: string[] = [];
  for (let links = 0; rest.length > 0;) {
    const part = rest.shift()!;
    if (part === "." || part === "") continue;
    if (part === "..") {
      if (done.length === 0) return "outside";
      done = done.slice(0, -1);
      continue;
    }
    const here = [...done, part];
    const entry = await tree.stat(here);
    if (entry === undefined) return undefined;
    if (entry.kind !== "link") {
      done = here;
      continue;
    }
    if (++links > MAX_LINKS) return undefined;
    const target = entry.target ?? "";
    if (target === "" || target.startsWith("/")) return "outside";
    rest = [...target.split("/"), ...rest];
  }
  return done;
}

async function read(
  tree: FileTree,
  path: readonly string[],
  maxBytes: number,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of await tree.read(path, 0)) {
    pieces.push(piece);
    if ((size += piece.length) > maxBytes) {
      throw new LimitError(`larger than ${maxBytes} bytes`, { limit: maxBytes });
    }
  }
  return concat(pieces);
}

/**
 * Finds the documents of a folder, which a robot begins with.
 *
 * @param tree The folder.
 * @returns Their paths, and those of folders that cannot be listed; nothing of hidden folders, and of those that hold packages.
 */
export async function* documentsOf(
  tree: FileTree,
  path: readonly string[] = [],
): AsyncGenerator<readonly string[]> {
  let entries: Awaited<ReturnType<FileTree["list"]>>;
  try {
    entries = await tree.list(path);
  } catch (error) {
    // Whether something is in it cannot be said: it becomes a failure of its own.
    if (!(error instanceof TreeError) || path.length === 0) throw error;
    yield [...path, ""];
    return;
  }
  for (const [name, entry] of entries) {
    if (name.startsWith(".") || name === "node_modules") continue;
    const inner = [...path, name];
    if (entry.kind === "folder") yield* documentsOf(tree, inner);
    else if (entry.kind === "file" && isDocument(name)) yield inner;
  }
}

/** Whether a file is a page by its name. */
export function isDocument(name: string): boolean {
  return /\.(?:html?|xhtml|md|markdown)$/i.test(name);
}

function typeOf(name: string): string {
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return Object.hasOwn(TYPES, ending) ? TYPES[ending]! : "application/octet-stream";
}
