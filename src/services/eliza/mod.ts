/**
 * ELIZA: the program that talks, and the script of its most famous part.
 *
 * @module
 */

export * from "./doctor.ts";
export * from "./conversation.ts";
export * from "./script.ts";
