/**
 * The Quote of the Day Protocol (RFC 865).
 *
 * @module
 */

export * from "./client.ts";
