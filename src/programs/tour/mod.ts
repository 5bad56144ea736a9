/**
 * The tour of all programs.
 *
 * @module
 */

export * from "./core/row.ts";
export * from "./tour.ts";
