/**
 * Starts the runtime again as a worker of a server.
 *
 * @module
 */

import { LIBC_PATHS, union } from "../../net/internal.ts";
import { type Capabilities, escapeControls, LimitError, LineReader } from "../../net/mod.ts";
import {
  closeDescriptor,
  makePipe,
  PipeReader,
  setBlocking,
  startChild,
} from "../../os/internal.ts";
import type { WorkerProcess } from "../workers/broker.ts";
import { MAX_ORDER_LENGTH, type WorkerOrder } from "../workers/worker_order.ts";
import { WORKER_VARIABLE } from "./worker_variable.ts";

/** How a program starts itself again as a worker. */
export interface WorkerProgram {
  /**
   * Makes the command line.
   * @param capabilities The capabilities of the process.
   * @param runOptions Options of `deno run` for a process that is narrowed.
   * @returns The command line; its first word is the program's name, whatever it is.
   */
  commandLine(capabilities: Capabilities, runOptions: readonly string[]): string[];
}

/**
 * Options for every narrowed process: no prompts, and no downloads, for which the runtime would need no permission of
 * the process.
 */
const RUN_OPTIONS: readonly string[] = ["--quiet", "--no-prompt", "--cached-only", "--no-npm"];

/** Maximum length of a line of a report. */
const MAX_LINE_BYTES = 16_384;

/**
 * Starts a process that executes an order.
 *
 * @param program How it is started.
 * @param order The order.
 * @param capabilities Its capabilities; the executable gives up all others before the first byte.
 * @param socket The connection that becomes its standard input and output, or the listening socket that it
 *   inherits; closed by the caller.
 * @param onReport Called for the lines of its report.
 * @returns The running process.
 * @throws {LimitError} If the order is too long.
 * @throws {SystemCallError} If the system does not permit it.
 */
export function startWorkerProcess(
  program: WorkerProgram,
  order: WorkerOrder,
  capabilities: Capabilities,
  socket: number | undefined,
  onReport: (lines: readonly string[]) => void,
): WorkerProcess {
  const { kind } = order.source;
  const shared = kind === "shared" ? socket : undefined;
  const ordered: WorkerOrder = shared === undefined
    ? order
    : { ...order, source: { kind: "shared", descriptor: shared } };
  const text = JSON.stringify(ordered);
  if (text.length > MAX_ORDER_LENGTH) {
    throw new LimitError(
      `certificate and options have more than ${MAX_ORDER_LENGTH} characters together`,
      { operation: "start a process", limit: MAX_ORDER_LENGTH },
    );
  }
  const [reading, reports] = makePipe();
  const [life, living] = kind === "connection" ? [] : makePipe();
  // Reports are small, and a writer that must not wait would lose some of them.
  setBlocking(reports, true);
  if (life !== undefined) setBlocking(life, true);
  const input = kind === "connection" ? socket : life;
  try {
    const child = startChild({
      program: "/proc/self/exe",
      argv: program.commandLine(union(capabilities, droppedPermissions(order)), RUN_OPTIONS),
      env: { [WORKER_VARIABLE]: text },
      // Standard output too: whatever a service prints must not reach its client.
      stdio: [input, reports, reports],
      inherit: shared === undefined ? [] : [shared],
    });
    let held = living;
    const retire = (): void => {
      if (held !== undefined) closeDescriptor(held);
      held = undefined;
    };
    const reader = new PipeReader(reading);
    const reported = readReports(reader, onReport, () => child.kill());
    const ended = Promise.all([child.status, reported]).then(([{ code, signal }, wrong]) => {
      retire();
      reader[Symbol.dispose]();
      if (wrong !== undefined) return wrong;
      return signal !== undefined ? `by signal ${signal}` : code !== 0 ? `with status ${code}` : "";
    });
    return { pid: child.pid, ended, retire, end: () => child.end(), kill: () => child.kill() };
  } catch (error) {
    closeDescriptor(reading);
    if (living !== undefined) closeDescriptor(living);
    throw error;
  } finally {
    closeDescriptor(reports);
    if (life !== undefined) closeDescriptor(life);
  }
}

/** The permissions that a worker drops before the first byte: for its order, and for the calls on its sockets. */
function droppedPermissions({ source }: WorkerOrder): Capabilities {
  return { env: [WORKER_VARIABLE], ...(source.kind !== "own" && { ffi: LIBC_PATHS }) };
}

/** Passes lines on until the end; resolves to the error of a malformed report, if any. */
async function readReports(
  reader: PipeReader,
  onReport: (lines: readonly string[]) => void,
  onFailure: () => void,
): Promise<string | undefined> {
  try {
    const lines = new LineReader(reader, { maxLineBytes: MAX_LINE_BYTES });
    // Lines that came together are passed on together: each step on their way costs more than they do.
    for (let first; (first = await lines.readLine()) !== undefined;) {
      const together = [first];
      for (let more; (more = lines.takeLine()) !== undefined;) together.push(more);
      onReport(together);
    }
    return undefined;
  } catch (error) {
    onFailure();
    const reason = error instanceof Error ? error.message : String(error);
    return escapeControls(`its report is broken: ${reason}`, { maxLength: 200 });
  }
}
