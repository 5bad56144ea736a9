/**
 * The tour of all programs.
 *
 * @module
 */

export * from "./row.ts";
export * from "./tour.ts";
