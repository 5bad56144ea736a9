/**
 * What hostile code would try once it runs inside a service.
 *
 * @module
 */

import type { Try } from "./attempt.ts";
import { LAUNCHER_ATTEMPTS } from "./launcher_attempts.ts";

/** Nothing that any command could need, so that an attempt that is not refused does no harm. */
const NOWHERE = "/tmp/netwright-hostile";

/** The capabilities that no service here needs. */
export const ATTEMPTS: readonly Try[] = [
  ["connect to another host", () => connect("192.0.2.1", 9)],
  ["connect to another port of this host", () => connect("127.0.0.1", 1)],
  ["listen elsewhere", () => Deno.listen({ hostname: "0.0.0.0", port: 0 }).close()],
  ["listen on a UNIX socket", () => {
    Deno.listen({ transport: "unix", path: NOWHERE }).close();
  }],
  ["resolve a name", () => Deno.resolveDns("netwright.invalid", "A")],
  ["look a name up", async () => {
    const { lookup } = await import("node:dns/promises");
    await lookup("netwright.invalid");
  }],
  ["read a file", () => Deno.readTextFileSync("/etc/hostname")],
  ["read its own environment in /proc", () => Deno.readTextFileSync("/proc/self/environ")],
  ["read its own memory", () => Deno.openSync("/proc/self/mem").close()],
  ["list its descriptors", () => [...Deno.readDirSync("/proc/self/fd")]],
  ["open a descriptor again", () => Deno.openSync("/proc/self/fd/0").close()],
  ["write a file", () => Deno.writeTextFileSync(NOWHERE, "x")],
  ["make a temporary file", () => Deno.removeSync(Deno.makeTempFileSync())],
  ["read the environment", () => Deno.env.toObject()],
  ["read a variable", () => Deno.env.get("HOME")],
  ["start a program", () => new Deno.Command("true").outputSync()],
  ["start a program by node", async () => {
    (await import("node:child_process")).execFileSync("true");
  }],
  ["end another process", () => Deno.kill(1, "SIGCONT")],
  ["open a library", () => Deno.dlopen("/lib/x86_64-linux-gnu/libc.so.6", {}).close()],
  ["make a pointer", () => {
    if (Deno.UnsafePointer.create(4096n) === null) throw new Error("it was null");
  }],
  ["take the address of a buffer", () => {
    const pointer = Deno.UnsafePointer.of(new Uint8Array(8));
    new Deno.UnsafePointerView(pointer!).getUint8();
  }],
  ["ask for the host's name", () => Deno.hostname()],
  ["ask who runs it", () => Deno.uid()],
  ["load a module from a file", () => import(`file://${NOWHERE}.ts`)],
  ["load a module from the network", () => import(`http://192.0.2.1/${NOWHERE}.ts`)],
  ["read a file as a module", () => {
    return import(`file://${NOWHERE}.json`, { with: { type: "json" } });
  }],
  ["start a Worker with more", () => startWorker({ run: true })],
  ["start a Worker that may read", () => startWorker({ read: true })],
  ["get a permission back", async () => {
    const { state } = await Deno.permissions.request({ name: "read" });
    if (state !== "granted") throw new Deno.errors.NotCapable(state);
  }],
  ...LAUNCHER_ATTEMPTS,
];

/** The names of all attempts. */
export function attemptNames(): string[] {
  return ATTEMPTS.map(([name]) => name);
}

async function connect(hostname: string, port: number): Promise<void> {
  (await Deno.connect({ hostname, port })).close();
}

function startWorker(permissions: object): void {
  const source = "data:application/javascript,";
  // The type lacks the permissions unless the unstable option is on, which deno.json does.
  const options = { type: "module", deno: { permissions } } as WorkerOptions;
  new Worker(source, options).terminate();
}
