/**
 * Standard input, output and error of a process that leaves its terminal.
 *
 * @module
 */

import { cString, errno, libc } from "../libc/libc.ts";
import { O_CLOEXEC, O_RDWR } from "../libc/linux.ts";
import { systemCallError } from "../libc/system_call_error.ts";

/** Replaces standard input, output and error by the null device, for who has no terminal any more. */
export function closeStandardStreams(): void {
  const system = libc();
  const context = { operation: "open", peer: "/dev/null" };
  const nothing = system.open(cString("/dev/null"), O_RDWR | O_CLOEXEC, 0);
  if (nothing < 0) throw systemCallError(errno(), context);
  for (const descriptor of [0, 1, 2]) {
    if (system.dup2(nothing, descriptor) < 0) throw systemCallError(errno(), context);
  }
  system.close(nothing);
}
