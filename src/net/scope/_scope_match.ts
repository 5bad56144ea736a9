/**
 * Whether one pattern of a permission lies within another, as the runtime sees it.
 *
 * @module
 */

import { formatIp, parseIp } from "../address/ip.ts";
import { Netmask } from "../address/netmask.ts";

/**
 * Compares patterns of `net`: host, host and port, `*.domain`, `unix:/path`, an IPv4 range.
 *
 * @param had What there is.
 * @param wanted The pattern to be covered.
 * @returns Whether everything that `wanted` stands for is in `had`.
 */
export function matchHost(had: string, requested: string): boolean {
  if (had.startsWith("unix:") || requested.startsWith("unix:")) return had === requested;
  const [hadHost, hadPort] = splitHost(had);
  const [host, port] = splitHost(requested);
  return hostWithin(hadHost, host) && (hadPort === undefined || hadPort === port);
}

function hostWithin(had: string, requested: string): boolean {
  if (had.startsWith("*.")) return requested.endsWith(had.slice(1)) && requested !== had.slice(1);
  const outer = parseRange(had);
  if (outer === undefined) return had === requested && had !== "";
  const inner = parseRange(requested) ?? parseRange(`${requested}/32`);
  return inner !== undefined && inner.mask.length >= outer.mask.length &&
    outer.mask.sameNetwork(outer.address, inner.address);
}

function parseRange(
  text: string,
): { address: NonNullable<ReturnType<typeof parseIp>>; mask: Netmask } | undefined {
  const range = /^([\d.]+)\/(\d{1,2})$/.exec(text);
  const address = parseIp(range?.[1] ?? "");
  const length = Number(range?.[2]);
  if (address === undefined || !(length <= 32)) return undefined;
  return { address, mask: new Netmask(length, 4) };
}

/**
 * Finds something inside an IPv4 range that can be asked about: the runtime answers nothing about ranges.
 *
 * @param pattern Any pattern of `net`.
 * @returns The range's first address, or the pattern itself.
 */
export function firstOfRange(pattern: string): string {
  const range = parseRange(pattern);
  return range === undefined ? pattern : formatIp(range.mask.network(range.address));
}

function splitHost(pattern: string): [host: string, port: string | undefined] {
  // Permissions are for an address, whichever interface leads to it.
  const lower = pattern.toLowerCase().replace(/%[^\]]*/, "");
  const bracket = /^\[([^\]]*)\](?::(\d+))?$/.exec(lower);
  if (bracket) return [bracket[1] ?? "", bracket[2]];
  const colon = lower.indexOf(":");
  // More than one colon without brackets: an IPv6 address without a port.
  if (colon < 0 || lower.includes(":", colon + 1)) return [lower, undefined];
  return [lower.slice(0, colon), lower.slice(colon + 1)];
}

/**
 * Compares paths by their names alone; a symbolic link is the runtime's business.
 *
 * @param had A file or folder.
 * @param wanted A file or folder.
 * @returns Whether `wanted` is `had` or below it. A relative path is within no absolute one.
 */
export function matchPath(had: string, requested: string): boolean {
  if (had === "" || requested === "") return false;
  const folder = pathParts(had);
  const path = pathParts(requested);
  if (folder[0] === "" ? path[0] !== "" : path[0] === "") return false;
  if (path.filter((part) => part === "..").length > folder.filter((part) => part === "..").length) {
    return false;
  }
  return folder.every((part, index) => part === path[index]);
}

/** The names of a path, `.` and what `..` undoes taken out; an absolute one begins with an empty name. */
function pathParts(path: string): string[] {
  const slashed = Deno.build.os === "windows" ? path.replaceAll("\\", "/") : path;
  const absolute = slashed.startsWith("/");
  const parts: string[] = [];
  for (const part of slashed.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!absolute) parts.push(part);
  }
  return absolute ? ["", ...parts] : parts;
}
