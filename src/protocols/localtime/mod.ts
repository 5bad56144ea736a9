/**
 * The local time service of *Network Programming with Perl*, chapter 22: the name of a time zone in a datagram, the time
 * there in another.
 *
 * @module
 */

export { askLocaltime } from "./client.ts";
