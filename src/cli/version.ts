/**
 * What `--version` prints.
 *
 * @module
 */

import manifest from "../../deno.json" with { type: "json" };
import { isRuntimeAtLeast, type RuntimeVersion } from "../net/internal.ts";

/** First version of the runtime that releases are made with. */
const FIRST_RELEASED: RuntimeVersion = [2, 9, 0];

/**
 * Warns of an executable on an older runtime, which has holes of its own: a module outside of the sandbox may be
 * read as JSON, a write outlives its connection, TLS is not served, only one address of a name is tried.
 *
 * @param version Version of the runtime.
 * @param standalone Whether this is an executable.
 * @returns One line; undefined if there is no warning.
 */
export function runtimeWarning(
  version: string = Deno.version.deno,
  standalone: boolean = Deno.build.standalone,
): string | undefined {
  if (!standalone || isRuntimeAtLeast(FIRST_RELEASED, version)) return undefined;
  return `a build for tests: its runtime, Deno ${version}, does not confine commands as releases do`;
}

/** The version of the program, such as `0.1.0`. */
export const VERSION: string = manifest.version;

/** Gives version, Deno's version and platform in one line. */
export function versionLine(): string {
  const { os, arch } = Deno.build;
  return `netwright ${VERSION} (deno ${Deno.version.deno}, ${os} ${arch})`;
}
