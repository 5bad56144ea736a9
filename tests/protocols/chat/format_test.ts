import { assertEquals } from "@std/assert";
import { type ChatStyle, formatNews, isMentioned } from "../../../src/protocols/chat/internal.ts";

const paint = (style: ChatStyle, text: string) => `<${style} ${text}>`;

Deno.test("formatNews() shows speakers, actions and mentions", () => {
  const format = { paint, current: "Pets", nickname: "ann" };
  const rows = [
    ["Pets", "bob", "hi", "<name bob>: hi"],
    ["Weather", "bob", "hi", "[Weather] <name bob>: hi"],
    ["Pets", "bob", "/me waves", "* <name bob> waves"],
    ["Pets", "bob", "/meow", "<name bob>: /meow"],
    ["Pets", "bob", "hi Ann!", "<name bob>: <mention hi Ann!>"],
    ["Pets", "bob", "/me greets ann", "* <name bob> <mention greets ann>"],
    ["Pets", "ann", "I am ann", "<name ann>: I am ann"],
  ] as const;
  for (const [channel, from, text, line] of rows) {
    assertEquals(formatNews({ kind: "message", channel, from, text }, format), line);
  }
  assertEquals(formatNews({ kind: "private", from: "bob", text: "/me nods" }), "* *bob* nods");
});

Deno.test("isMentioned() knows names as words, whatever is in them", () => {
  for (const text of ["ann", "ANN: hi", "(ann)", "hi ann.", "@ann"]) {
    assertEquals(isMentioned(text, "ann"), true, text);
  }
  for (const text of ["anna", "Joann", "annä", "ann2", ""]) {
    assertEquals(isMentioned(text, "ann"), false, text);
  }
  for (const name of ["a.b", "[x]", "a+", "^_^", "$", "a-b", "a/b", "\\", "Zoë"]) {
    assertEquals(isMentioned(`hi ${name}!`, name), true, name);
    assertEquals(isMentioned("hi axb!", name), false, name);
  }
});
