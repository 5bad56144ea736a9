/** The file of cookies: what ends, what is deleted, what cannot be written, bytes that are no text. */

import { assertEquals, assertRejects } from "@std/assert";
import { CookieFile } from "../../../src/cli/http/cookie_jar.ts";
import { UsageError } from "../../../src/net/mod.ts";
import { inFolder } from "../../support/trees.ts";

const A = new URL("https://www.a.example/x/y");

/** What a later run sends after an earlier one got these fields. */
async function kept(
  fields: readonly string[],
  { from = A, to = A }: { from?: URL; to?: URL } = {},
): Promise<string> {
  let sent = "";
  await inFolder(async (folder) => {
    const path = `${folder}/jar`;
    for (const field of fields) {
      const jar = await CookieFile.open(path);
      jar.set(from, [field]);
      await jar.save();
    }
    sent = (await CookieFile.open(path)).get(to);
  });
  return sent;
}

const other = (href: string) => ({ to: new URL(href) });

const COOKIES: readonly (readonly [
  fields: readonly string[],
  sent: string,
  urls?: { from?: URL; to?: URL },
])[] = [
  [["a=1"], "a=1"],
  [["a=1", "a=2"], "a=2"],
  [["a=1; Max-Age=3600"], "a=1"],
  [["a=1; Max-Age=3600", "a=; Max-Age=0"], ""],
  [["a=1", "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], ""],
  // swift-server/async-http-client#314, pyfisch/httpdate#9, crystal-lang/crystal#7404: dates of all forms
  [["a=1; Expires=Sunday, 06-Nov-94 08:49:37 GMT"], ""],
  [["a=1; Expires=Wed, 15-Nov-2073 09:20:03 GMT"], "a=1"],
  [["a=1; Expires=Tue, 12 Oct 1999 07:00:00 GMT; Secure; HttpOnly"], ""],
  [["a=1; Expires=Sun Nov  6 08:49:37 2073"], "a=1"],
  // nodejs/undici#5488, cakephp/cakephp#12269: a date that is none is no date
  [["a=1; Expires=not-a-date"], "a=1"],
  [["a=1; expires=1w"], "a=1"],
  [["a=1; Domain=a.example; Path=/"], "a=1", other("https://b.a.example/")],
  [["a=1"], "", other("https://a.example/")],
  [["a=1; Domain=b.example"], ""],
  [["a=1; Domain=example"], ""],
  [["a=1; Domain=co.uk"], "", {
    from: new URL("https://x.co.uk/"),
    to: new URL("https://y.co.uk/"),
  }],
  [["a=1; Path=/x"], "a=1"],
  [["a=1; Path=/z"], ""],
  [["a=1; Secure"], "", other("http://www.a.example/x/y")],
  [["a=\xc3\xa9\xff"], "a=\xc3\xa9\xff"],
  [["a=1; Path=/a\tb", "b=2"], "b=2"],
  [["=x", "b=2"], "x; b=2"],
];

for (const [fields, sent, urls] of COOKIES) {
  Deno.test(`cookies: ${fields.map((one) => JSON.stringify(one)).join(", then ")}`, async () => {
    assertEquals(await kept(fields, urls), sent);
  });
}

Deno.test("a bad line costs itself only; another file is none of cookies, and stays", () =>
  inFolder(async (folder) => {
    const path = `${folder}/jar`;
    const line = "www.a.example\tFALSE\t/\tTRUE\t0\ta\t1\n";
    Deno.writeTextFileSync(path, `# Netscape HTTP Cookie File\n\nbad line\n#HttpOnly_${line}`);
    assertEquals((await CookieFile.open(path)).get(A), "a=1");
    Deno.writeTextFileSync(path, "root:x:0:0\n");
    await assertRejects(() => CookieFile.open(path), UsageError);
    assertEquals(Deno.readTextFileSync(path), "root:x:0:0\n");
    await (await CookieFile.open(`${folder}/new`)).save();
    const jar = await CookieFile.open(`${folder}/new`);
    jar.set(A, ["a=1"]);
    await jar.save();
    assertEquals(Deno.statSync(`${folder}/new`).mode! & 0o777, 0o600);
  }));
