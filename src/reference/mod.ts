/**
 * Tables: services, protocols, multicast groups, error numbers.
 *
 * @module
 */

export * from "./media_types.ts";
export * from "./multicast.ts";
export * from "./ports.ts";
export * from "./protocols.ts";
export * from "./system_error_names.ts";
