/**
 * The capabilities of a piece of code, in the words of Deno's `--allow-*` flags.
 *
 * @module
 */

import { matchHost, matchPath } from "./_scope_match.ts";
import { UsageError } from "../core/errors.ts";

export { firstOfRange } from "./_scope_match.ts";

/** `true` is everything of its kind; a list is what its patterns match; absent is nothing. */
export type Scope = true | readonly string[];

/**
 * Lists of patterns with exactly the meaning of Deno's `--allow-*` flags.
 *
 * A UNIX socket is written once, in `net`, as `unix:/path`; further permissions that the runtime requires for it are
 * added by {@link toFlags} and {@link toWorkerPermissions}.
 */
export interface Capabilities {
  /** Hosts, with or without a port: `example.org:21`, `[::1]:7`, `10.0.0.0/8`, `unix:/path`. */
  readonly net?: Scope;
  /** Files and folders that may be read. */
  readonly read?: Scope;
  /** Files and folders that may be written. */
  readonly write?: Scope;
  /** Environment variables. */
  readonly env?: Scope;
  /** Programs that may be started. */
  readonly run?: Scope;
  /** Dynamic libraries that may be loaded. */
  readonly ffi?: Scope;
  /** Facts of the system: `hostname`, `networkInterfaces`, … */
  readonly sys?: Scope;
}

/** A kind of capability. */
export type CapabilityKind = keyof Capabilities;

/** All kinds, in the order in which they are printed. */
export const CAPABILITY_KINDS: readonly CapabilityKind[] = [
  "net",
  "read",
  "write",
  "env",
  "run",
  "ffi",
  "sys",
];

/** Everything; for programs that narrow it themselves. */
export const ALL_CAPABILITIES: Capabilities = Object.freeze({
  net: true,
  read: true,
  write: true,
  env: true,
  run: true,
  ffi: true,
  sys: true,
});

/** One thing that is wanted: a kind and a pattern, or all of the kind. */
export interface PermissionRequest {
  /** The kind. */
  readonly kind: CapabilityKind;
  /** The pattern; absent means everything of the kind. */
  readonly pattern?: string;
}

/**
 * Lists capabilities one by one, as the runtime requires them: a UNIX socket needs its path read and written too.
 *
 * @param capabilities The capabilities.
 * @returns Each kind and pattern once, sorted by kind.
 */
export function permissionRequests(capabilities: Capabilities): PermissionRequest[] {
  const expanded = expandUnixSockets(capabilities);
  const result: PermissionRequest[] = [];
  for (const kind of CAPABILITY_KINDS) {
    const scope = expanded[kind];
    if (scope === true) result.push({ kind });
    else for (const pattern of new Set(scope)) result.push({ kind, pattern });
  }
  return result;
}

/**
 * Checks whether capabilities cover others.
 *
 * @param have What there is.
 * @param want The capabilities to be covered.
 * @returns Whether each pattern of `want` is covered by one of `have`.
 *
 * @example A host covers all of its ports
 * ```ts
 * import { covers } from "./capabilities.ts";
 * if (!covers({ net: ["::1"] }, { net: ["[::1]:21"] })) throw new Error("narrower is covered");
 * if (covers({ net: ["a:21"] }, { net: ["a"] })) throw new Error("wider is not");
 * ```
 */
export function covers(have: Capabilities, request: Capabilities): boolean {
  return missing(have, request) === undefined;
}

/**
 * Finds the first thing that is wanted and not had.
 *
 * @param have What there is.
 * @param want The capabilities to be covered.
 * @returns The first that is missing, or undefined if all is there.
 */
export function missing(have: Capabilities, request: Capabilities): PermissionRequest | undefined {
  for (const kind of CAPABILITY_KINDS) {
    const scope = have[kind] ?? [];
    const requested = request[kind] ?? [];
    if (scope === true) continue;
    if (requested === true) return { kind };
    const pattern = requested.find((pattern) => !scope.some((had) => MATCH[kind](had, pattern)));
    if (pattern !== undefined) return { kind, pattern };
  }
  return undefined;
}

/**
 * Adds several capabilities up.
 *
 * @param list Any number of them.
 * @returns The union, each pattern once.
 */
