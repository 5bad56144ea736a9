/**
 * The multicast time of day of *Network Programming with Perl*, chapter 21: the time and its sender's name, for a group.
 *
 * @module
 */

export {
  receiveTimeOfDay,
  sendTimeOfDay,
  type SendTimeOfDayOptions,
  type TimeOfDay,
} from "./client.ts";
