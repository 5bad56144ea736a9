/**
 * What must hold of Telnet and of the screen for any input, cut anywhere.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { Screen } from "../../src/programs/dialogue/screen/screen.ts";
import { encodeTelnet, TelnetDecoder } from "../../src/protocols/telnet/decoder.ts";
import { LineBuffer } from "../../src/protocols/telnet/line_buffer.ts";
import { Negotiator } from "../../src/protocols/telnet/negotiator.ts";
import { formatEnvironment, parseEnvironment } from "../../src/protocols/telnet/suboptions.ts";
import { cutAt, join } from "../support/bytes.ts";
import type { Property } from "./properties.ts";

/** Decodes pieces; gives the data, and all that is answered. */
function decode(pieces: readonly Uint8Array[]): { data: Uint8Array; sent: string[] } {
  const sent: string[] = [];
  const negotiator = new Negotiator({
    accepts: (_, option) => option < 32,
    send: (verb, option) => sent.push(`${verb} ${option}`),
    changed: () => {},
  });
  const decoder = new TelnetDecoder({
    negotiation: (verb, option) => negotiator.receive(verb, option),
    subnegotiation: () => {},
    signal: () => {},
  });
  const data = pieces.map((piece) => {
    const bytes = piece.slice();
    return bytes.subarray(0, decoder.decode(bytes));
  });
  return { data: join(data), sent };
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The properties; `words` of the first one are bytes by the same numbers. */
export const TELNET_PROPERTIES: readonly Property[] = [
  {
    name: "telnet",
    encoding: "latin1",
    words: [
      "\xff",
      "\xfa",
      "\xf0",
      "\xfb\x01",
      "\xfc\x01",
      "\xfd\x18",
      "\xfe\x18",
      "\r",
      "\n",
      "\0",
      "a",
    ],
    check(input, cuts) {
      const whole = decode([input]);
      assertEquals(decode(cutAt(input, cuts)), whole);
      // Each answer belongs to three bytes of the input.
      assert(whole.sent.length <= input.length / 3);
      const encoded = encodeTelnet(input, false);
      assertEquals(decode(cutAt(encoded, cuts)), { data: input, sent: [] });
    },
  },
  {
    name: "telnet-environment",
    encoding: "latin1",
    words: ["\0", "\x01", "\x02", "\x03", "USER", "A"],
    check(input) {
      const variables = parseEnvironment(input);
      assert(variables.size <= input.length);
      assertEquals(parseEnvironment(formatEnvironment(0, variables)), variables);
    },
  },
  {
    name: "telnet-line",
    words: ["a", "\r", "\n", "\b", "\x7f", "\x15", "\x17", "\x12", "\x03", "\x1b[", "A", "日", " "],
    check(input, cuts) {
      const type = (pieces: readonly string[]) => {
        const typed = { lines: [], shown: "", isEnd: false };
        const line = new LineBuffer({ maxLength: 10 });
        for (const piece of pieces) line.type(piece, typed);
        return { ...typed, rest: line.text };
      };
      const characters = [...text(input)];
      const at = cuts.map((cut) => cut % (characters.length + 1)).sort((a, b) => a - b);
      const pieces = [0, ...at].map((begin, index) =>
        characters.slice(begin, at[index] ?? characters.length).join("")
      );
      const whole = type([characters.join("")]);
      assertEquals(type(pieces), whole);
      assert(whole.lines.every((line: string) => [...line].length <= 10));
    },
  },
  {
    name: "terminal-screen",
    words: [
      "\x1b[",
      "\x1b",
      ";",
      "5",
      "H",
      "J",
      "K",
      "L",
      "M",
      "P",
      "@",
      "r",
      "?1049h",
      "?1049l",
      "\n",
      "\r",
      "\b",
      "\t",
      "日",
      "\u0301",
      "x",
    ],
    check(input, cuts) {
      const show = (pieces: readonly string[]): Screen => {
        const screen = new Screen({ columns: 12, rows: 4, keptRows: 8 });
        for (const piece of pieces) screen.write(piece);
        return screen;
      };
      const characters = [...text(input)];
      const whole = show([characters.join("")]);
      assertEquals(show(characters).unread(), whole.unread());
      whole.lineToCursor();
      for (const cut of cuts) whole.placeAfter(whole.mark, cut);
      // Each cell holds a character with its marks.
      assert(whole.unread().length <= 14 * 13 * 32);
    },
  },
];
