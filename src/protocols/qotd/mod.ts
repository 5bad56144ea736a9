/**
 * The Quote of the Day Protocol (RFC 865).
 *
 * @module
 */

export { qotd } from "./client.ts";
