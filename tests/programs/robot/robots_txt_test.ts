/** `robots.txt`: RFC 9309's own cases, and situations that the public tests of a large search engine's parser cover. */

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { RobotsTxt } from "../../../src/programs/robot/mod.ts";

type Case = readonly [
  what: string,
  file: string | Uint8Array,
  agent: string,
  expected: readonly (readonly [path: string, isAllowed: boolean])[],
];

const RFC_5_1 = `User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
EOF
`;

const CASES: readonly Case[] = [
  // RFC 9309 §5.1 and §5.2.
  ["§5.1: any robot", RFC_5_1, "other", [
    ["/x.gif", false],
    ["/x.gifs", true],
    ["/example/page.html", false],
    ["/publications/x", true],
  ]],
  ["§5.1: foobot", RFC_5_1, "FooBot", [
    ["/", false],
    ["/example/page.html", true],
    ["/example/allowed.gif", true],
    ["/example/", false],
  ]],
  ["§5.1: two names of one group", RFC_5_1, "bazbot", [
    ["/example/page.html", false],
    ["/x.gif", true],
  ]],
  ["§5.1: a group without rules", RFC_5_1, "quxbot", [["/x.gif", true], ["/example/", true]]],
  [
    "§5.2: the longest match",
    "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n",
    "foobot",
    [["/example/page/", true], ["/example/page/disallowed.gif", false]],
  ],
  // §2.2.1
  [
    "§2.2.1: groups of one robot are one",
    "User-Agent: ExampleBot\nDisallow: /foo\nDisallow: /bar\n\nUser-Agent: ExampleBot\nDisallow: /baz\n",
    "examplebot",
    [["/foo", false], ["/bar", false], ["/baz", false], ["/x", true]],
  ],
  [
    "§2.2.1: without a group of its own, that of any robot",
    "User-Agent: *\nDisallow: /foo\n\nUser-Agent: BazBot\nDisallow: /baz\n",
    "ExampleBot",
    [["/foo", false], ["/baz", true]],
  ],
  // §2.2.2
  ["§2.2.2: nothing matches", "User-Agent: a\nDisallow: /x\n", "a", [["/y", true]]],
  ["§2.2.2: two of one length", "User-Agent: a\nDisallow: /x\nAllow: /x\n", "a", [["/x", true]]],
  [
    "§2.2.2: percent encoding",
    "User-Agent: a\nDisallow: /\nAllow: /foo/bar?baz=quz\nAllow: /foo/bar/ツ\nAllow: /foo/bar/%62%61%7A\n",
    "a",
    [
      ["/foo/bar?baz=quz", true],
      ["/foo/bar/ツ", true],
      ["/foo/bar/%E3%83%84", true],
      ["/foo/bar/baz", true],
      ["/foo/bar/%62%61%7a", true],
    ],
  ],
  ["§2.2.2: the file itself", "User-Agent: *\nDisallow: /\n", "a", [["/robots.txt", true]]],
  // §2.2.3
  ["§2.2.3: anything", "User-Agent: *\nDisallow: /this/*/exactly\n", "a", [
    ["/this/path/exactly", false],
    ["/this/x", true],
  ]],
  ["§2.2.3: the end", "User-Agent: *\nDisallow: /this/path/exactly$\n", "a", [
    ["/this/path/exactly", false],
    ["/this/path/exactly/", true],
  ]],
  [
    "§2.2.3: special characters as they are",
    "User-Agent: *\nDisallow: /path/file-with-a-%2A.html\nDisallow: /path/foo-%24\n",
    "a",
    [["/path/file-with-a-*.html", false], ["/path/file-with-a-b.html", true], [
      "/path/foo-$",
      false,
    ]],
  ],
  // §2.2.4
  [
    "§2.2.4: other records end no group",
    "User-Agent: BarBot\nSitemap: https://foo.bar/sitemap\nUser-agent: *\nDisallow: /\n",
    "BarBot",
    [["/x", false]],
  ],
  [
    "§2.2.4: neither do unknown ones",
    "User-agent: FooBot\nInvalid-Unknown-Line: unknown\nUser-agent: *\nDisallow: /\n",
    "FooBot",
    [["/x", false]],
  ],
  // Situations of the public tests of google/robotstxt, in other words.
  ["google/robotstxt: an empty file", "", "FooBot", [["/", true]]],
  ["google/robotstxt: an empty name", "user-agent: FooBot\ndisallow: /\n", "", [["/", true]]],
  ["google/robotstxt: the correct form", "user-agent: FooBot\ndisallow: /\n", "FooBot", [
    ["/x/y", false],
  ]],
  ["google/robotstxt: an unknown key", "foo: FooBot\nbar: /\n", "FooBot", [["/x/y", true]]],
  ["google/robotstxt: no colons", "user-agent FooBot\ndisallow /\n", "FooBot", [["/x/y", false]]],
  [
    "google/robotstxt: groups of several names",
    "allow: /foo/bar/\n\nuser-agent: FooBot\ndisallow: /\nallow: /x/\nuser-agent: BarBot\ndisallow: /\n" +
    "allow: /y/\n\n\nallow: /w/\nuser-agent: BazBot\n\nuser-agent: FooBot\nallow: /z/\ndisallow: /\n",
    "FooBot",
    [["/x/b", true], ["/z/d", true], ["/y/c", false], ["/foo/bar/", false]],
  ],
  [
    "google/robotstxt: rules after an empty line are of the group",
    "user-agent: BarBot\ndisallow: /\nallow: /y/\n\n\nallow: /w/\n",
    "BarBot",
    [["/y/c", true], ["/w/a", true], ["/z/d", false]],
  ],
  [
    "google/robotstxt: a name before another group",
    "user-agent: BazBot\n\nuser-agent: FooBot\nallow: /z/\ndisallow: /\n",
    "BazBot",
    [["/z/d", true], ["/y/c", false]],
  ],
  [
    "google/robotstxt: keys in upper case",
    "USER-AGENT: FooBot\nALLOW: /x/\nDISALLOW: /\n",
    "FooBot",
    [
      ["/x/y", true],
      ["/a/b", false],
    ],
  ],
  [
    "google/robotstxt: keys in mixed case",
    "uSeR-aGeNt: FooBot\nAlLoW: /x/\ndIsAlLoW: /\n",
    "FooBot",
    [
      ["/x/y", true],
      ["/a/b", false],
    ],
  ],
  ["google/robotstxt: names in any case", "User-Agent: FOO BAR\nAllow: /x/\nDisallow: /\n", "foo", [
    ["/x/y", true],
    ["/a/b", false],
  ]],
  [
    "google/robotstxt: a name ends where its letters do",
    "User-agent: foo-Bot/2.0\nDisallow: /\n",
    "Foo-bot",
    [
      ["/x", false],
    ],
  ],
  [
    "google/robotstxt: any robot, with words behind the asterisk",
    "User-Agent: * baz\nDisallow: /\n",
    "foo",
    [["/x", false]],
  ],
  [
    "google/robotstxt: an asterisk with letters is a name",
    "User-Agent: *baz\nDisallow: /\n",
    "foo",
    [
      ["/x", true],
    ],
  ],
  [
    "google/robotstxt: the group of any robot counts second",
    "user-agent: *\nallow: /\nuser-agent: FooBot\ndisallow: /\n",
    "FooBot",
    [["/x/y", false]],
  ],
  [
    "google/robotstxt: and not for others",
    "user-agent: *\nallow: /\nuser-agent: FooBot\ndisallow: /\n",
    "BarBot",
    [["/x/y", true]],
  ],
  ["google/robotstxt: rules without a robot", "allow: /\ndisallow: /\n", "FooBot", [["/x", true]]],
  ["google/robotstxt: paths have case", "user-agent: FooBot\ndisallow: /X/\n", "FooBot", [
    ["/x/y", true],
    ["/X/y", false],
  ]],
  [
    "google/robotstxt: longest, by length of the pattern",
    "user-agent: FooBot\ndisallow: /x/page.html\nallow: /x/\n",
    "FooBot",
    [["/x/page.html", false], ["/x/", true]],
  ],
  [
    "google/robotstxt: in the other order",
    "user-agent: FooBot\nallow: /x/page.html\ndisallow: /x/\n",
    "FooBot",
    [["/x/page.html", true], ["/x/", false], ["/x/y", false]],
  ],
  ["google/robotstxt: empty patterns", "user-agent: FooBot\ndisallow: \nallow: \n", "FooBot", [
    ["/x/page.html", true],
  ]],
  [
    "google/robotstxt: equal patterns",
    "user-agent: FooBot\ndisallow: /x/page.html\nallow: /x/page.html\n",
    "FooBot",
    [
      ["/x/page.html", true],
    ],
  ],
  [
    "google/robotstxt: a folder and its beginning",
    "user-agent: FooBot\nallow: /page\ndisallow: /*.html\n",
    "FooBot",
    [
      ["/page.html", false],
      ["/page", true],
    ],
  ],
  [
    "google/robotstxt: a short allow",
    "user-agent: FooBot\nallow: /x/page.\ndisallow: /*.html\n",
    "FooBot",
    [
      ["/x/page.html", true],
      ["/x/y.html", false],
    ],
  ],
  [
    "google/robotstxt: a specific group only",
    "User-agent: *\nDisallow: /x/\nUser-agent: FooBot\nDisallow: /y/\n",
    "FooBot",
    [["/x/page", true], ["/y/page", false]],
  ],
  [
    "google/robotstxt: queries count",
    "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar?qux=taz&baz=http://foo.bar?tar&par\n",
    "FooBot",
    [
      ["/foo/bar?qux=taz&baz=http://foo.bar?tar&par", true],
    ],
  ],
  [
    "google/robotstxt: letters beyond ASCII",
    "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/%E3%83%84\n",
    "FooBot",
    [
      ["/foo/bar/ツ", true],
      ["/foo/bar/%e3%83%84", true],
    ],
  ],
  [
    "google/robotstxt: asterisks",
    "user-agent: FooBot\ndisallow: /foo/bar/quz\ndisallow: /foo/bar*qux\n",
    "FooBot",
    [
      ["/foo/bar/quz", false],
      ["/foo/quz", true],
      ["/foo/barqux", false],
      ["/foo/bar/1/qux", false],
      ["/foo/bar/1/quxx", false],
    ],
  ],
  [
    "google/robotstxt: the end, beside the beginning",
    "user-agent: FooBot\ndisallow: /foo/bar$\nallow: /foo/bar/qux\n",
    "FooBot",
    [
      ["/foo/bar", false],
      ["/foo/bar/qux", true],
      ["/foo/bar/", true],
      ["/foo/bar/baz", true],
    ],
  ],
  [
    "google/robotstxt: comments",
    "# foo\nuser-agent: FooBot # bar\ndisallow: /x # baz\n",
    "FooBot",
    [
      ["/x", false],
      ["/y", true],
    ],
  ],
  [
    "google/robotstxt: misspelled keys",
    "useragent: FooBot\nuser agent: BarBot\ndissallow: /a\ndisalow: /b\ndiasllow: /c\n",
    "barbot",
    [
      ["/a", false],
      ["/b", false],
      ["/c", false],
      ["/d", true],
    ],
  ],
  [
    "google/robotstxt: CR LF",
    "User-Agent: foo\r\nAllow: /some/path\r\nUser-Agent: bar\r\n\r\n\r\nDisallow: /\r\n",
    "bar",
    [
      ["/x", false],
    ],
  ],
  [
    "google/robotstxt: LF",
    "User-Agent: foo\nAllow: /some/path\nUser-Agent: bar\n\n\nDisallow: /\n",
    "foo",
    [
      ["/x", true],
    ],
  ],
  ["google/robotstxt: CR alone", "User-Agent: foo\rDisallow: /a\r", "foo", [["/a", false]]],
  ["google/robotstxt: no end of the last line", "User-Agent: foo\nDisallow: /a", "foo", [[
    "/a",
    false,
  ]]],
  ["google/robotstxt: a byte order mark", "\ufeffUser-Agent: foo\nDisallow: /a\n", "foo", [[
    "/a",
    false,
  ]]],
  [
    "google/robotstxt: half of a byte order mark spoils its line",
    new Uint8Array([0xef, 0xbb, ...new TextEncoder().encode("User-Agent: foo\nDisallow: /a\n")]),
    "foo",
    [["/a", true]],
  ],
  [
    "google/robotstxt: a byte order mark elsewhere spoils its line",
    "User-Agent: foo\n\ufeffDisallow: /a\nDisallow: /b\n",
    "foo",
    [["/a", true], ["/b", false]],
  ],
  [
    "google/robotstxt: what a line has beyond its limit does not count",
    `user-agent: FooBot\ndisallow: /x/${"a".repeat(16_384)}/qux\n`,
    "FooBot",
    [["/fux", true], [`/x/${"a".repeat(16_384)}/fux`, false]],
  ],
];

