/**
 * Processes that are started with sockets in their hands.
 *
 * @module
 */

import { setInherited } from "../libc/descriptor.ts";
import { addressOf, cString, errno, libc, outsideHeap } from "../libc/libc.ts";
import { O_RDWR } from "../libc/linux.ts";
import { ERRNO, systemCallError } from "../libc/system_call_error.ts";

const WNOHANG = 1;
const SIGKILL = 9;
const SIGTERM = 15;
const POSIX_SPAWN_SETPGROUP = 2;
const POSIX_SPAWN_SETSIGDEF = 4;
const POSIX_SPAWN_SETSID = 0x80;
/** `sigset_t` of Linux, in bytes. */
const SIGNAL_SET_BYTES = 128;
/** More than any system's structures for actions (80 bytes) and attributes (336) have. */
const STRUCT_BYTES = 1024;
const POINTER_BYTES = 8;
const WATCH_MS = 1000;
/** Most environment variables that are passed on. */
const MAX_VARIABLES = 10_000;

/** What to start. */
export interface ChildOptions {
  /** Its name and its arguments. */
  readonly argv: readonly string[];
  /** The program; one without a slash is looked for in PATH. @default {argv[0]} */
  readonly program?: string;
  /** Variables added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Descriptors that become its standard input, output and error; absent ones are inherited. */
  readonly stdio: readonly (number | undefined)[];
  /** The path of a terminal that becomes its own, and its standard input, output and error. @default {none} */
  readonly terminal?: string | undefined;
  /** Descriptors that it inherits under their own numbers. */
  readonly inherit?: readonly number[];
}

/** How a process ended. */
export interface ChildStatus {
  /** Its exit status; 128 and the signal's number if one ended it. */
  readonly code: number;
  /** The number of the signal that ended it. */
  readonly signal?: number;
}

/** A process that runs or has run. */
export interface Child {
  /** Its process id; another process's once this one has been waited for. */
  readonly pid: number;
  /** Resolves when it has ended. */
  readonly status: Promise<ChildStatus>;
  /** Asks it to end (SIGTERM), if it runs still. */
  end(): void;
  /** Ends it at once, if it runs still. */
  kill(): void;
}

/** Those that have not been waited for. */
const running = new Map<number, (status: ChildStatus) => void>();

/**
 * Starts a process in a group of its own, so that Control-C reaches only its starter.
 *
 * @param options What, and with which descriptors; this process keeps its own copies.
 * @returns The running process.
 * @throws {SystemCallError} If it cannot be started.
 */
export function startChild(options: ChildOptions): Child {
  const { argv, program = argv[0] ?? "", env = {}, stdio, inherit = [], terminal } = options;
  const system = libc();
  const actions = outsideHeap(STRUCT_BYTES);
  const attributes = outsideHeap(STRUCT_BYTES);
  system.posix_spawn_file_actions_init(actions);
  system.posix_spawnattr_init(attributes);
  try {
    stdio.forEach((fd, target) => {
      if (fd !== undefined) system.posix_spawn_file_actions_adddup2(actions, fd, target);
    });
    if (terminal === undefined) {
      system.posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP);
      system.posix_spawnattr_setpgroup(attributes, 0);
    } else {
      // The first terminal that the leader of a new session opens becomes its own.
      system.posix_spawn_file_actions_addopen(actions, 0, cString(terminal), O_RDWR, 0);
      for (const target of [1, 2]) system.posix_spawn_file_actions_adddup2(actions, 0, target);
      // The runtime ignores signals that programs expect to end them.
      const all = outsideHeap(SIGNAL_SET_BYTES).fill(0xff);
      system.posix_spawnattr_setsigdefault(attributes, all);
      system.posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
    }
    const pid = new Int32Array(1);
    const words = argv.map(cString);
    const variables = Object.entries(env).map(([name, value]) => cString(`${name}=${value}`));
    const environment = [...inheritedVariables(Object.keys(env)), ...variables.map(addressOf)];
    // No other process is started between these lines: they run without a pause.
    for (const fd of inherit) setInherited(fd, true);
    const code = system.posix_spawnp(
      pid,
      cString(program),
      actions,
      attributes,
      pointers(words.map(addressOf)),
      pointers(environment),
    );
    for (const fd of inherit) setInherited(fd, false);
    if (code !== 0) throw systemCallError(code, { operation: "start", peer: program });
    return track(pid[0]!);
  } finally {
    system.posix_spawn_file_actions_destroy(actions);
    system.posix_spawnattr_destroy(attributes);
  }
}

/** Addresses of the environment's variables, without those that are set anew. */
function inheritedVariables(without: readonly string[]): bigint[] {
  const system = libc();
  const result: bigint[] = [];
  const addresses = new BigUint64Array(1);
  // The symbol is the variable, which holds where the array begins.
  system.copyFrom(addresses, system.environ, 8n);
  const array = addresses[0]!;
  const prefixes = without.map((name) => new TextEncoder().encode(`${name}=`));
  for (let index = 0; index < MAX_VARIABLES; index++) {
    system.copyFromAddress(addresses, array + BigInt(index * POINTER_BYTES), 8n);
    const address = addresses[0]!;
    if (address === 0n) break;
    const startsWith = (prefix: Uint8Array<ArrayBuffer>): boolean =>
      system.compare(prefix, address, BigInt(prefix.length)) === 0;
    if (!prefixes.some(startsWith)) result.push(address);
  }
  return result;
}

/** An array of addresses that ends with NULL. */
function pointers(addresses: readonly bigint[]): BigUint64Array<ArrayBuffer> {
  const array = new BigUint64Array(outsideHeap(POINTER_BYTES * (addresses.length + 1)).buffer);
  array.set(addresses);
  return array;
}

/** Keeps the program alive while a child runs, and finds one whose signal was lost. */
let watch: ReturnType<typeof setInterval> | undefined;

function track(pid: number): Child {
  if (running.size === 0) {
    Deno.addSignalListener("SIGCHLD", reap);
    watch = setInterval(reap, WATCH_MS);
  }
  const { promise, resolve } = Promise.withResolvers<ChildStatus>();
  running.set(pid, resolve);
  // One that ended before the listener was there has sent its signal already.
  reap();
  return {
    pid,
    status: promise,
    end() {
      if (running.has(pid)) libc().kill(pid, SIGTERM);
    },
    kill() {
      if (running.has(pid)) libc().kill(pid, SIGKILL);
    },
  };
}

/** Checks which of our processes have ended; the program's others are left to their starters. */
function reap(): void {
  const status = new Int32Array(1);
  for (const [pid, resolve] of running) {
    const found = libc().waitpid(pid, status, WNOHANG);
    if (found === 0 || (found < 0 && errno() === ERRNO.EINTR)) continue;
    running.delete(pid);
    // It is gone without a status if other code waited for it.
    if (found < 0) resolve({ code: 127 });
    else resolve(decodeStatus(status[0]!));
  }
  if (running.size > 0) return;
  Deno.removeSignalListener("SIGCHLD", reap);
  clearInterval(watch);
}

function decodeStatus(status: number): ChildStatus {
  const signal = status & 0x7f;
  return signal === 0 ? { code: (status >> 8) & 0xff } : { code: 128 + signal, signal };
}
