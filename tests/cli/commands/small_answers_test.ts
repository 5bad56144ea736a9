/** Output of small commands. */

import { assertEquals, assertMatch } from "@std/assert";
import { netwright } from "../../support/netwright.ts";

const ROWS: readonly [words: string[], status: number, output: RegExp][] = [
  [
    ["netmask", "10.0.0.1/31"],
    0,
    /^address +10\.0\.0\.1\nmask +255\.255\.255\.254\n(?![^]*broadcast)/,
  ],
  [["netmask", "10.0.0.9/255.255.0.0"], 0, /\nprefix +16\n[^]*\nbroadcast +10\.0\.255\.255\n/],
  [["netmask", "10.0.0.0/8", "10.1.1.1"], 0, /\ninside +true\n/],
  [["netmask", "10.0.0.1"], 2, /a mask is missing/],
  [["netmask", "10.0.0.1/33"], 2, /33/],
  [["ref", "multicast", "239.1.2.3"], 0, /^239\.0\.0\.0\/8\t.*\n224\.0\.0\.0\/4\t.*\n$/],
  [["ref", "multicast", "ff05::2"], 0, /^ff05::2\t.*\nff00::\/8\t.*\n$/],
  [["ref", "multicast", "192.0.2.1"], 1, /there is no "192\.0\.2\.1"/],
  [["daytime", "127.0.0.1:0"], 1, /daytime: 127\.0\.0\.1:0: port 0 cannot be connected to\n$/],
  [["gab", "unix:x.sock"], 2, /"unix:x\.sock": the path of a socket begins with a slash\n$/],
  [["serve", "echo", "--listen", "unix:x.sock"], 2, /begins with a slash\n$/],
  [["mime", "tree", "README.md/x"], 1, /README\.md\/x: not a directory\n$/],
  [["mime", "tree", "/dev/null/x"], 3, /\/dev\/null\/x: .* every permission .*--no-sandbox/],
  [["serve", "ftp", "--public-address", "foo"], 2, /--public-address takes an IPv4 address/],
];

Deno.test("small commands answer", async (t) => {
  for (const [words, status, output] of ROWS) {
    await t.step(words.join(" "), async () => {
      const { code, stdout, stderr } = await netwright(words);
      assertEquals(code, status, stderr);
      assertMatch(status === 0 ? stdout : stderr, output);
    });
  }
});
