/**
 * The wrap service of *Network Programming with Perl*, chapter 22: lines until half-close in, filled lines out.
 *
 * @module
 */

export * from "./fill.ts";

/** Where the book's server listens. */
export const WRAP_PATH = "/tmp/wrapserv";
