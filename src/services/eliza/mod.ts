/**
 * ELIZA: the program that talks, and the script of its most famous part.
 *
 * @module
 */

export { Eliza } from "./conversation.ts";
export { DOCTOR } from "./doctor.ts";
export { type ElizaKeyword, type ElizaRule, type ElizaScript, parseElizaScript } from "./script.ts";
