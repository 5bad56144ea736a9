/**
 * The terminal of a person.
 *
 * @module
 */

import { writeAll } from "../../net/mod.ts";

/** A terminal, or what stands for one. */
export interface Terminal {
  /** Whether a person sits there; else nothing is asked. */
  readonly isTerminal: boolean;
  /** Whether keys come one by one, without being shown and without raising signals. */
  setRaw(raw: boolean): void;
  /** How many columns it has. */
  readonly columns: number;
  /** How many rows it has. */
  readonly rows: number;
  /** Reads keys. */
  read(p: Uint8Array): Promise<number | null>;
  /** Shows text, which goes to standard error: standard output is the result and nothing else. */
  write(text: string): Promise<void>;
}

/** The terminal of this process: keys from standard input, questions to standard error. */
export const processTerminal: Terminal = {
  get isTerminal(): boolean {
    return Deno.stdin.isTerminal() && Deno.stderr.isTerminal();
  },
  get columns(): number {
    // A terminal that does not know its size says 0.
    return Deno.consoleSize().columns || 80;
  },
  get rows(): number {
    return Deno.consoleSize().rows || 24;
  },
  setRaw: (raw) => Deno.stdin.setRaw(raw),
  read: (p) => Deno.stdin.read(p),
  write: (text) => writeAll(Deno.stderr, new TextEncoder().encode(text)),
};
