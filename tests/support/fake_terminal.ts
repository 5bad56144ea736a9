/**
 * A terminal without a person.
 *
 * @module
 */

import type { Terminal } from "../../src/cli/terminal/terminal.ts";
import { cutAt } from "./bytes.ts";

/** A terminal at which these keys are typed. */
export function terminal(keys: string, cuts: readonly number[] = [], columns = 80): Terminal & {
  readonly shown: () => string;
  readonly modes: boolean[];
} {
  const pieces = cutAt(new TextEncoder().encode(keys), cuts).filter((piece) => piece.length > 0);
  let shown = "";
  const modes: boolean[] = [];
  return {
    isTerminal: true,
    modes,
    columns,
    rows: 24,
    // What asks for marks around pastes shows nothing.
    // deno-lint-ignore no-control-regex -- it begins with ESC
    shown: () => shown.replace(/\x1b\[\?2004[hl]/g, ""),
    setRaw: (raw) => modes.push(raw),
    read(p) {
      const piece = pieces.shift();
      if (piece === undefined) return Promise.resolve(null);
      const count = Math.min(p.length, piece.length);
      p.set(piece.subarray(0, count));
      if (count < piece.length) pieces.unshift(piece.subarray(count));
      return Promise.resolve(count);
    },
    write(text) {
      shown += text;
      return Promise.resolve();
    },
  };
}
