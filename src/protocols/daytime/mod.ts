/**
 * The Daytime Protocol: a host sends the time of day as text (RFC 867).
 *
 * @module
 */

export { daytime } from "./client.ts";
