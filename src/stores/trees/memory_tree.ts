// deno-lint-ignore-file require-await -- a disk would wait
/**
 * A tree of files in memory: gone when the program ends.
 *
 * @module
 */

import { concat } from "../../net/internal.ts";
import { type FileTree, type TreeEntry, TreeError, type TreeWriteOptions } from "./file_tree.ts";

interface MemoryFile {
  readonly kind: "file";
  bytes: Uint8Array;
  modified: Date;
  mode: number;
}

interface MemoryFolder {
  readonly kind: "folder";
  readonly entries: Map<string, MemoryNode>;
  modified: Date;
  mode: number;
}

interface MemoryLink {
  readonly kind: "link";
  readonly target: string;
  modified: Date;
  mode: number;
}

type MemoryNode = MemoryFile | MemoryFolder | MemoryLink;

/** Options of a {@link MemoryTree}. */
export interface MemoryTreeOptions {
  /** Most bytes of all files together. @default {1 GiB} */
  readonly maxBytes?: number | undefined;
}

/**
 * Keeps files in memory.
 *
 * @example A file
 * ```ts
 * import { MemoryTree } from "@netwright/netwright/stores";
 * const tree = new MemoryTree();
 * await tree.write(["hello.txt"], (async function* () {
 *   yield new TextEncoder().encode("hello");
 * })());
 * if ((await tree.stat(["hello.txt"]))?.size !== 5) throw new Error("not there");
 * ```
 */
export class MemoryTree implements FileTree {
  readonly #root = newFolder();
  readonly #maxBytes: number;
  #bytes = 0;

  /**
   * Makes an empty tree.
   * @param options Its limit.
   */
  constructor(options: MemoryTreeOptions = {}) {
    this.#maxBytes = options.maxBytes ?? 1024 ** 3;
  }

