/**
 * Calls that hostile code in a sandboxed command would send to its launcher.
 *
 * @module
 */

import type { Try } from "./attempt.ts";

/** Time in milliseconds for the launcher to reply; a worker of a pool has none that listens. */
const REPLY_MS = 500;

/** Number of the first call; the sandbox counts its own from 0. */
let nextId = 1_000_000_000;

/** A library, a program and files that no service needs. */
const PERMISSIONS: Readonly<Record<string, object>> = {
  "ffi": { ffi: ["/lib/x86_64-linux-gnu/libc.so.6"] },
  "all of ffi": { ffi: true },
  "run": { run: ["true"] },
  "read": { read: ["/"] },
  "write": { write: ["/tmp"] },
  "env": { env: true },
  "net": { net: true },
  "sys": { sys: true },
};

/** One attempt for each kind of permission, and the calls that make sockets, processes and links. */
export const LAUNCHER_ATTEMPTS: readonly Try[] = [
  ...Object.entries(PERMISSIONS).map(([name, capabilities]): Try => [
    `ask the launcher for a worker with ${name}`,
    () => ask({ call: "start", module: "service", capabilities }),
  ]),
  ["ask the launcher for the module of a process", () => {
    return ask({ call: "start", module: "process", capabilities: PERMISSIONS.ffi });
  }],
  ["ask the launcher for a listening socket", () => {
    return ask({ call: "listen", endpoint: "0.0.0.0:0" });
  }],
  ["ask the launcher for a process", () => {
    const source = { kind: "own", endpoint: "0.0.0.0:0" };
    return ask({
      call: "startProcess",
      order: { service: "http", configuration: { root: "/" }, source },
    });
  }],
  ["ask the launcher for a link", () => {
    return ask({
      call: "makeLink",
      order: { root: "/tmp", path: ["netwright-hostile"], target: "x" },
    });
  }],
];

interface Scope {
  onmessage: ((event: MessageEvent) => unknown) | null;
  postMessage?(message: object): void;
}

/** Sends one call. Rejects as the runtime would if the launcher refuses, or does not reply. */
async function ask(call: object): Promise<void> {
  const scope = globalThis as unknown as Scope;
  if (scope.postMessage === undefined) throw new Deno.errors.NotCapable("no launcher");
  const id = nextId++;
  const replied = Promise.withResolvers<{ answer: string; reason?: string } | undefined>();
  const before = scope.onmessage;
  scope.onmessage = (event) => {
    if (event.data?.id === id) replied.resolve(event.data);
    else return before?.call(scope, event);
  };
  const timer = setTimeout(() => replied.resolve(undefined), REPLY_MS);
  try {
    scope.postMessage({ ...call, id });
    const reply = await replied.promise;
    if (reply === undefined) throw new Deno.errors.NotCapable("no reply from the launcher");
    if (reply.answer === "refused") throw new Deno.errors.NotCapable(reply.reason ?? "");
  } finally {
    clearTimeout(timer);
    scope.onmessage = before;
  }
}
