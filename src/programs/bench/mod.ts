/**
 * Measuring servers: a load generator, and all server models side by side (15.4 of the book's list).
 *
 * @module
 */

export * from "./exchange.ts";
export * from "./latencies.ts";
export * from "./load.ts";
export * from "./load_worker.ts";
export * from "./models.ts";
export * from "./page.ts";
