/**
 * What systemd wants to know of a service: `sd_notify`, and its watchdog.
 *
 * @module
 */

import type { ServerState } from "../command/broker.ts";
import type { DatagramRelay } from "./datagram_relay.ts";

/** Longest wait for systemd, in milliseconds: a server does not depend on it. */
const MAX_WAIT_MS = 2000;

const MESSAGES: Readonly<Record<ServerState, () => string>> = {
  ready: () => "READY=1",
  reloading: () => `RELOADING=1\nMONOTONIC_USEC=${monotonicMicroseconds()}`,
  stopping: () => "STOPPING=1",
  alive: () => "WATCHDOG=1",
};

/** The socket that systemd listens at; undefined if it did not start us, or we may not know. */
export function systemdSocket(): string | undefined {
  const path = variable("NOTIFY_SOCKET");
  // The runtime cannot send to sockets without a file.
  return path?.startsWith("/") === true ? path : undefined;
}

/** How often systemd wants to hear of us, in milliseconds: twice in the time that it gives; 0 if never. */
export function watchdogMs(): number {
  const pid = variable("WATCHDOG_PID");
  if (pid !== undefined && pid !== String(Deno.pid)) return 0;
  const microseconds = Number(variable("WATCHDOG_USEC") ?? 0);
  return Number.isSafeInteger(microseconds) ? Math.floor(microseconds / 2000) : 0;
}

/**
 * Tells systemd how the server is.
 *
 * @param state How it is.
 * @param relay Sends the datagram.
 */
export async function tellSystemd(state: ServerState, relay: DatagramRelay): Promise<void> {
  const bytes = new TextEncoder().encode(MESSAGES[state]());
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, MAX_WAIT_MS));
  try {
    await Promise.race([relay.send(systemdSocket()!, bytes), late]);
  } catch {
    // Whoever wanted to know is gone: the server serves on.
  } finally {
    clearTimeout(timer);
  }
}

function variable(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) : undefined;
}

/** The time of systemd's clock, which the runtime's begins at the start of the process. */
function monotonicMicroseconds(): number {
  try {
    const [seconds = "0"] = Deno.readTextFileSync("/proc/uptime").split(" ");
    return Math.round(Number(seconds) * 1_000_000);
  } catch {
    return 0;
  }
}