export function union(...list: readonly Capabilities[]): Capabilities {
  const result: { -readonly [K in CapabilityKind]?: Scope } = {};
  for (const kind of CAPABILITY_KINDS) {
    const scopes = list.map((capabilities) => capabilities[kind] ?? []);
    if (scopes.includes(true)) result[kind] = true;
    else {
      const patterns = new Set(scopes.flatMap((scope) => scope === true ? [] : scope));
      if (patterns.size > 0) result[kind] = [...patterns];
    }
  }
  return result;
}

/**
 * Spells one thing as a flag of `deno run`.
 *
 * @param want The capability.
 * @returns Such as `--allow-net=example.org:21` or `--allow-sys`.
 */
export function toFlag({ kind, pattern }: PermissionRequest): string {
  return pattern === undefined ? `--allow-${kind}` : `--allow-${kind}=${pattern}`;
}

/**
 * Spells capabilities as flags of `deno run`.
 *
 * @param capabilities The capabilities.
 * @returns A flag for each kind that is not empty.
 * @throws {UsageError} If a pattern holds a comma, which the flags cannot express.
 *
 * @example One host, one folder
 * ```ts
 * import { toFlags } from "./capabilities.ts";
 * const flags = toFlags({ net: ["example.org:21"], write: ["/tmp/in"] });
 * if (flags.join(" ") !== "--allow-net=example.org:21 --allow-write=/tmp/in") throw flags;
 * ```
 */
export function toFlags(capabilities: Capabilities): string[] {
  const expanded = expandUnixSockets(capabilities);
  return CAPABILITY_KINDS.flatMap((kind) => {
    const scope = expanded[kind];
    if (scope === undefined) return [];
    if (scope === true) return [toFlag({ kind })];
    if (scope.length === 0) return [];
    for (const pattern of scope) {
      if (pattern.includes(",")) {
        throw new UsageError(`a permission cannot hold a comma: ${JSON.stringify(pattern)}`);
      }
    }
    return [toFlag({ kind, pattern: [...new Set(scope)].join(",") })];
  });
}

/** What `deno: { permissions }` of a Worker takes. */
export type WorkerPermissions = {
  readonly [K in CapabilityKind | "import"]: boolean | string[];
};

/**
 * Formats capabilities as the permissions of a Worker; all others are refused.
 *
 * @param capabilities The capabilities of the Worker.
 * @returns A value for `deno: { permissions }`.
 */
export function toWorkerPermissions(capabilities: Capabilities): WorkerPermissions {
  const expanded = expandUnixSockets(capabilities);
  const permissions: Record<string, boolean | string[]> = { import: false };
  for (const kind of CAPABILITY_KINDS) {
    const scope = expanded[kind];
    permissions[kind] = scope === true || (scope !== undefined && scope.length > 0 && [...scope]);
  }
  return permissions as WorkerPermissions;
}

// Deno asks for a UNIX socket's path to be readable and writable; since 2.9 also for `unix:` in net.
const NET_KNOWS_UNIX = isAtLeast(2, 9);

function expandUnixSockets(capabilities: Capabilities): Capabilities {
  const { net } = capabilities;
  if (net === undefined || net === true) return capabilities;
  const sockets = net.filter((pattern) => pattern.startsWith("unix:"));
  if (sockets.length === 0) return capabilities;
  const paths = sockets.map((pattern) => pattern.slice("unix:".length));
  return {
    ...union(capabilities, { read: paths, write: paths }),
    net: NET_KNOWS_UNIX ? net : net.filter((pattern) => !pattern.startsWith("unix:")),
  };
}

function isAtLeast(major: number, minor: number): boolean {
  const [haveMajor = 0, haveMinor = 0] = Deno.version.deno.split(".").map(Number);
  return haveMajor > major || (haveMajor === major && haveMinor >= minor);
}

const matchExactly = (had: string, requested: string): boolean => had === requested;
const MATCH: Record<CapabilityKind, (had: string, requested: string) => boolean> = {
  net: matchHost,
  read: matchPath,
  write: matchPath,
  ffi: matchPath,
  env: (had, requested) =>
    had.endsWith("*") ? requested.startsWith(had.slice(0, -1)) : matchExactly(had, requested),
  run: matchExactly,
  sys: matchExactly,
};
