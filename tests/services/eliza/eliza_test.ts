/** ELIZA: the dialogue that the paper of 1966 quotes, the engine, and scripts that are wrong. */

import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { parse } from "@std/yaml";
import {
  dial,
  memoryNetwork,
  NetwrightError,
  parseEndpoint,
  readToEnd,
} from "../../../src/net/mod.ts";
import { serveMultiplex } from "../../../src/servers/mod.ts";
import { matchPattern } from "../../../src/services/eliza/conversation.ts";
import { DOCTOR, Eliza, parseElizaScript } from "../../../src/services/eliza/mod.ts";
import { streamService } from "../../../src/services/mod.ts";

/** Weizenbaum, "ELIZA", CACM 9.1 (1966), page 36; capitals are hers. */
const PAPER = `Men are all alike.
IN WHAT WAY
They're always bugging us about something or other.
CAN YOU THINK OF A SPECIFIC EXAMPLE
Well, my boyfriend made me come here.
YOUR BOYFRIEND MADE YOU COME HERE
He says I'm depressed much of the time.
I AM SORRY TO HEAR YOU ARE DEPRESSED
It's true. I am unhappy.
DO YOU THINK COMING HERE WILL HELP YOU NOT TO BE UNHAPPY
I need some help, that much seems certain.
WHAT WOULD IT MEAN TO YOU IF YOU GOT SOME HELP
Perhaps I could learn to get along with my mother.
TELL ME MORE ABOUT YOUR FAMILY
My mother takes care of me.
WHO ELSE IN YOUR FAMILY TAKES CARE OF YOU
My father.
YOUR FATHER
You are like my father in some ways.
WHAT RESEMBLANCE DO YOU SEE
You are not very aggressive but I think you don't want me to notice that.
WHAT MAKES YOU THINK I AM NOT VERY AGGRESSIVE
You don't argue with me.
WHY DO YOU THINK I DON'T ARGUE WITH YOU
You are afraid of me.
DOES IT PLEASE YOU TO BELIEVE I AM AFRAID OF YOU
My father is afraid of everybody.
WHAT ELSE COMES TO MIND WHEN YOU THINK OF YOUR FATHER
Bullies.
DOES THAT HAVE ANYTHING TO DO WITH THE FACT THAT YOUR BOYFRIEND MADE YOU COME HERE`.split("\n");

Deno.test("eliza says what she said in 1966", () => {
  const eliza = new Eliza(DOCTOR);
  const said = PAPER.filter((_, index) => index % 2 === 0)
    .map((sentence) => eliza.answer(sentence).toUpperCase().replace(/[?.]$/, ""));
  assertEquals(said, PAPER.filter((_, index) => index % 2 === 1));
});

Deno.test("the script's YAML and its table are the same", async () => {
  const yaml = await Deno.readTextFile(
    new URL("../../../src/services/eliza/doctor.yaml", import.meta.url),
  );
  assertEquals(parseElizaScript(parse(yaml)), DOCTOR);
});

Deno.test("matchPattern() gives each part, wildcards as short as they can be", () => {
  const script = { synonyms: new Map([["kin", ["mother", "father"]]]) };
  const match = (pattern: string, sentence: string): string[] | undefined =>
    matchPattern(pattern.split(" "), sentence === "" ? [] : sentence.split(" "), script);
  assertEquals(match("*", ""), [""]);
  assertEquals(match("* my * @kin *", "well my dear mother and father"), [
    "well",
    "my",
    "dear",
    "mother",
    "and father",
  ]);
  assertEquals(match("* my *", "no"), undefined);
  assertEquals(match("a b", "a b c"), undefined);
  // Many wildcards over many words: in time, though nothing fits.
  assertEquals(match(`${"* a ".repeat(40)}b`, "a ".repeat(199).trim()), undefined);
});