for (const [what, file, agent, expected] of CASES) {
  Deno.test(`robots.txt: ${what}`, () => {
    const rules = new RobotsTxt(file).rulesFor(agent);
    for (const [path, isAllowed] of expected) {
      assertEquals(rules.allows(`http://foo.bar${path}`), isAllowed, path);
    }
  });
}

Deno.test("robots.txt: sitemaps and delays", () => {
  const file = new RobotsTxt(
    "Sitemap: http://a.example/one.xml\nUser-agent: *\nCrawl-delay: 1.5\nDisallow: /x\n" +
      "site-map: /two.xml\nUser-agent: slow\nCrawl-delay: never\n",
  );
  assertEquals(file.sitemaps, ["http://a.example/one.xml", "/two.xml"]);
  assertEquals(file.rulesFor("netwright").delayMs, 1500);
  assertEquals(file.rulesFor("slow").delayMs, undefined);
});

Deno.test("robots.txt: nothing is read beyond half a MiB", () => {
  const file = new RobotsTxt(`user-agent: *\n${"#\n".repeat(300_000)}disallow: /\n`);
  assertEquals(file.rulesFor("a").allows("http://a.example/x"), true);
});

Deno.test("robots.txt: any bytes are read, and a pattern matches as a slow matcher does", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    new RobotsTxt(bytes).rulesFor("a").allows("http://a.example/x?y");
  }));
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "/", "*"), maxLength: 8 });
  const path = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 8 });
  fc.assert(fc.property(letters, fc.boolean(), path, (pattern, isAnchored, rest) => {
    const source = `/${pattern}`.replaceAll("*", ".*");
    const expected = !new RegExp(`^${source}${isAnchored ? "$" : ""}`).test(`/${rest}`);
    const file = `user-agent: *\ndisallow: /${pattern}${isAnchored ? "$" : ""}\n`;
    // A path that begins with two slashes would be a host.
    const url = new URL("http://a.example/");
    url.pathname = `/${rest}`;
    if (url.pathname !== `/${rest}`) return;
    assertEquals(new RobotsTxt(file).rulesFor("a").allows(url), expected);
  }));
});

Deno.test("robots.txt: hostile patterns take no time", () => {
  const file = new RobotsTxt(`user-agent: *\ndisallow: /${"*a".repeat(8000)}b\n`);
  const before = performance.now();
  file.rulesFor("a").allows(`http://a.example/${"a".repeat(8000)}`);
  assertEquals(performance.now() - before < 5000, true);
});
