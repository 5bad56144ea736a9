/**
 * Where the program itself is, and how it is started.
 *
 * @module
 */

import { UnsupportedError } from "../../net/mod.ts";

/** The main module of this package in a registry: its name and version. */
const PUBLISHED = /^https?:\/\/[^/]+\/(@[\w-]+\/[\w-]+)\/(\d[\w.+-]*)\/main\.ts$/;

/** The address of the module that `deno run` starts. A bundle is its own; in a test, the main module is the test. */
export function mainModule(): string {
  return import.meta.url.endsWith(".ts")
    ? new URL("../../../main.ts", import.meta.url).href
    : Deno.mainModule;
}

/**
 * Gives what `deno run` takes to start the program from any folder.
 *
 * @returns Flags, and the file's path or the name in the registry.
 */
export function mainCommand(): { readonly flags: readonly string[]; readonly main: string } {
  const module = mainModule();
  const [, name, version] = PUBLISHED.exec(module) ?? [];
  // Without a deno.json the flags turn unstable features on.
  if (name !== undefined) return { flags: UNSTABLE_FLAGS, main: `jsr:${name}@${version}/cli` };
  const main = module.startsWith("file://") ? decodeURIComponent(new URL(module).pathname) : module;
  return { flags: [], main };
}

/** The unstable features that the program uses. */
const UNSTABLE_FLAGS = ["--unstable-net", "--unstable-worker-options"];

/**
 * Refuses a runtime without the features that the sandbox needs. Of Workers' permissions the runtime itself says so, and
 * ends the process.
 *
 * @param user What needs them.
 * @throws {UnsupportedError} If they are off.
 */
export function requireUnstable(user: string): void {
  if (typeof Deno.listenDatagram === "function") return;
  throw new UnsupportedError(`${user} requires ${UNSTABLE_FLAGS.join(" and ")}`, {
    hint: "give them to deno run or deno install",
  });
}