Deno.test("eliza has an answer for everything, and none of it is empty", () => {
  const words = [
    ...DOCTOR.keywords.keys(),
    ...DOCTOR.before.keys(),
    "mother",
    "but",
    ",",
    "\x1b[2J",
  ];
  const sentence = fc.array(fc.oneof(fc.constantFrom(...words), fc.string()), { maxLength: 12 });
  fc.assert(fc.property(fc.array(sentence, { maxLength: 10 }), (sentences) => {
    const eliza = new Eliza(DOCTOR);
    for (const spoken of sentences) {
      const answer = eliza.answer(spoken.join(" "));
      assertEquals(
        answer.trim() !== "" && !/\(\d\)|goto|newkey|undefined|[\n\r\x1b]/.test(answer),
        true,
        answer,
      );
    }
  }));
});

const SMALL = {
  greeting: "hi",
  farewell: "bye",
  quit: ["bye"],
  none: ["go on"],
  keywords: [{ word: "sun", rules: [{ match: "* sun *", say: ["nice"] }] }],
};

Deno.test("parseElizaScript() says where a script is wrong", async (t) => {
  assertEquals(new Eliza(parseElizaScript(SMALL)).answer("The sun shines."), "nice");
  const cases: readonly [change: object, reason: string][] = [
    [{ greeting: undefined }, "greeting must be a text"],
    [{ none: [] }, "none is empty"],
    [{ keywords: {} }, "keywords must be a list"],
    [{ keywords: [{ word: "x", rank: "high", rules: [] }] }, "keywords[0].rank must be a number"],
    [
      { keywords: [{ word: "x", rules: [{ match: "* @kin", say: ["y"] }] }] },
      "keywords[0].rules[0].match: unknown synonyms @kin",
    ],
    [
      { keywords: [{ word: "x", rules: [{ match: "* x", say: ["y (3)"] }] }] },
      "keywords[0].rules[0].say: the pattern has no part (3)",
    ],
    [
      { keywords: [{ word: "x", rules: [{ match: "x", say: ["goto y"] }] }] },
      "the keyword x goes to y, which is not a keyword",
    ],
  ];
  for (const [change, reason] of cases) {
    await t.step(reason, () => {
      const script = { ...SMALL, ...change };
      assertThrows(() => parseElizaScript(script), NetwrightError, reason);
    });
  }
  await t.step("keywords that go round in a ring end", () => {
    const rule = (to: string): object[] => [{ match: "*", say: [`goto ${to}`] }];
    const keywords = [{ word: "a", rules: rule("b") }, { word: "b", rules: rule("a") }];
    assertEquals(new Eliza(parseElizaScript({ ...SMALL, keywords })).answer("a"), "go on");
  });
});

Deno.test("serve eliza talks with each client by itself, until it says goodbye", async () => {
  const service = await streamService("eliza");
  const network = memoryNetwork({ maxReadBytes: 5 });
  await using server = serveMultiplex(service, { network, endpoint: parseEndpoint("127.0.0.1:0") });
  const talk = async (text: string): Promise<string[]> => {
    using connection = await dial(server.endpoint, { network });
    await connection.write(new TextEncoder().encode(text));
    return new TextDecoder().decode(await readToEnd(connection)).split("\r\n");
  };
  const both = await Promise.all([
    talk("Men are all alike.\r\nbye\r\n"),
    talk("alike\nGoodbye!\n"),
  ]);
  for (const lines of both) {
    assertEquals(lines, [DOCTOR.greeting, "In what way?", DOCTOR.farewell, ""]);
  }
  const other = await streamService("eliza", { script: "small.yaml" }, {
    documents: { script: SMALL },
  });
  assertEquals(other.name, "eliza");
  await assertRejects(
    async () =>
      await streamService("eliza", { script: "empty.yaml" }, { documents: { script: {} } }),
    NetwrightError,
  );
});

Deno.test("eliza turns verbs with their persons, and does not play with despair", () => {
  const eliza = new Eliza(DOCTOR);
  assertEquals(eliza.answer("I dreamed that I was flying"), "Really, you were flying?");
  assertEquals(eliza.answer("I want 🧑🏽‍🌾 now"), "What would it mean to you if you got 🧑🏽‍🌾 now?");
  for (
    const words of [
      "I am going to kill myself",
      "i want to die",
      "I think of suicide",
      "I will hurt myself",
    ]
  ) {
    assertMatch(eliza.answer(words), /only a program/, words);
  }
  assertEquals(/only a program/.test(eliza.answer("My plants die")), false);
});
