/**
 * Programs on a terminal of their own, which is not there: a pseudo-terminal.
 *
 * @module
 */

import type { Reader, Writer } from "../../net/mod.ts";
import { closeDescriptor } from "../libc/descriptor.ts";
import { errno, libc } from "../libc/libc.ts";
import { O_CLOEXEC, O_NOCTTY, O_NONBLOCK, O_RDWR } from "../libc/linux.ts";
import { ERRNO, isTryAgain, systemCallError } from "../libc/system_call_error.ts";
import { POLL, poller } from "../sockets/poller.ts";
import { type Child, type ChildStatus, startChild } from "./child_process.ts";

/** Sets the size of a terminal's window. */
const TIOCSWINSZ = 0x5414n;
/** More than `struct termios` has in any C library of Linux. */
const TERMIOS_BYTES = 256;
/** Offset of its local modes, and the mode that echoes input. */
const LOCAL_MODES = 12;
const ECHO = 0o10;
/** The mode of whole lines: without it, a program may well show the input itself. */
const ICANON = 0o2;
const SIGTERM = 15;
const SIGKILL = 9;
/** How long a program may take to end after it was hung up, and after it was asked to, in milliseconds. */
const GRACE_MS = 500;
const MAX_PATH = 128;

/** What to start on a terminal. */
export interface TerminalProgramOptions {
  /** The program and its arguments; one without a slash is looked for in PATH. */
  readonly argv: readonly string[];
  /** Variables added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Characters of a line of the terminal. @default {80} */
  readonly columns?: number | undefined;
  /** Its lines. @default {24} */
  readonly rows?: number | undefined;
}

/** A running program, and the other end of its terminal. */
export interface TerminalProgram extends Reader, Writer, Disposable {
  /** Resolves when the program has ended. */
  readonly status: Promise<ChildStatus>;
  /** Whether the terminal does not echo input now, and waits for whole lines. */
  isEchoOff(): boolean;
  /** Hangs up, and resolves when the program has ended; one that stays is killed, with its group of processes. */
  end(): Promise<void>;
}

/**
 * Starts a program on a terminal of its own.
 *
 * @param options The program.
 * @returns The other end of the terminal; disposing of it hangs up, which ends most programs.
 * @throws {SystemCallError} If there is no such program, or no terminals are left.
 * @throws {UnsupportedError} If this is not Linux.
 */
export function startOnTerminal(options: TerminalProgramOptions): TerminalProgram {
  const { argv, env, columns = 80, rows = 24 } = options;
  const system = libc();
  const fd = system.posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) throw systemCallError(errno(), { operation: "open a terminal" });
  try {
    const path = new Uint8Array(MAX_PATH);
    if (
      system.grantpt(fd) < 0 || system.unlockpt(fd) < 0 ||
      system.ptsname_r(fd, path, BigInt(MAX_PATH)) !== 0
    ) throw systemCallError(errno(), { operation: "open a terminal" });
    system.ioctl(fd, TIOCSWINSZ, new Uint8Array(Uint16Array.of(rows, columns, 0, 0).buffer));
    const terminal = new TextDecoder().decode(path.subarray(0, path.indexOf(0)));
    const child = startChild({ argv, env: env ?? {}, terminal, stdio: [] });
    return new ProgramTerminal(fd, child);
  } catch (error) {
    closeDescriptor(fd);
    throw error;
  }
}

/** Our end of a program's terminal. */
class ProgramTerminal implements TerminalProgram {
  readonly status: Promise<ChildStatus>;
  readonly #fd: number;
  readonly #pid: number;
  #closed = false;
  #hasEnded = false;

  constructor(fd: number, { pid, status }: Child) {
    this.#fd = fd;
    this.#pid = pid;
    this.status = status;
    status.then(() => this.#hasEnded = true);
  }

  async end(): Promise<void> {
    this.#hangUp();
    for (const signal of [SIGTERM, SIGKILL]) {
      if (await this.#endsSoon()) return;
      this.#signal(signal);
    }
    await this.#endsSoon();
  }

  async #endsSoon(): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, GRACE_MS));
    await Promise.race([this.status, late]);
    clearTimeout(timer);
    return this.#hasEnded;
  }

  /** Sends a signal to the program and its group, of which it is the leader. */
  #signal(signal: number): void {
    if (!this.#hasEnded) libc().kill(-this.#pid, signal);
  }

  isEchoOff(): boolean {
    if (this.#closed) return false;
    const modes = new Uint8Array(TERMIOS_BYTES);
    if (libc().tcgetattr(this.#fd, modes) < 0) return false;
    const local = new DataView(modes.buffer).getUint32(LOCAL_MODES, true);
    return (local & ECHO) === 0 && (local & ICANON) !== 0;
  }

  async read(p: Uint8Array): Promise<number | null> {
    while (!this.#closed) {
      const bytes = p as Uint8Array<ArrayBuffer>;
      const count = Number(libc().read(this.#fd, bytes, BigInt(p.byteLength)));
      if (count > 0) return count;
      if (count === 0) return null;
      const code = errno();
      // No program has the terminal open any more.
      if (code === ERRNO.EIO) return null;
      if (!isTryAgain(code)) throw systemCallError(code, { operation: "read a terminal" });
      await this.#wait(POLL.in);
    }
    return null;
  }

  async write(p: Uint8Array): Promise<number> {
    while (!this.#closed) {
      const bytes = p as Uint8Array<ArrayBuffer>;
      const count = Number(libc().write(this.#fd, bytes, BigInt(p.byteLength)));
      if (count >= 0) return count;
      const code = errno();
      if (!isTryAgain(code)) throw systemCallError(code, { operation: "write to a terminal" });
      await this.#wait(POLL.out);
    }
    throw systemCallError(ERRNO.EIO, { operation: "write to a terminal" });
  }

  async #wait(events: number): Promise<void> {
    await poller().wait(this.#fd, events).catch((error) => {
      if (!this.#closed) throw error;
    });
  }

  #hangUp(): void {
    if (this.#closed) return;
    this.#closed = true;
    poller().forget(this.#fd);
    closeDescriptor(this.#fd);
  }

  /** Ends it at once. */
  [Symbol.dispose](): void {
    this.#hangUp();
    this.#signal(SIGKILL);
  }
}
