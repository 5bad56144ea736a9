/**
 * What `--version` prints.
 *
 * @module
 */

import manifest from "../../deno.json" with { type: "json" };

/** Gives version, Deno's version and platform in one line. */
export function versionLine(): string {
  const { os, arch } = Deno.build;
  return `netwright ${manifest.version} (deno ${Deno.version.deno}, ${os} ${arch})`;
}
