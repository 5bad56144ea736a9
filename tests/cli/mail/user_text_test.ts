/** The user's own text: bytes outside its charset are refused in one line, and nothing is lost. */

import { assertEquals, assertMatch } from "@std/assert";
import { parseMessage } from "../../../src/mime/mod.ts";
import { LETTER } from "../../support/command_table.ts";
import { netwright } from "../../support/netwright.ts";

const LATIN1 = Uint8Array.from("Grüße\n", (character) => character.charCodeAt(0));
const ANN = ["--from", "ann@b.example", "--to", "bob@c.example"];

Deno.test("text that is not UTF-8 is refused, and read by its own charset", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "netwright-" });
  try {
    await Deno.writeFile(`${folder}/a.txt`, LATIN1);
    await Deno.writeTextFile(`${folder}/letter.eml`, LETTER);
    const lines: readonly (readonly [words: readonly string[], stdin?: Uint8Array])[] = [
      [["mime", "build", `${folder}/a.txt`, "--header", "Subject: x"]],
      [["mail", "compose", ...ANN], LATIN1],
      [["mail", "compose", ...ANN, "--body", "x", "--html", `${folder}/a.txt`]],
      [["mail", "compose", ...ANN, "--body", "x", "--signature", `${folder}/a.txt`]],
      [["mail", "reply", "--from", "ann@b.example", `${folder}/letter.eml`], LATIN1],
      [["mail", "forward", ...ANN, `${folder}/letter.eml`], LATIN1],
      [
        [
          "mail",
          "autoreply",
          "--from",
          "ann@b.example",
          "--text",
          `${folder}/a.txt`,
          `${folder}/letter.eml`,
        ],
      ],
    ];
    for (const [words, stdin = new Uint8Array(0)] of lines) {
      await t.step(words.slice(0, 2).join(" "), async () => {
        const refused = await netwright(words, { stdin });
        assertEquals([refused.code, refused.stdout], [1, ""]);
        assertMatch(
          refused.stderr,
          /^netwright: [^\n]*: the text is not UTF-8 \(--charset [^\n]*\)\n$/,
        );
        const { code, stdout, stderr } = await netwright([...words, "--charset", "latin1"], {
          stdin,
        });
        assertEquals([code, stderr], [0, ""]);
        const parts = [...parseMessage(new TextEncoder().encode(stdout)).walk()];
        assertEquals(parts.some(({ text }) => text?.includes("Grüße")), true, stdout);
      });
    }
    await t.step("the bytes are kept exactly", async () => {
      const words = ["mime", "build", `${folder}/a.txt`, "--charset", "iso-8859-1"];
      const { stdout } = await netwright(words);
      const message = parseMessage(new TextEncoder().encode(stdout));
      assertEquals(message.content, LATIN1);
      assertEquals(message.header.contentType.parameters.get("charset"), "iso-8859-1");
    });
    await t.step("an unknown charset", async () => {
      const { code, stderr } = await netwright(["mail", "compose", ...ANN, "--charset", "x-none"], {
        stdin: LATIN1,
      });
      assertEquals(code, 2);
      assertMatch(stderr, /unknown charset "x-none"\n$/);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
