/**
 * The launcher of a daemon: what it does before its command begins, once it listens, and at the end.
 *
 * @module
 */

import { UnsupportedError, UsageError } from "../../net/mod.ts";
import { dropPrivileges, findAccount, isRoot, PidFile, setUmask } from "../../os/internal.ts";
import type { DaemonDuties } from "../command/broker.ts";

/** The variable by which a process knows that it was started in the background. */
const BACKGROUND = "NETWRIGHT_BACKGROUND";
/** The last line on standard output before it is closed. */
const READY = "netwright is ready";

/** Whether this process was started in the background, by another one that waits until it serves. */
export function isInBackground(): boolean {
  return Deno.env.get(BACKGROUND) === "1";
}

/**
 * Begins the duties, before anything else is opened.
 *
 * @param duties The duties.
 * @returns Ends them.
 * @throws {UsageError} If there is no such user, group or folder.
 * @throws {NetwrightError} If the process of the PID file runs.
 */
export function beginDuties(duties: DaemonDuties): Disposable {
  // What cannot be done later is said now.
  accountOf(duties);
  if (duties.chroot !== undefined) requireFolder(duties.chroot);
  if ((duties.user ?? duties.group ?? duties.chroot) !== undefined && !isRoot()) {
    throw new UnsupportedError("only root can become another user, or enter a root folder", {
      operation: "serve",
    });
  }
  if (duties.umask !== undefined) setUmask(duties.umask);
  const file = duties.pidFile === undefined ? undefined : PidFile.create(duties.pidFile);
  return { [Symbol.dispose]: () => file?.[Symbol.dispose]() };
}

/** Gives up root's power, as declared. */
export async function dropAsDeclared(duties: DaemonDuties): Promise<void> {
  await Promise.resolve();
  dropPrivileges({ account: accountOf(duties), chroot: duties.chroot });
}

let found: ReturnType<typeof findAccount> | undefined;

/** The account, found once: in another root folder there are no names. */
function accountOf({ user, group }: DaemonDuties): ReturnType<typeof findAccount> | undefined {
  if ((user ?? group) === undefined) return undefined;
  return found ??= findAccount(user, group);
}

function requireFolder(path: string): void {
  try {
    if (Deno.statSync(path).isDirectory) return;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  throw new UsageError(`--chroot: ${path} is no folder`);
}

/** Says that the server serves, and leaves the terminal if it runs in the background. */
export async function reportReady(duties: DaemonDuties): Promise<void> {
  if (!duties.isDaemon || !isInBackground()) return;
  const { closeStandardStreams } = await import("../../os/internal.ts");
  closeStandardStreams(`${READY}\n`);
}

/**
 * Starts this program again in the background, and waits until it serves.
 *
 * @param argv The runtime, and its arguments.
 * @returns The exit status: that of the other process if it ended instead.
 */
export async function startInBackground(argv: readonly string[]): Promise<number> {
  const [program = "", ...args] = argv;
  const child = new Deno.Command(program, {
    args,
    env: { [BACKGROUND]: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  const errors = relay(child.stderr, Deno.stderr);
  // The other process may keep its end open.
  const ready = Promise.withResolvers<void>();
  const output = relay(child.stdout, Deno.stdout, (line) => {
    if (line !== READY) return true;
    ready.resolve();
    return false;
  });
  const isReady = await Promise.race([
    ready.promise.then(() => true),
    child.status.then(() => false),
  ]);
  if (isReady) return 0;
  await Promise.all([output, errors]);
  return (await child.status).code;
}

/** Passes lines on, those that are to be shown, until the other end is closed. */
async function relay(
  from: ReadableStream<Uint8Array<ArrayBuffer>>,
  to: { write(bytes: Uint8Array): Promise<number> },
  isShown: (line: string) => boolean = () => true,
): Promise<void> {
  const encoder = new TextEncoder();
  let text = "";
  for await (const piece of from.pipeThrough(new TextDecoderStream())) {
    text += piece;
    for (let end; (end = text.indexOf("\n")) >= 0; text = text.slice(end + 1)) {
      const line = text.slice(0, end);
      if (isShown(line)) await to.write(encoder.encode(`${line}\n`));
    }
  }
  if (text !== "") await to.write(encoder.encode(text));
}
