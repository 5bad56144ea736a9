/**
 * Small protocols, most of which send one answer: chargen, daytime, discard, echo, finger, localtime, qotd, time, the
 * time of day by multicast, and the filling of lines.
 *
 * @module
 */

export { chargen, type ChargenOptions } from "./chargen/mod.ts";
export { daytime } from "./daytime/mod.ts";
export { discard } from "./discard/mod.ts";
export { connectEcho, type Echo, type EchoClient, type EchoOptions } from "./echo/mod.ts";
export { finger, type FingerQuery } from "./finger/mod.ts";
export { askLocaltime } from "./localtime/mod.ts";
export { qotd } from "./qotd/mod.ts";
export { time } from "./time/mod.ts";
export {
  receiveTimeOfDay,
  sendTimeOfDay,
  type SendTimeOfDayOptions,
  type TimeOfDay,
} from "./time_of_day/mod.ts";
export { Filler } from "./wrap/mod.ts";
