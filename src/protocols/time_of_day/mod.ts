/**
 * The multicast time of day of *Network Programming with Perl*, chapter 21: a group is told the time, and by whom.
 *
 * @module
 */

export {
  receiveTimeOfDay,
  sendTimeOfDay,
  type SendTimeOfDayOptions,
  type TimeOfDay,
} from "./client.ts";
