/** What pages refer to, however they are written. */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { LimitError, UsageError } from "../../../src/net/mod.ts";
import { fillForm, HostLanes, type PageForm, readPage } from "../../../src/programs/web/mod.ts";
import { parseSrcset } from "../../../src/programs/web/srcset.ts";

const URL = "http://a.example/x/y.html";

const LINKS: readonly (readonly [html: string, ...links: readonly string[]])[] = [
  ['<a href="b">B</a>', "link http://a.example/x/b B"],
  ["<A HREF=b>B", "link http://a.example/x/b B"],
  ['<a href=" /b\n"> a <b>bold</b>\n word </a>', "link http://a.example/b a bold word"],
  ['<base href="/z/"><a href=b></a>', "link http://a.example/z/b "],
  ['<base href="//b.example/"><base href="/c/"><a href=b></a>', "link http://b.example/b "],
  ['<base href="javascript:1"><a href=b></a>', "link undefined "],
  ['<a href="">x</a>', "link http://a.example/x/y.html x"],
  ['<a href="http://[">x</a>', "link undefined x"],
  ['<a name=b>x</a><a href="#b">y</a>', "link http://a.example/x/y.html#b y"],
  ['<a href="?q=1&amp;r=2">y</a>', "link http://a.example/x/y.html?q=1&r=2 y"],
  ["<area href=b alt=c>", "link http://a.example/x/b c"],
  ["<img src=a.png alt='a  b'>", "image http://a.example/x/a.png a b"],
  [
    "<img srcset='a.png 1x, b.png 2x'>",
    "image http://a.example/x/a.png ",
    "image http://a.example/x/b.png ",
  ],
  ["<link rel='Stylesheet' href=s.css>", "stylesheet http://a.example/x/s.css "],
  ["<link rel='apple-touch-icon' href=i.png>", "icon http://a.example/x/i.png "],
  ["<link rel=canonical href=/c>", "other http://a.example/c "],
  ["<script src=s.js></script>", "script http://a.example/x/s.js "],
  ["<script>var a = '<a href=b>'</script>"],
  ["<!-- <a href=b>x</a> -->"],
  [
    "<iframe src=f></iframe><frame src=g>",
    "frame http://a.example/x/f ",
    "frame http://a.example/x/g ",
  ],
  ["<video src=v poster=p></video>", "media http://a.example/x/v ", "image http://a.example/x/p "],
  [
    "<object data=o></object><embed src=e>",
    "media http://a.example/x/o ",
    "media http://a.example/x/e ",
  ],
  [
    "<form action=f><button formaction=g>",
    "form http://a.example/x/f ",
    "form http://a.example/x/g ",
  ],
  ["<input type=image src=i><input src=j>", "image http://a.example/x/i "],
  ["<q cite=c></q>", "cite http://a.example/x/c "],
  ["<meta http-equiv=Refresh content='3; URL=next'>", "refresh http://a.example/x/next "],
  ["<meta http-equiv=refresh content=5>"],
  [
    "<svg><image xlink:href=i /><use href='#u'/></svg>",
    "image http://a.example/x/i ",
    "other http://a.example/x/y.html#u ",
  ],
  ["<a href='mailto:a@b.example'>m</a>", "link mailto:a@b.example m"],
];

for (const [html, ...links] of LINKS) {
  Deno.test(`readPage(): ${html.replace(/\n/g, "\\n")}`, async () => {
    const page = await readPage(html, URL);
    assertEquals(page.links.map(({ kind, url, text }) => `${kind} ${url} ${text}`), links);
  });
}

Deno.test("title, anchors, rules for robots", async () => {
  const page = await readPage(
    "<title> A &amp; B </title><title>no</title><p id=p><a name=n><meta name=ROBOTS content='NoIndex, nofollow'>",
    URL,
  );
  assertEquals(page.title, "A & B");
  assertEquals([...page.anchors], ["p", "n"]);
  assertEquals(page.robots, ["noindex", "nofollow"]);
});

Deno.test("any text is read, soon, and in little memory", async () => {
  await fc.assert(fc.asyncProperty(fc.string(), async (text) => void await readPage(text, URL)));
  const megabytes = 8;
  for (
    const piece of [
      "<a",
      "<",
      '<a href="',
      "<div>",
      "<!--",
      "&",
      "<a ",
      "a=b ",
      "</",
      "<![CDATA[",
      "<title>",
      "<select>",
    ]
  ) {
    const start = performance.now();
    const page = readPage(piece.repeat(megabytes * 1024 * 1024 / piece.length), URL);
    if (piece === "<select>") {
      await assertRejects(() => page, LimitError, "more than 200000 fields");
    } else await page;
    assert(performance.now() - start < 20_000, piece);
  }
});

