/**
 * Tells the time in any zone, by datagrams (22.2 of the book's list).
 *
 * @module
 */

import { cleanText } from "../../net/mod.ts";
import { formatLocaltime, LOCALTIME_PATH } from "../../protocols/localtime/mod.ts";
import type { ServiceModule } from "../core/service.ts";

/** Longest name of a zone, in bytes. */
const MAX_ZONE = 100;

/** The localtime service. */
export const service: ServiceModule = {
  name: "localtime",
  summary: "tell the time in any zone",
  port: 12023,
  path: LOCALTIME_PATH,
  datagram() {
    return {
      name: "localtime",
      reply(message, _sender, { now }) {
        const zone = new TextDecoder().decode(message.subarray(0, MAX_ZONE)).replace(
          /[\0\s]+$/,
          "",
        );
        const answer = formatLocaltime(now(), zone) ?? `no such time zone: ${cleanText(zone)}`;
        return new TextEncoder().encode(answer);
      },
    };
  },
};
