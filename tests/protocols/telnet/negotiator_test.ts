/** The Q method, state by state (RFC 1143 §7). */

import { assertEquals } from "@std/assert";
import type { Verb } from "../../../src/protocols/telnet/codes.ts";
import {
  Negotiator,
  type OptionState,
  type Side,
} from "../../../src/protocols/telnet/negotiator.ts";

type Named = "NO" | "YES" | "WANTNO" | "WANTNO+" | "WANTYES" | "WANTYES+";

/** The table of the RFC for the peer's side: the state after a word or our request, and the answer. */
const TABLE: Readonly<
  Record<Named, Readonly<Record<string, readonly [after: Named, sent: string]>>>
> = {
  NO: {
    "WILL agreed": ["YES", "DO"],
    "WILL refused": ["NO", "DONT"],
    WONT: ["NO", ""],
    enable: ["WANTYES", "DO"],
    disable: ["NO", ""],
  },
  YES: {
    WILL: ["YES", ""],
    WONT: ["NO", "DONT"],
    enable: ["YES", ""],
    disable: ["WANTNO", "DONT"],
  },
  WANTNO: {
    WILL: ["NO", ""],
    WONT: ["NO", ""],
    enable: ["WANTNO+", ""],
    disable: ["WANTNO", ""],
  },
  "WANTNO+": {
    WILL: ["YES", ""],
    WONT: ["WANTYES", "DO"],
    enable: ["WANTNO+", ""],
    disable: ["WANTNO", ""],
  },
  WANTYES: {
    WILL: ["YES", ""],
    WONT: ["NO", ""],
    enable: ["WANTYES", ""],
    disable: ["WANTYES+", ""],
  },
  "WANTYES+": {
    WILL: ["WANTNO", "DONT"],
    WONT: ["NO", ""],
    enable: ["WANTYES", ""],
    disable: ["WANTYES+", ""],
  },
};

/** Our requests that lead from NO to a state; the peer's WILL is the second step to YES. */
const PATHS: Readonly<Record<Named, readonly string[]>> = {
  NO: [],
  YES: ["enable", "WILL"],
  WANTNO: ["enable", "WILL", "disable"],
  "WANTNO+": ["enable", "WILL", "disable", "enable"],
  WANTYES: ["enable"],
  "WANTYES+": ["enable", "disable"],
};

const WORDS: Readonly<Record<Side, Readonly<Record<string, Verb>>>> = {
  peer: { WILL: "will", WONT: "wont" },
  us: { WILL: "do", WONT: "dont" },
};

/** The same words when the option is on our side. */
const MIRRORED: Readonly<Record<string, string>> = { DO: "will", DONT: "wont", "": "" };

function nameOf({ is, queued }: OptionState): Named {
  const names = { no: "NO", yes: "YES", "want-no": "WANTNO", "want-yes": "WANTYES" } as const;
  return `${names[is]}${queued ? "+" : ""}` as Named;
}

Deno.test("every option in every state, on both sides, as the table of RFC 1143 has it", () => {
  for (const side of ["peer", "us"] as const) {
    for (const [state, rows] of Object.entries(TABLE)) {
      for (const [event, [after, sent]] of Object.entries(rows)) {
        for (let option = 0; option < 256; option++) {
          const out: string[] = [];
          const negotiator = new Negotiator({
            accepts: () => event !== "WILL refused",
            send: (verb, number) => out.push(`${verb} ${number}`),
            changed: () => {},
          });
          const apply = (name: string): void => {
            if (name === "enable" || name === "disable") negotiator[name](side, option);
            else negotiator.receive(WORDS[side][name.split(" ")[0]!]!, option);
          };
          PATHS[state as Named].forEach(apply);
          assertEquals(nameOf(negotiator.state(side, option)), state);
          out.length = 0;
          apply(event);
          const word = side === "peer" ? sent.toLowerCase() : MIRRORED[sent]!;
          assertEquals(
            [nameOf(negotiator.state(side, option)), out],
            [after, word === "" ? [] : [`${word} ${option}`]],
            `${side} ${state} ${event} ${option}`,
          );
        }
      }
    }
  }
});

Deno.test("changes are reported once, when they are certain", () => {
  const changes: string[] = [];
  const negotiator = new Negotiator({
    accepts: () => true,
    send: () => {},
    changed: (side, option, isOn) => changes.push(`${side} ${option} ${isOn}`),
  });
  negotiator.enable("us", 1);
  assertEquals(changes, []);
  negotiator.receive("do", 1);
  negotiator.receive("do", 1);
  negotiator.disable("us", 1);
  negotiator.receive("dont", 1);
  assertEquals(changes, ["us 1 true", "us 1 false"]);
});

Deno.test("two ends that both begin come to rest, for every pair of requests", () => {
  const wants = [undefined, true, false] as const;
  for (const first of wants) {
    for (const second of wants) {
      for (const agrees of [[true, true], [true, false], [false, true], [false, false]]) {
        const queue: (() => void)[] = [];
        let sent = 0;
        const ends: Negotiator[] = [0, 1].map((index) =>
          new Negotiator({
            accepts: () => agrees[index]!,
            send(verb, option) {
              sent++;
              queue.push(() => ends[1 - index]!.receive(verb, option));
            },
            changed: () => {},
          })
        );
        // The option is on the first one's side.
        const ask = (end: Negotiator, side: Side, want: boolean | undefined): void => {
          if (want !== undefined) end[want ? "enable" : "disable"](side, 1);
        };
        ask(ends[0]!, "us", first);
        ask(ends[1]!, "peer", second);
        ask(ends[0]!, "us", second);
        ask(ends[1]!, "peer", first);
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) next();
        assertEquals(ends[0]!.isOn("us", 1), ends[1]!.isOn("peer", 1));
        assertEquals([ends[0]!.isPending("us", 1), ends[1]!.isPending("peer", 1)], [false, false]);
        assertEquals(sent <= 8, true, `${sent} words`);
      }
    }
  }
});
