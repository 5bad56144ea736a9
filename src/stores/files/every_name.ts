/**
 * Whether the runtime lists every name of a folder.
 *
 * @module
 */

import { isRuntimeAtLeast, type RuntimeVersion } from "../../net/internal.ts";
import { UnsupportedError } from "../../net/mod.ts";

/** First release of the runtime that lists names whose bytes are not UTF-8. */
const FIRST_WITH_EVERY_NAME: RuntimeVersion = [2, 8, 3];

/**
 * Refuses runtimes that leave names out of a folder's listing when their bytes are not UTF-8: there, a name that is
 * not listed may exist.
 *
 * @param version Version of the runtime.
 * @throws {UnsupportedError} If it leaves names out.
 */
export function requireEveryName(version: string = Deno.version.deno): void {
  if (Deno.build.os === "windows" || isRuntimeAtLeast(FIRST_WITH_EVERY_NAME, version)) return;
  throw new UnsupportedError(
    `this build cannot list names that are not UTF-8: its runtime is Deno ${version}`,
    {
      operation: "list a folder",
      hint: `leave out --delete, or use Deno ${FIRST_WITH_EVERY_NAME.join(".")} or later`,
    },
  );
}
