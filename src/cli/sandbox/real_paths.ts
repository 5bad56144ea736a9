/**
 * Files that the user names through symbolic links.
 *
 * @module
 */

import { type Capabilities, type Scope } from "../../net/mod.ts";

/**
 * Adds the real path of each file that is reached through a symbolic link: the runtime checks some calls against
 * the written path and others against the path that is really opened.
 *
 * @param capabilities The capabilities that the user named.
 * @returns The same, with the real path beside each path that leads through a link.
 */
export function withRealPaths(capabilities: Capabilities): Capabilities {
  const { read, write } = capabilities;
  return {
    ...capabilities,
    ...(read !== undefined && { read: addRealPaths(read) }),
    ...(write !== undefined && { write: addRealPaths(write) }),
  };
}

function addRealPaths(scope: Scope): Scope {
  if (scope === true) return scope;
  return [
    ...new Set(scope.flatMap((path) => {
      const real = realPath(path);
      return real === undefined || isSamePlace(path, real) ? [path] : [path, real];
    })),
  ];
}

/**
 * Resolves every link in a path.
 *
 * @param path The path; its end need not exist.
 * @returns The path without links; undefined if that is not possible, or may not be asked.
 */
export function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) return undefined;
  }
  const target = linkTarget(path);
  if (target !== undefined) return target;
  const cut = path.replace(/\/+$/, "").lastIndexOf("/");
  const parent = cut < 0 ? "." : cut === 0 ? "/" : path.slice(0, cut);
  if (parent === path) return undefined;
  const real = realPath(parent);
  return real === undefined ? undefined : `${real === "/" ? "" : real}/${path.slice(cut + 1)}`;
}

/** Where a link leads whose target does not exist yet. */
function linkTarget(path: string): string | undefined {
  try {
    const target = Deno.readLinkSync(path);
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    return realPath(target.startsWith("/") ? target : `${folder}${target}`);
  } catch {
    return undefined;
  }
}

/** Whether the written path has no link in it. */
function isSamePlace(path: string, real: string): boolean {
  if (path.startsWith("/")) return path.replace(/(?<=.)\/+$/, "") === real;
  const plain = path.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
  if (plain.split("/").includes("..")) return false;
  try {
    const folder = Deno.cwd();
    return real === (plain === "" || plain === "." ? folder : `${folder}/${plain}`);
  } catch {
    return false;
  }
}
