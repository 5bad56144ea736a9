/**
 * Sends the time in any zone.
 *
 * @module
 */

import { escapeControls } from "../../net/mod.ts";
import { formatLocaltime } from "../../protocols/localtime/internal.ts";
import type { DatagramService } from "../core/service.ts";

/** Longest name of a zone, in bytes. */
const MAX_ZONE = 100;

/** Answers a zone with its time. */
export const datagram: DatagramService = {
  name: "localtime",
  reply(message, _sender, { now }) {
    const zone = new TextDecoder().decode(message.subarray(0, MAX_ZONE)).replace(/[\0\s]+$/, "");
    const answer = formatLocaltime(now(), zone) ?? `no such time zone: ${escapeControls(zone)}`;
    return new TextEncoder().encode(answer);
  },
};
