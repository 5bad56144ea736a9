/**
 * Standard input, output and error of a process that leaves its terminal.
 *
 * @module
 */

import { cString, errno, libc } from "../libc/libc.ts";
import { O_CLOEXEC, O_RDWR } from "../libc/linux.ts";
import { systemCallError } from "../libc/system_call_error.ts";

const F_DUPFD_CLOEXEC = 1030;
/** The copy is none of the standard streams. */
const FIRST_OTHER = 3;

/**
 * Replaces standard input, output and error by the null device, for who has no terminal any more.
 *
 * @param lastWords What whoever reads standard output is told when that is done.
 * @throws {SystemCallError} If the system does not permit it.
 */
export function closeStandardStreams(lastWords: string): void {
  const system = libc();
  const context = { operation: "open", peer: "/dev/null" };
  const nothing = system.open(cString("/dev/null"), O_RDWR | O_CLOEXEC, 0);
  if (nothing < 0) throw systemCallError(errno(), context);
  const output = system.fcntl(1, F_DUPFD_CLOEXEC, FIRST_OTHER);
  for (const descriptor of [0, 1, 2]) {
    if (system.dup2(nothing, descriptor) < 0) throw systemCallError(errno(), context);
  }
  system.close(nothing);
  const bytes = new TextEncoder().encode(lastWords);
  // Whoever has gone needs no words.
  system.write(output, bytes, BigInt(bytes.length));
  system.close(output);
}
