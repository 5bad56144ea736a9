/** Who may see a site, and what its owner adds: as a process, under exactly its permissions. */

import { assertEquals, assertMatch } from "@std/assert";
import { hashPassword } from "../../../src/stores/mod.ts";
import { flagsOf, netwright, serve } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";

const start = async (folder: string, ...options: string[]) => {
  const words = ["http", "--listen", "127.0.0.1:0", "--root", `${folder}/site`, ...options];
  return await serve(words, { flags: await flagsOf(["serve", ...words]) });
};

async function site(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/site/sub`, { recursive: true });
  await Deno.writeTextFile(`${folder}/site/index.html`, "<p>first");
  await Deno.writeTextFile(`${folder}/site/sub/a.txt`, "a");
}

const basic = (user: string, password: string) => ({
  authorization: `Basic ${new TextEncoder().encode(`${user}:${password}`).toBase64()}`,
});

Deno.test("serve http --users lets users in, and no one else", () =>
  inFolder(async (folder) => {
    await site(folder);
    const hash = await hashPassword("s\u00e9s:ame");
    await Deno.writeTextFile(`${folder}/users.yaml`, `ann: ${hash}\n`);
    await using server = await start(folder, "--users", `${folder}/users.yaml`);
    const status = async (headers: Record<string, string>) => {
      const response = await fetch(`http://${server.endpoint}/`, { headers });
      return [response.status, response.headers.get("www-authenticate"), await response.text()];
    };
    const challenge = 'Basic realm="files", charset="UTF-8"';
    const refused = [401, challenge, "401 Unauthorized\n"];
    assertEquals(await status({}), refused);
    assertEquals(await status(basic("ann", "s\u00e9s:ame")), [200, null, "<p>first"]);
    // Known by now, and faster; a wrong one is checked each time.
    assertEquals(await status(basic("ann", "s\u00e9s:ame")), [200, null, "<p>first"]);
    for (const [user, password] of [["ann", "x"], ["eve", "s\u00e9s:ame"], ["", ""]] as const) {
      assertEquals(await status(basic(user, password)), refused);
    }
    for (const authorization of ["Basic", "Basic !!", "Bearer x", `Basic ${btoa("ann")}`]) {
      assertEquals(await status({ authorization }), refused);
    }
  }));

Deno.test("serve http refuses passwords in clear text over a network, unless allowed", () =>
  inFolder(async (folder) => {
    await site(folder);
    await Deno.writeTextFile(`${folder}/users.yaml`, `ann: ${await hashPassword("x")}\n`);
    const { code, stderr } = await netwright([
      ...["serve", "http", "--listen", "0.0.0.0:0", "--root", `${folder}/site`],
      ...["--users", `${folder}/users.yaml`],
    ]);
    assertEquals(code, 2);
    assertMatch(stderr, /passwords would come in clear text: use --tls-cert and --tls-key, or/);
  }));

Deno.test("serve http: headers of the owner, CORS, single-page programs, no listing", () =>
  inFolder(async (folder) => {
    await site(folder);
    const headers = "Cache-Control: no-store\nX-Content-Type-Options: none\nX-Number: 7\n";
    await Deno.writeTextFile(`${folder}/headers.yaml`, headers);
    await using server = await start(
      folder,
      ...["--headers", `${folder}/headers.yaml`, "--cors", "https://a.example"],
      ...["--spa", "--no-listing"],
    );
    const ask = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(`http://${server.endpoint}${path}`, init);
      return { status: response.status, fields: response.headers, text: await response.text() };
    };
    const { fields } = await ask("/");
    const reported = ["cache-control", "x-content-type-options", "x-number"].map((n) =>
      fields.get(n)
    );
    assertEquals(reported, ["no-store", "none", "7"]);
    assertEquals(fields.get("access-control-allow-origin"), "https://a.example");
    assertMatch(fields.get("vary") ?? "", /Origin/);
    const preflight = await ask("/", {
      method: "OPTIONS",
      headers: {
        origin: "https://a.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "x-one, bad name, x-two",
      },
    });
    assertEquals(preflight.status, 204);
    const allowed = ["methods", "headers"]
      .map((name) => preflight.fields.get(`access-control-allow-${name}`));
    assertEquals(allowed, ["GET, HEAD, OPTIONS", "x-one, x-two"]);
    const rows: [path: string, accept: string, status: number, text: string][] = [
      ["/some/place", "text/html, */*", 200, "<p>first"],
      ["/some/place", "text/html", 200, "<p>first"],
      ["/some/place", "TEXT/*", 200, "<p>first"],
      ["/.git/config", "*/*", 404, "404 Not Found\n"],
      ["/some/thing.js", "*/*", 404, "404 Not Found\n"],
      ["/some/place", "application/json", 404, "404 Not Found\n"],
      ["/sub/", "text/html", 404, "404 Not Found\n"],
      ["/sub/a.txt", "*/*", 200, "a"],
    ];
    for (const [path, accept, status, text] of rows) {
      const seen = await ask(path, { headers: { accept } });
      assertEquals([seen.status, seen.text], [status, text], `${path} ${accept}`);
    }
  }));

Deno.test("serve http refuses headers that would change the framing of a response", () =>
  inFolder(async (folder) => {
    await site(folder);
    const rows: [yaml: string, error: RegExp][] = [
      ["WWW-Authenticate: none\n", /WWW-Authenticate is the server's own header/],
      ["- x\n", /a file of headers maps names to texts/],
      ["Content-Length: 5\n", /Content-Length is the server's own header/],
      ["transfer-encoding: chunked\n", /transfer-encoding is the server's own header/],
      ["'a b': c\n", /"a b" is not the name of a header field/],
      ['X: "a\\r\\nb"\n', /the header X must be one line of ASCII/],
      ["X: [1]\n", /the header X must be one line of ASCII/],
    ];
    for (const [yaml, error] of rows) {
      await Deno.writeTextFile(`${folder}/headers.yaml`, yaml);
      const { code, stderr } = await netwright([
        ...["serve", "http", "--listen", "127.0.0.1:0", "--root", `${folder}/site`],
        ...["--headers", `${folder}/headers.yaml`],
      ]);
      assertEquals(code, 2, yaml);
      assertMatch(stderr, error);
    }
  }));
