/**
 * The wrap service of *Network Programming with Perl*, chapter 22: lines until half-close in, filled lines out.
 *
 * @module
 */

export * from "./fill.ts";

export { WRAP_PATH } from "../../reference/usual_places.ts";