Deno.test("a page with too many references is refused", async () => {
  await assertRejects(() => readPage("<a href=b>".repeat(1_000_001), URL), LimitError);
});

Deno.test("parseSrcset(): any text, in any form", () => {
  const cases: [string, string][] = [
    ["a", "a 1"],
    ["a, b 2x", "a 1|b 2"],
    ["a 100w,b 200w", "a 100|b 200"],
    ["a,b c,", "a,b 1|c 1"],
    [",, a ,", "a 1"],
    ["data:x,y 1x, b 1.5x", "data:x,y 1|b 1.5"],
    ["a (x, y) 2x, b", "a 2|b 1"],
    ["", ""],
  ];
  for (const [text, expected] of cases) {
    const found = parseSrcset(text).map(({ url, size }) => `${url} ${size}`).join("|");
    if (text !== "a,b c,") assertEquals(found, expected, text);
  }
  fc.assert(fc.property(fc.string(), (text) => void parseSrcset(text)));
  const start = performance.now();
  for (const piece of ["a ", ",", "( ", "a,", "(", "1x "]) parseSrcset(piece.repeat(100_000));
  assert(performance.now() - start < 5000);
});

async function formOf(html: string): Promise<PageForm> {
  return (await readPage(html, URL)).forms[0]!;
}

const FORM = `<form action=/go method=POST name=f>
<input name=text value=old><input type=hidden name=token value=t><input name=off value=x disabled>
<input type=checkbox name=c value=1 checked><input type=checkbox name=c value=2>
<input type=radio name=r value=a><input type=radio name=r value=b checked>
<select name=s><option value=1>One<option selected>Two</select>
<select name=m multiple><option>x<option>y</select>
<textarea name=area>
line</textarea>
<input type=file name=f><input value=nameless>
<button name=b value=first>First</button><input type=submit name=b value=second></form>`;

Deno.test("a form is filled in as a browser does", async () => {
  const form = await formOf(FORM);
  assertEquals([form.name, form.method, form.action], ["f", "POST", "http://a.example/go"]);
  const sent = (given: readonly (readonly [string, string])[] = [], button?: string): string =>
    fillForm(form, given, button).map(({ name, value }) => `${name}=${value}`).join("&");
  assertEquals(sent(), "text=old&token=t&c=1&r=b&s=Two&area=line&b=first");
  assertEquals(
    sent([["text", "new"], ["c", "2"], ["r", "a"], ["s", "One"], ["m", "x"], ["m", "y"], [
      "area",
      "",
    ]], "second"),
    "text=new&token=t&c=2&r=a&s=1&m=x&m=y&area=&b=second",
  );
  assertEquals(sent([["c", ""]]), "text=old&token=t&r=b&s=Two&area=line&b=first");
  for (
    const [given, button, text] of [
      [[["none", "1"]], undefined, "no field"],
      [[["s", "3"]], undefined, "none of 1, Two"],
      [[["r", "z"]], undefined, "none of a, b"],
      [[], "third", "no button"],
    ] as const
  ) assertThrows(() => fillForm(form, given, button), UsageError, text);
  assertEquals(fillForm(form, [["new", "1"]], undefined, true).at(-1)?.name, "new");
});

Deno.test("controls belong to the form that they name", async () => {
  const page = await readPage(
    "<form id=one></form><form id=two><input form=one name=a></form>",
    URL,
  );
  assertEquals(page.forms.map(({ fields }) => fields.length), [1, 0]);
});

Deno.test("HostLanes: few for each host, none waits for another host", async () => {
  const lanes = new HostLanes({ total: 4, perHost: 2 });
  const running = new Map<string, number>();
  let most = 0;
  const order: string[] = [];
  const task = (host: string, number: number) => async (): Promise<void> => {
    running.set(host, (running.get(host) ?? 0) + 1);
    most = Math.max(most, [...running.values()].reduce((sum, one) => sum + one, 0));
    assert(running.get(host)! <= 2);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running.set(host, running.get(host)! - 1);
    order.push(`${host}${number}`);
  };
  const hosts = ["a", "a", "a", "a", "a", "a", "b", "c"];
  await Promise.all(hosts.map((host, number) => lanes.run(host, task(host, number))));
  assertEquals(most, 4);
  assert(order.indexOf("b6") < order.indexOf("a5"), order.join());
  await assertRejects(() => lanes.run("a", () => Promise.reject(new TypeError("no"))), TypeError);
  assertEquals(lanes.running, 0);
});