  #find(path: readonly string[]): MemoryNode | undefined {
    let node: MemoryNode | undefined = this.#root;
    for (const part of path) {
      if (node?.kind === "link") throw new TreeError("denied", { operation: "go through a link" });
      node = node?.kind === "folder" ? node.entries.get(part) : undefined;
    }
    return node;
  }

  #get(path: readonly string[]): MemoryNode {
    const node = this.#find(path);
    if (node === undefined) throw new TreeError("not found");
    return node;
  }

  /** Looks up anything but a link, for that would lead elsewhere. */
  #own(path: readonly string[]): MemoryFile | MemoryFolder {
    const node = this.#get(path);
    if (node.kind === "link") throw new TreeError("denied", { operation: "change through a link" });
    return node;
  }

  #folder(path: readonly string[]): MemoryFolder {
    const node = this.#get(path);
    if (node.kind !== "folder") throw new TreeError("no folder");
    return node;
  }

  #parent(path: readonly string[]): [folder: MemoryFolder, name: string] {
    const name = path.at(-1);
    if (name === undefined) throw new TreeError("denied");
    return [this.#folder(path.slice(0, -1)), name];
  }

  async stat(path: readonly string[]): Promise<TreeEntry | undefined> {
    const node = this.#find(path);
    return node && describe(node);
  }

  async list(path: readonly string[]): Promise<(readonly [string, TreeEntry])[]> {
    return [...this.#folder(path).entries].sort(([a], [b]) => a < b ? -1 : 1)
      .map(([name, node]) => [name, describe(node)] as const);
  }

  async read(path: readonly string[], offset: number): Promise<AsyncIterable<Uint8Array>> {
    const node = this.#get(path);
    if (node.kind === "folder") throw new TreeError("is a folder");
    if (node.kind === "link") throw new TreeError("denied", { operation: "read through a link" });
    const { bytes } = node;
    return (async function* () {
      for (let at = offset; at < bytes.length; at += 65_536) yield bytes.slice(at, at + 65_536);
    })();
  }

  async write(
    path: readonly string[],
    content: AsyncIterable<Uint8Array>,
    { at, keepNew = false }: TreeWriteOptions = {},
  ): Promise<void> {
    const before = this.#find(path);
    this.#parent(path);
    if (before?.kind === "folder") throw new TreeError("is a folder");
    if (before?.kind === "link") {
      throw new TreeError("denied", { operation: "write through a link" });
    }
    const old = before?.kind === "file" ? before.bytes : new Uint8Array(0);
    const start = typeof at === "number" ? at : 0;
    if (start > old.length) throw new TreeError("denied", { operation: "write behind the end" });
    let bytes = old.slice(0, start);
    let length = start;
    try {
      for await (const piece of content) {
        if (this.#bytes - old.length + length + piece.length > this.#maxBytes) {
          throw new TreeError("full");
        }
        if (length + piece.length > bytes.length) {
          const larger = new Uint8Array(Math.max(length + piece.length, bytes.length * 2));
          larger.set(bytes.subarray(0, length));
          bytes = larger;
        }
        bytes.set(piece, length);
        length += piece.length;
      }
    } catch (error) {
      const isBroken = !(error instanceof TreeError);
      if (keepNew && isBroken && before === undefined && at === undefined && length > 0) {
        this.#putFile(path, bytes.slice(0, length), before);
      }
      throw error;
    } finally {
      // Bytes written in place stay as far as they arrived.
      if (at === "end") this.#append(path, bytes.subarray(0, length));
      else if (at !== undefined) this.#putFile(path, bytes.slice(0, length), before);
    }
    if (at === undefined) this.#putFile(path, bytes.slice(0, length), before);
  }

  #append(path: readonly string[], added: Uint8Array): void {
    const before = this.#find(path);
    const old = before?.kind === "file" ? before.bytes : new Uint8Array(0);
    this.#putFile(path, concat([old, added]), before);
  }

  #putFile(path: readonly string[], bytes: Uint8Array, before: MemoryNode | undefined): void {
    const mode = before?.kind === "file" ? before.mode : 0o644;
    this.#put(path, { kind: "file", bytes, modified: new Date(), mode });
  }

  #put(path: readonly string[], node: MemoryNode): void {
    const [folder, name] = this.#parent(path);
    this.#bytes += sizeOf(node) - sizeOf(folder.entries.get(name));
    folder.entries.set(name, node);
    folder.modified = new Date();
  }

  async makeLink(path: readonly string[], target: string): Promise<void> {
    if (this.#find(path)?.kind === "folder") throw new TreeError("is a folder");
    this.#put(path, { kind: "link", target, modified: new Date(), mode: 0o777 });
  }

  async makeFolder(path: readonly string[]): Promise<void> {
    const [folder, name] = this.#parent(path);
    if (folder.entries.has(name)) throw new TreeError("exists");
    folder.entries.set(name, newFolder());
    folder.modified = new Date();
  }

  async removeFolder(path: readonly string[]): Promise<void> {
    if (this.#folder(path).entries.size > 0) throw new TreeError("not empty");
    const [folder, name] = this.#parent(path);
    folder.entries.delete(name);
  }

  async remove(path: readonly string[]): Promise<void> {
    const node = this.#get(path);
    if (node.kind === "folder") throw new TreeError("is a folder");
    const [folder, name] = this.#parent(path);
    folder.entries.delete(name);
    this.#bytes -= sizeOf(node);
  }

  async rename(from: readonly string[], to: readonly string[]): Promise<void> {
    const node = this.#get(from);
    const [source, name] = this.#parent(from);
    const [target, newName] = this.#parent(to);
    if (from.every((part, i) => part === to[i]) && to.length >= from.length) {
      if (to.length === from.length) return;
      throw new TreeError("denied", { operation: "move a folder into itself" });
    }
    const there = target.entries.get(newName);
    if (there?.kind === "folder" || (there !== undefined && node.kind === "folder")) {
      throw new TreeError("exists");
    }
    this.#bytes -= sizeOf(there);
    source.entries.delete(name);
    target.entries.set(newName, node);
  }

  async setModified(path: readonly string[], time: Date): Promise<void> {
    this.#own(path).modified = time;
  }

  async setMode(path: readonly string[], mode: number): Promise<void> {
    this.#own(path).mode = mode;
  }
}

function newFolder(): MemoryFolder {
  return { kind: "folder", entries: new Map(), modified: new Date(), mode: 0o755 };
}

function sizeOf(node: MemoryNode | undefined): number {
  return node?.kind === "file" ? node.bytes.length : 0;
}

function describe(node: MemoryNode): TreeEntry {
  const { kind, modified, mode } = node;
  const target = node.kind === "link" ? node.target : undefined;
  return { kind, modified, mode, size: sizeOf(node), target };
}
