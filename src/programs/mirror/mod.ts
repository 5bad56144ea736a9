/**
 * Mirrors: one tree made like another, over FTP.
 *
 * @module
 */

export * from "./disk_side.ts";
export * from "./events.ts";
export * from "./ftp_side.ts";
export * from "./mirror.ts";
export * from "./side.ts";
