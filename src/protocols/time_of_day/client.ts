/**
 * The multicast time of day of *Network Programming with Perl*, chapter 21: the time and its sender's name, for a group.
 *
 * @module
 */

import { checkOptions, delay, type OptionRules } from "../../net/internal.ts";
import {
  type Address,
  escapeControls,
  type MulticastReceiver,
  type MulticastSender,
  Tainted,
} from "../../net/mod.ts";
import { formatLocaltime } from "../localtime/format.ts";

/** How many hops the time may go. */
export const TIME_OF_DAY_HOPS = 31;
/** Interval in milliseconds: at the full quarters of each minute. */
export const TIME_OF_DAY_EVERY_MS = 15_000;

/** A received time. */
export interface TimeOfDay {
  /** The sender's local time, as one clean line. */
  readonly time: string;
  /** What that host calls itself; clean. */
  readonly hostname: string;
}

/**
 * Writes a datagram: `localtime/hostname`.
 *
 * @param time The time; sent in this host's zone.
 * @param hostname Who.
 * @param zone Another zone, by its name in IANA's database. @default {this host's}
 * @returns The datagram.
 * @throws {RangeError} If there is no such zone.
 *
 * @example
 * ```ts
 * import { encodeTimeOfDay } from "./client.ts";
 * const bytes = encodeTimeOfDay(new Date(0), "pizza", "UTC");
 * if (new TextDecoder().decode(bytes) !== "Thu Jan  1 00:00:00 1970/pizza") throw new Error("wrong");
 * ```
 */
export function encodeTimeOfDay(time: Date, hostname: string, zone: string = ""): Uint8Array {
  const local = formatLocaltime(time, zone);
  if (local === undefined) throw new RangeError(`unknown time zone ${zone}`);
  return new TextEncoder().encode(`${local}/${hostname}`);
}

/**
 * Reads a datagram.
 *
 * @param bytes The datagram.
 * @returns The time and the host, as that host writes them; undefined if it is something else.
 */
export function decodeTimeOfDay(bytes: Uint8Array): TimeOfDay | undefined {
  const text = new Tainted(new TextDecoder().decode(bytes.subarray(0, 512)));
  return text.validate((said) => {
    const [, time, hostname] = /^([^/]+)\/([^/]+)$/.exec(said.trimEnd()) ?? [];
    return time === undefined || hostname === undefined
      ? undefined
      : { time: oneLine(time), hostname: oneLine(hostname) };
  });
}

/** A tabulator is not a control for a terminal, but would look like the end of a column. */
function oneLine(text: string): string {
  return escapeControls(text).replaceAll("\t", "\\x09");
}

/** Options for sending the time. */
export interface SendTimeOfDayOptions {
  /** What this host calls itself. */
  readonly hostname: string;
  /** Interval in milliseconds; the time is sent when it is a multiple of that. @default {15_000} */
  readonly everyMs?: number | undefined;
  /** How many times. @default {until the signal aborts} */
  readonly count?: number | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each time that was sent. */
  readonly onSent?: ((time: Date) => void | Promise<void>) | undefined;
}

const SEND_RULES: OptionRules<SendTimeOfDayOptions> = {
  hostname: "any",
  everyMs: "time",
  count: "whole",
  signal: "signal",
  onSent: "any",
};

/**
 * Sends a group the time, on the tick.
 *
 * @param sender Sends to the group.
 * @param options Who, how often, how many times.
 * @throws {NetwrightError} If it cannot be sent, or the signal's reason.
 */
export async function sendTimeOfDay(
  sender: MulticastSender,
  options: SendTimeOfDayOptions,
): Promise<void> {
  checkOptions(options, SEND_RULES);
  const { hostname, everyMs = TIME_OF_DAY_EVERY_MS, count = Infinity, signal, onSent } = options;
  for (let sent = 0; sent < count; sent++) {
    const tick = (Math.floor(Date.now() / everyMs) + 1) * everyMs;
    // A timer may be a little early, and the wall clock may have been set meanwhile.
    for (let early = tick - Date.now(); early > 0 && early <= everyMs; early = tick - Date.now()) {
      await delay(early, signal);
    }
    const time = new Date();
    await sender.send(encodeTimeOfDay(time, hostname));
    await onSent?.(time);
  }
}

/**
 * Receives the time from a group; malformed datagrams are ignored.
 *
 * @param receiver The receiver of the group.
 * @returns Each time with its sender, as it arrives.
 * @throws {NetwrightError} If the membership ends.
 */
export async function* receiveTimeOfDay(
  receiver: MulticastReceiver,
): AsyncGenerator<TimeOfDay & { readonly sender: Address }> {
  while (true) {
    const [bytes, sender] = await receiver.receive();
    const reported = decodeTimeOfDay(bytes);
    if (reported !== undefined) yield { ...reported, sender };
  }
}
