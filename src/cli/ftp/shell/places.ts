/**
 * The current folders of a shell: one of the server, and a local one below which all of its files are.
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import { asEntryName, type FtpClient } from "../../../protocols/ftp/mod.ts";
import { DiskTree } from "../../../stores/mod.ts";
import type { FtpWorkplace } from "../action.ts";
import type { FtpSessions } from "../connect.ts";
import type { FtpNames, FtpTarget } from "../target.ts";

/** A name in a folder. */
export interface ListedName {
  /** The name. */
  readonly name: string;
  /** Whether it is a folder, or may be one. */
  readonly isFolder: boolean;
}

/** The place of a shell, which its commands see operands from. */
export class ShellPlaces implements FtpNames, FtpWorkplace {
  readonly #target: FtpTarget;
  readonly #sessions: FtpSessions;
  readonly #tree: DiskTree;
  readonly #root: string;
  #home = "/";
  #folder = "/";
  #localFolder: readonly string[] = [];

  /**
   * @param target The server, and where to begin.
   * @param sessions Sessions with it.
   * @param root The local folder.
   */
  constructor(target: FtpTarget, sessions: FtpSessions, root: string) {
    this.#target = target;
    this.#sessions = sessions;
    this.#root = root.replace(/(?<=.)\/+$/, "");
    this.#tree = new DiskTree(root);
  }

  /** The folder of the server. */
  get folder(): string {
    return this.#folder;
  }

  /** The current local folder, as the process sees it. */
  get localFolder(): string {
    return [this.#root, ...this.#localFolder].join("/");
  }

  /** Connects, and goes where the URL says. */
  async open(): Promise<void> {
    const { path } = this.#target;
    const [home, folder] = await this.use(this.#target, async (client) => {
      const home = await client.pwd();
      if (path !== "") await client.cd(path);
      return [home, await client.pwd()];
    });
    this.#home = home;
    this.#folder = folder;
  }

  /**
   * Goes to another folder of the server.
   * @param operand Its path; where one lands if absent.
   */
  async cd(operand?: string): Promise<void> {
    const path = operand === undefined ? this.#home : this.remotePath(operand);
    this.#folder = await this.use(this.#target, async (client) => {
      await client.cd(path);
      return await client.pwd();
    });
  }

  /**
   * Changes the local folder.
   * @param operand Its path; the first one if absent.
   */
  async lcd(operand?: string): Promise<void> {
    const parts = operand === undefined ? [] : this.#localParts(operand);
    if ((await this.#tree.stat(parts))?.kind !== "folder") {
      throw new UsageError("no such folder here", { peer: operand });
    }
    this.#localFolder = parts;
  }

  remote(operand: string): FtpTarget {
    return { ...this.#target, path: this.remotePath(operand) };
  }

  remotePath(operand: string): string {
    if (operand === "") throw new UsageError("an empty path names nothing");
    const fromHome = operand === "~" || operand.startsWith("~/");
    const base = operand.startsWith("/") ? "" : fromHome ? this.#home : this.#folder;
    const parts = resolve(`${base}/${fromHome ? operand.slice(1) : operand}`);
    return `/${parts.join("/")}${parts.length > 0 && operand.endsWith("/") ? "/" : ""}`;
  }

  local(operand: string): string {
    return [this.#root, ...this.#localParts(operand)].join("/") +
      (operand.endsWith("/") ? "/" : "");
  }

  /**
   * Resolves the path of a local file.
   * @param path As {@link ShellPlaces.local} gave it.
   * @returns Its names below the folder that all files are in.
   */
  below(path: string): string[] {
    return resolve(path.slice(this.#root.length));
  }

  async use<T>(target: FtpTarget, act: (client: FtpClient) => Promise<T>): Promise<T> {
    return await this.#sessions.use(target, act);
  }

  async connect(target: FtpTarget): Promise<FtpClient> {
    return await this.#sessions.connect(target);
  }

  /** Lists a folder of the server; names that nothing should be called are left out. */
  async names(path: string): Promise<ListedName[]> {
    return await this.use(this.#target, async (client) => {
      const names: ListedName[] = [];
      for await (const { name, kind } of client.list(path, { onUnknown: () => {} })) {
        try {
          names.push({ name: name.validate(asEntryName), isFolder: kind === "folder" });
        } catch {
          // Such as one with a slash in it.
        }
      }
      return names;
    });
  }

  /** Lists a local folder. */
  async localNames(operand: string): Promise<ListedName[]> {
    const entries = await this.#tree.list(
      operand === "" ? this.#localFolder : this.#localParts(operand),
    );
    return entries.map(([name, { kind }]) => ({ name, isFolder: kind === "folder" }));
  }

  #localParts(operand: string): string[] {
    const isAbsolute = operand.startsWith("/");
    if (isAbsolute && !(`${operand}/`.startsWith(`${this.#root}/`))) throw this.#outside(operand);
    const parts: string[] = isAbsolute ? [] : [...this.#localFolder];
    for (const part of (isAbsolute ? operand.slice(this.#root.length) : operand).split("/")) {
      if (part === "..") {
        if (parts.pop() === undefined) throw this.#outside(operand);
      } else if (part !== "" && part !== ".") parts.push(part);
    }
    return parts;
  }

  #outside(operand: string): UsageError {
    return new UsageError(`this is outside of ${this.#root}`, {
      peer: operand,
      hint: "--local names another folder",
    });
  }
}

/** The names of a path, without `.` and `..`; above the root there is the root. */
function resolve(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts;
}
