/**
 * The Character Generator Protocol: a host sends text without end (RFC 864).
 *
 * @module
 */

export { chargen, type ChargenOptions } from "./client.ts";
