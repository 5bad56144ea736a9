/**
 * The program as a process of a server model: `netwright --member`, with its order in the environment.
 *
 * @module
 */

import { LIBC_PATHS, union, wants } from "../../net/internal.ts";
import type { Capabilities, Listener } from "../../net/mod.ts";
import { openSocketCalls, SharedListener, SystemStream } from "../../os/internal.ts";
import {
  formatReport,
  listenForMember,
  memberCapabilities,
  parseOrder,
  runMember,
  SingleConnectionListener,
} from "../../servers/internal.ts";
import type { MemberOrder } from "../../servers/mod.ts";
import { MEMBER_VARIABLE } from "../sandbox/member_word.ts";
import { holdsMore, revoke, revokeAll } from "../sandbox/permissions.ts";
import { withRealPaths } from "../sandbox/real_paths.ts";
import { startMemberWorker } from "../sandbox/start_worker.ts";

/**
 * Milliseconds in which a member with one connection at a time waits in place: a change of threads takes
 * longer than most answers, and until then there is nothing else to do but to notice a time-out.
 */
const SPIN_MS = 25;

/** How often a member looks whether its starter lives, in milliseconds. */
const STARTER_MS = 1000;

/**
 * Serves as its order says.
 *
 * @returns The exit status.
 */
export async function memberProcess(): Promise<number> {
  const order = readOrder();
  if (order === undefined) {
    console.error("netwright: --member is for netwright itself; see: netwright serve --help");
    return 2;
  }
  endWithStarter();
  const needs = withRealPaths(await memberCapabilities(order));
  if (!holdsMore(union(needs, { env: [MEMBER_VARIABLE], ffi: LIBC_PATHS }))) {
    await serve(order, () => revoke(["env", "ffi"]));
  } else if (wants(needs).length === 0) await serve(order, revokeAll);
  else return await serveInWorker(needs);
  return 0;
}

/** Ends this process when its starter has died, because nothing else would stop or count it. */
function endWithStarter(): void {
  const starter = Deno.ppid;
  Deno.unrefTimer(setInterval(() => Deno.ppid !== starter && Deno.exit(1), STARTER_MS));
}

/** A Worker is narrowed before its first line; a process that may do everything cannot be. */
async function serveInWorker(needs: Capabilities): Promise<number> {
  const all = union(needs, { env: [MEMBER_VARIABLE], ffi: LIBC_PATHS });
  const { worker, port } = startMemberWorker(all, { module: "process" });
  const { promise, resolve } = Promise.withResolvers<number>();
  port.onmessage = () => resolve(0);
  worker.onerror = (event) => {
    event.preventDefault();
    console.error(event.message);
    resolve(1);
  };
  return await promise;
}

/**
 * The same in a Worker of that process.
 *
 * @param port Told when it has ended.
 */
export async function member(port: MessagePort): Promise<void> {
  await serve(readOrder()!, () => revoke(["env", "ffi"]));
  port.postMessage("ended");
}

function readOrder(): MemberOrder | undefined {
  const text = Deno.env.get(MEMBER_VARIABLE);
  return text === undefined ? undefined : parseOrder(JSON.parse(text));
}

/** Most characters of reports that wait for the end of a turn. */
const MAX_WAITING = 16_384;

/** Standard error is the way to its starter. What many conversations report in one turn goes together. */
class Reports {
  readonly #atOnce: boolean;
  #text = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param atOnce Whether a turn may take long, because it waits for the one client that there is. */
  constructor(atOnce: boolean) {
    this.#atOnce = atOnce;
  }

  add(line: string): void {
    this.#text += line;
    if (this.#atOnce || this.#text.length > MAX_WAITING) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), 0);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const bytes = new TextEncoder().encode(this.#text);
    this.#text = "";
    for (let done = 0; done < bytes.length;) done += Deno.stderr.writeSync(bytes.subarray(done));
  }
}

/** Serves, and gives up what it must not have before the first byte. */
async function serve(order: MemberOrder, giveUp: () => void): Promise<void> {
  const { source } = order;
  if (source.kind !== "own") openSocketCalls();
  giveUp();
  const reports = new Reports(order.connections === 1 || source.kind === "connection");
  const channel = {
    report: (told: Parameters<typeof formatReport>[0]) => reports.add(formatReport(told)),
    retired: source.kind === "connection" ? new Promise<void>(() => {}) : inputEnded(),
    ending: new Promise<"shutdown">((resolve) =>
      Deno.addSignalListener("SIGTERM", () => resolve("shutdown"))
    ),
  };
  try {
    const once = source.kind === "connection" ? { ...order, retireAfter: 1 } : order;
    await runMember(once, () => listenerOf(order), channel);
  } finally {
    reports.flush();
  }
}

/** Where its connections come from. */
function listenerOf(order: MemberOrder): Listener {
  const { source } = order;
  const spinMs = order.connections === 1 ? SPIN_MS : 0;
  switch (source.kind) {
    case "connection":
      return new SingleConnectionListener(
        new SystemStream(0, source.local, source.remote, SPIN_MS),
      );
    case "shared":
      return new SharedListener(source.descriptor!, { spinMs });
    case "own":
      return listenForMember(source);
    case "relayed":
      throw new Error("a process is passed no connections");
  }
}

/** Its starter closes the other end to retire it, and the system does when the starter has died. */
async function inputEnded(): Promise<void> {
  while (await Deno.stdin.read(new Uint8Array(64)) !== null);
}
