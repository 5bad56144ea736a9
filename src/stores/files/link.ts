/**
 * Symbolic links within a tree.
 *
 * @module
 */

/**
 * Checks whether a link leads to a place inside the tree, whatever other links there are in it: `..` is allowed at
 * its beginning only, for behind the name of another link it would lead elsewhere.
 *
 * @param path Where it is: the parts of its path below the root of the tree.
 * @param target The target of the link.
 * @returns Whether it does.
 */
export function isWithinRoot(path: readonly string[], target: string): boolean {
  if (target === "" || target.startsWith("/") || /[\x00-\x1f\x7f\\]|^[a-z]:/i.test(target)) {
    return false;
  }
  const parts = target.split("/").filter((part) => part !== "." && part !== "");
  const names = parts.findIndex((part) => part !== "..");
  const climbs = names < 0 ? parts.length : names;
  return climbs < path.length && !parts.slice(climbs).includes("..");
}
