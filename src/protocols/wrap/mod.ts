/**
 * The wrap service of *Network Programming with Perl*, chapter 22: lines until half-close in, filled lines out.
 *
 * @module
 */

export { Filler } from "./fill.ts";
