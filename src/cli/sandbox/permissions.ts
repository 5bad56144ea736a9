/**
 * Compares the permissions of the process with the needs of a command: fewer are refused, more are narrowed by a Worker.
 *
 * @module
 */

import {
  CAPABILITY_KINDS,
  type CapabilityKind,
  covers,
  firstOfRange,
  type PermissionRequest,
  permissionRequests,
  toFlag,
  toFlags,
} from "../../net/internal.ts";
import { type Capabilities, CapabilityError, UnsupportedError } from "../../net/mod.ts";
import { mainCommand } from "./main_module.ts";

/** Names nothing real; a process that may reach it may reach more than any command needs. */
const PROBES: readonly PermissionRequest[] = [
  { kind: "net", pattern: "netwright-probe.invalid:1" },
  { kind: "read", pattern: "/netwright-probe" },
  { kind: "write", pattern: "/netwright-probe" },
  { kind: "env", pattern: "NETWRIGHT_PROBE" },
  { kind: "run", pattern: "netwright-probe" },
  { kind: "ffi", pattern: "/netwright-probe" },
  { kind: "sys", pattern: "loadavg" },
];

/**
 * Refuses to go on if the process lacks something.
 *
 * @param needs The capabilities of the command.
 * @throws {CapabilityError} Naming the first flag that is missing.
 */
export function requireHeld(needs: Capabilities): void {
  const lacking = permissionRequests(needs).find((request) => !isGranted(request));
  if (lacking === undefined) return;
  const flag = toFlag(lacking);
  throw new CapabilityError(`this command needs ${flag}`, {
    flag,
    hint: "run it with the flags that --permissions prints",
  });
}

/**
 * Checks whether the process has more permissions than needed, as far as the runtime can be queried: it lists
 * no grants, so each kind is probed with a name that no command needs, and each host
 * with a port that was not requested.
 *
 * @param needs The capabilities of the command.
 * @returns Whether a Worker would narrow anything.
 */
export function holdsMore(needs: Capabilities): boolean {
  const needed = permissionRequests(needs);
  const all = new Set(
    needed.filter(({ pattern }) => pattern === undefined).map(({ kind }) => kind),
  );
  const neighbours = needed.flatMap(({ kind, pattern }) =>
    kind === "net" && pattern !== undefined && /\]?:\d+$/.test(pattern) && pattern[0] !== "u"
      ? [{ kind, pattern: pattern.replace(/\d+$/, "65535") }]
      : []
  ).filter(({ pattern }) => !covers(needs, { net: [pattern] }));
  return [...PROBES, ...neighbours].some((request) => !all.has(request.kind) && isGranted(request));
}

/**
 * Gives up every permission of this process. Only a person at a terminal could give one back, and the
 * executable, which is made with `--no-prompt`, does not ask.
 */
export function revokeAll(): void {
  revoke(CAPABILITY_KINDS);
}

/**
 * Gives up permissions of this process or Worker.
 *
 * @param kinds Which, each as a whole.
 * @throws {UnsupportedError} If one cannot be given up.
 */
export function revoke(kinds: readonly CapabilityKind[]): void {
  for (const name of kinds) {
    Deno.permissions.revokeSync({ name });
    const { state } = Deno.permissions.querySync({ name });
    if (state === "granted") {
      throw new UnsupportedError(`the permission ${name} cannot be given up`);
    }
  }
}

function isGranted(request: PermissionRequest): boolean {
  try {
    return Deno.permissions.querySync(toDescriptor(request)).state === "granted";
  } catch (error) {
    // A pattern that the runtime cannot even parse is not granted.
    if (error instanceof TypeError || error instanceof URIError) return false;
    throw error;
  }
}

function toDescriptor({ kind, pattern }: PermissionRequest): Deno.PermissionDescriptor {
  if (pattern === undefined) return { name: kind };
  switch (kind) {
    case "net":
      return { name: kind, host: firstOfRange(pattern) };
    case "read":
    case "write":
    case "ffi":
      return { name: kind, path: pattern };
    case "env":
      return { name: kind, variable: pattern };
    case "run":
      return { name: kind, command: pattern };
    case "sys":
      return { name: kind, kind: pattern as NonNullable<Deno.SysPermissionDescriptor["kind"]> };
  }
}

/**
 * Prints what `--permissions` shows.
 *
 * @param needs The capabilities of the command.
 * @param words The command line without `--permissions`.
 * @returns Lines: each kind with its patterns, then the equal `deno run` command line.
 */
export function describePermissions(needs: Capabilities, words: readonly string[]): string[] {
  const lines = CAPABILITY_KINDS.flatMap((kind) => {
    const scope = needs[kind];
    if (scope === undefined || (scope !== true && scope.length === 0)) return [];
    return [`${kind.padEnd(5)} ${scope === true ? "everything" : [...new Set(scope)].join("  ")}`];
  });
  // The executable takes no flags: it gives itself these permissions, and no more.
  const { flags, main } = mainCommand();
  const command = Deno.build.standalone
    ? ["netwright", ...words]
    : ["deno", "run", "--no-prompt", ...flags, ...toFlags(needs), main, ...words];
  return [
    ...(lines.length > 0 ? lines : ["nothing"]),
    "",
    command.map(quoteForShell).join(" "),
  ];
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./\[\]*-]+$/.test(word) && !/[\[\]*]/.test(word)
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}
