/**
 * A folder of this computer as one side of a mirror.
 *
 * @module
 */

import { escapeForDisplay, NetwrightError } from "../../net/mod.ts";
import { checkName, partialPath, requireEveryName, sha256 } from "../../stores/internal.ts";
import { DiskTree } from "../../stores/mod.ts";
import type {
  FileFacts,
  MirrorEntry,
  MirrorFacts,
  MirrorListing,
  MirrorPath,
  MirrorSession,
  MirrorSide,
  MirrorWrite,
} from "./side.ts";

/** How a folder is used. */
export interface DiskSideOptions {
  /** Whether only names are taken that are good on all platforms. @default {false} */
  readonly portable?: boolean | undefined;
  /** Whether names are the same that differ in case or normal form only. @default {true on macOS and Windows} */
  readonly folding?: boolean | undefined;
  /**
   * Makes a link; resolves to false if it cannot be made. Without it this side makes links itself, which requires
   * permissions that no folder limits.
   */
  readonly makeLink?: ((path: MirrorPath, target: string) => Promise<boolean>) | undefined;
}

/** A folder; links in it never lead out of it. */
export class DiskSide implements MirrorSide {
  readonly keepsTimes = true;
  readonly keepsModes: boolean = Deno.build.os !== "windows";
  readonly #tree: DiskTree;
  readonly #options: { readonly portable: boolean; readonly folding: boolean };
  readonly #makeLink: (path: MirrorPath, target: string) => Promise<boolean>;

  /**
   * Uses a folder.
   * @param root The folder.
   * @param options The names that it allows.
   */
  constructor(root: string, options: DiskSideOptions = {}) {
    this.#tree = new DiskTree(root);
    const { portable = false, folding = ["darwin", "windows"].includes(Deno.build.os) } = options;
    this.#options = { portable, folding: folding || portable };
    this.#makeLink = options.makeLink ?? (async (path, target) => {
      await this.#tree.makeLink(path, target);
      return true;
    });
  }

  check(name: string): void {
    checkName(name, this.#options);
  }

  partialName(name: string, version: string): string {
    return partialPath(name, version);
  }

  requireEveryName(): void {
    requireEveryName();
  }

  fold(name: string): string {
    return this.#options.folding ? name.normalize("NFC").toLowerCase() : name;
  }

  open(): Promise<MirrorSession> {
    return Promise.resolve(new DiskSession(this.#tree, this.#makeLink));
  }
}

class DiskSession implements MirrorSession {
  readonly isClosed = false;
  readonly isNear = true;
  readonly makeLink: MirrorSession["makeLink"];
  readonly #tree: DiskTree;

  constructor(tree: DiskTree, makeLink: MirrorSession["makeLink"]) {
    this.#tree = tree;
    this.makeLink = makeLink;
  }

  async hasRoot(): Promise<boolean> {
    return await this.#tree.stat([]) !== undefined;
  }

  async makeRoot(): Promise<void> {
    await this.#tree.makeRoot();
  }

  async list(path: MirrorPath): Promise<MirrorListing> {
    const entries: MirrorEntry[] = [];
    const refused: Error[] = [];
    for (const [name, entry] of await this.#tree.list(path)) {
      try {
        checkName(name, { portable: false });
        if (entry.isUnreadable) {
          throw new NetwrightError(`the name is not UTF-8: "${escapeForDisplay(name)}"`, {
            operation: "read a file",
          });
        }
        entries.push({ name, ...entry, precision: "second" });
      } catch (error) {
        if (!(error instanceof NetwrightError)) throw error;
        refused.push(error);
      }
    }
    return { entries, refused };
  }

  async facts(path: MirrorPath): Promise<FileFacts> {
    return await this.#tree.stat(path) ?? {};
  }

  keepsTimes(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async checksum(path: MirrorPath): Promise<string> {
    return await sha256(this.read(path, 0));
  }

  async *read(
    path: MirrorPath,
    offset: number,
    onFacts?: (facts: FileFacts) => void,
  ): AsyncGenerator<Uint8Array> {
    onFacts?.(await this.facts(path));
    yield* await this.#tree.read(path, offset);
  }

  async write(
    path: MirrorPath,
    content: AsyncIterable<Uint8Array>,
    file: MirrorWrite,
  ): Promise<void> {
    await this.#tree.writePart(path, content, file);
  }

  async makeFolder(path: MirrorPath): Promise<void> {
    try {
      await this.#tree.makeFolder(path);
    } catch (error) {
      if ((await this.#tree.stat(path))?.kind !== "folder") throw error;
    }
  }

  async settle(path: MirrorPath, { modified, mode }: MirrorFacts): Promise<boolean> {
    if (mode !== undefined) await this.#tree.setMode(path, mode & 0o777);
    if (modified !== undefined) await this.#tree.setModified(path, modified);
    return true;
  }

  async rename(from: MirrorPath, to: MirrorPath): Promise<void> {
    await this.#tree.rename(from, to);
  }

  async remove(path: MirrorPath): Promise<void> {
    await this.#tree.remove(path);
  }

  async removeFolder(path: MirrorPath): Promise<void> {
    await this.#tree.removeFolder(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
