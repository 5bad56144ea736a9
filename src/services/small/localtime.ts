/**
 * Sends the time in any zone, by datagrams (22.2 of the book's list).
 *
 * @module
 */

import { LOCALTIME_PATH } from "../../reference/usual_places.ts";
import type { ServiceModule } from "../core/service.ts";

/** The localtime service. */
export const service: ServiceModule = {
  name: "localtime",
  summary: "send the local time of a time zone",
  port: 12023,
  path: LOCALTIME_PATH,
  parse: () => ({}),
  datagram: async () => (await import("./_localtime.ts")).datagram,
};
