/**
 * Services: what is said on a connection, in any server model.
 *
 * @module
 */

export * from "./find_service.ts";
export * from "./core/service.ts";
