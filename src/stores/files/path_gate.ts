/**
 * The one gate through which a name from the network becomes a local name.
 *
 * @module
 */

import { escapeControls, InjectionError, Tainted } from "../../net/mod.ts";

/** Names that Windows takes for devices, with any extension. */
const DEVICES = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i;
/** Which names a {@link PathGate} lets through. */
export interface PathGateOptions {
  /**
   * Whether names must be good on all platforms at once; else on this one. Climbing, control characters and
   * symbolic links are refused either way. @default {true}
   */
  readonly portable?: boolean | undefined;
}

/** Longest name that common file systems take, in bytes of UTF-8. */
const MAX_NAME_BYTES = 255;

/**
 * Lets local names through that stay inside one folder, and refuses all others.
 *
 * The rules are those of all platforms at once, so that stored files can be copied anywhere.
 *
 * @example A hostile name
 * ```ts
 * import { escapeControls, InjectionError, Tainted } from "@netwright/netwright/net";
 * import { PathGate } from "@netwright/netwright/stores";
 * const gate = new PathGate("/srv/files");
 * if (gate.admit("pub/readme.txt") !== "/srv/files/pub/readme.txt") throw new Error("wrong path");
 * let refused: unknown;
 * try {
 *   gate.admit("../etc/passwd");
 * } catch (error) {
 *   refused = error;
 * }
 * if (!(refused instanceof InjectionError)) throw new Error("was let through");
 * ```
 */
export class PathGate {
  /** The folder, without a slash at its end. */
  readonly root: string;
  readonly #portable: boolean;

  /**
   * Makes the gate of one folder.
   * @param root The folder.
   * @param options Which names it lets through.
   */
  constructor(root: string, options: PathGateOptions = {}) {
    this.#portable = options.portable ?? true;
    this.root = root.length > 1 ? root.replace(/\/+$/, "") : root;
  }

  /**
   * Makes a local path of a name from the network. Whether a part of it is a symbolic link is checked
   * by {@link refuseSymlinks}, when it is used.
   * @param name A relative name with slashes between its parts.
   * @returns The path inside the folder.
   * @throws {InjectionError} If the name is absolute, climbs, or holds a part that no file should bear.
   */
  admit(name: string | Tainted<string>): string {
    if (name instanceof Tainted) return name.validate((text) => this.admit(text));
    return `${this.root}/${checkName(name, { portable: this.#portable }).join("/")}`;
  }

  /**
   * Refuses a path that leads through a symbolic link.
   * @param path What {@link admit} gave.
   * @throws {InjectionError} If a part below the folder is a symbolic link.
   */
  refuseSymlinks(path: string): void {
    const parts = path.slice(this.root.length + 1).split("/");
    let at = this.root;
    for (const part of parts) {
      at += `/${part}`;
      let info: Deno.FileInfo;
      try {
        // Some microseconds: not worth the way to another thread.
        info = Deno.lstatSync(at);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return;
        throw error;
      }
      if (info.isSymlink) throw refusal(part, "it is a symbolic link");
    }
  }
}

/**
 * Checks a name from the network.
 *
 * @param name A relative name with slashes between its parts.
 * @param options Which names are let through.
 * @returns Its parts.
 * @throws {InjectionError} If it must not become a local name; the message says why.
 */
export function checkName(name: string, options: PathGateOptions = {}): string[] {
  const portable = (options.portable ?? true) || Deno.build.os === "windows";
  if (name === "") throw refusal(name, "it is empty");
  if (name.startsWith("/")) throw refusal(name, "it is absolute");
  if (portable && name.startsWith("\\")) throw refusal(name, "it is absolute");
  if (portable && /^[a-z]:/i.test(name)) throw refusal(name, "it begins with a drive");
  const parts = name.split("/");
  for (const part of parts) {
    checkPart(part, name);
    if (portable) checkPortable(part, name);
  }
  return parts;
}

function checkPart(part: string, name: string): void {
  if (part === "") throw refusal(name, "a part of it is empty");
  if (part === "." || part === "..") throw refusal(name, `it holds ${part}`);
  if (/[\x00-\x1f\x7f-\x9f]/.test(part)) throw refusal(name, "it holds a control character");
  if (!part.isWellFormed()) throw refusal(name, "it is not well-formed text");
  if (new TextEncoder().encode(part).length > MAX_NAME_BYTES) {
    throw refusal(name, `a part of it is longer than ${MAX_NAME_BYTES} bytes`);
  }
}

function checkPortable(part: string, name: string): void {
  if (/[\\<>:"|?*]/.test(part)) throw refusal(name, 'it holds one of \\ < > : " | ? *');
  if (/[. ]$/.test(part)) throw refusal(name, "a part of it ends with a dot or a space");
  if (DEVICES.test(part)) throw refusal(name, "it is the name of a device");
}

function refusal(name: string, reason: string): InjectionError {
  return new InjectionError(`${reason}: "${escapeControls(name, { maxLength: 200 })}"`, {
    operation: "use a name from the network",
  });
}
