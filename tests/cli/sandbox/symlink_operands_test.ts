/** Every FILE and DIR operand through a symbolic link: sandboxed, and in place under exactly the printed flags. */

import { assertEquals, assertMatch } from "@std/assert";
import { hashPassword } from "../../../src/stores/mod.ts";
import { certificates } from "../../support/certificates.ts";
import { LETTER } from "../../support/command_table.ts";
import { flagsOf, netwright, ROOT, type RunOptions, serve } from "../../support/netwright.ts";

const COMPOSE = ["mail", "compose", "--from", "a@b.example", "--to", "c@d.example"];
const AUTOREPLY = ["mail", "autoreply", "--from", "ann@b.example"];

/** Words in which `L` is a link to a folder with links to files in it, `@ftp` an FTP
 * server with a file `x`, and `@smtp` a mail server.
 */
const LINES: readonly (readonly [words: readonly string[], stdin?: string])[] = [
  [["mime", "tree", "L/letter.eml"]],
  [["mime", "unpack", "L/letter.eml", "--to", "L/unpacked"]],
  [["mime", "build", "L/x", "--header", "Subject: x"]],
  [["mail", "reply", "--from", "ann@b.example", "L/letter.eml"], "yes\n"],
  [["mail", "forward", "--from", "a@b.example", "--to", "c@d.example", "L/letter.eml"], "see\n"],
  [["mail", "autoreply", "--from", "ann@b.example", "--body", "Away.", "L/letter.eml"]],
  [["mail", "compose", "--from", "a@b.example", "--to", "c@d.example", "--attach", "L/x"], "hi\n"],
  [[...COMPOSE, "--html", "L/page.html", "--inline", "L/dot.png"], "hi\n"],
  [[...COMPOSE, "--signature", "L/x"], "hi\n"],
  [[...AUTOREPLY, "--text", "L/x", "--state", "L/state", "L/letter.eml"]],
  [["mail", "reply", "--from", "ann@b.example", "--html", "L/page.html", "L/letter.eml"], "yes\n"],
  [["eliza", "--script", "L/script.yaml"], "hello\n"],
  [["ftp", "ls", "--user", "ann", "--password-file", "L/x", "--insecure-auth", "ftp://@ftp/"]],
  [["ftp", "ls", "--netrc", "L/netrc", "--insecure-auth", "ftp://@ftp/"]],
  [["ftp", "ls", "--ca", "L/ca.pem", "ftp://@ftp/"]],
  [["ftp", "shell", "--local", "L", "--history", "L/history", "ftp://@ftp/"], "lls\n"],
  [[
    "smtp",
    "send",
    "--message",
    "L/letter.eml",
    "--to",
    "c@d.example",
    "smtp://@smtp",
  ]],
  [["ftp", "put", "L/x", "ftp://@ftp/up"]],
  [["ftp", "get", "ftp://@ftp/x", "--to", "L/y"]],
  [["ftp", "get", "ftp://@ftp/x", "--to", "L/new/"]],
  [["ftp", "mirror", "--include", "x", "ftp://@ftp/", "L/m"]],
  [["ftp", "mirror", "--upload", "--include", "x", "ftp://@ftp/", "L"]],
];

const FILES: Readonly<Record<string, string>> = {
  "users.yaml": `ann: "${await hashPassword("hello")}"\n`,
  "x": "hello\n",
  "letter.eml": LETTER,
  "page.html": "<p>Hello <img src=cid:dot.png></p>\n",
  "dot.png": "\x89PNG",
  "netrc": "default login ann password hello\n",
  "script.yaml": await Deno.readTextFile(`${ROOT}src/services/eliza/doctor.yaml`),
  "channels.yaml": "Pets: Friends with fur\n",
  "quotes": "One.\n%\nTwo.\n",
};

Deno.test("each FILE and DIR operand may be a symbolic link", async (t) => {
  const base = await Deno.makeTempDir({ prefix: "netwright-" });
  const [real, link, root] = [`${base}/real`, `${base}/link`, `${base}/root`];
  try {
    await Deno.mkdir(`${base}/files`);
    await Deno.mkdir(root);
    for (const folder of [real, `${real}/new`, `${real}/unpacked`]) await Deno.mkdir(folder);
    await Deno.writeTextFile(`${root}/x`, "hello\n");
    await Deno.symlink("real", link);
    for (const [name, text] of Object.entries(FILES)) {
      await Deno.writeTextFile(`${base}/files/${name}`, text);
      await Deno.symlink(`${base}/files/${name}`, `${real}/${name}`);
    }
    await using server = await serve(
      [
        "ftp",
        "--listen",
        "127.0.0.1:0",
        "--root",
        root,
        "--anonymous",
        "write",
        "--users",
        `${link}/users.yaml`,
      ],
    );
    await Deno.writeTextFile(`${base}/files/ca.pem`, (await certificates()).ca);
    await Deno.symlink(`${base}/files/ca.pem`, `${real}/ca.pem`);
    await using mail = await serve(["smtp", "--listen", "127.0.0.1:0"]);
    for (const [line, stdin = ""] of LINES) {
      const words = line.map((word) =>
        word.replace(/^L(?=\/|$)/, link).replace("@ftp", server.endpoint)
          .replace("@smtp", mail.endpoint)
      );
      const run = async (options: RunOptions): Promise<void> => {
        const { code, stderr } = await netwright(words, { stdin, ...options });
        assertEquals(code, 0, stderr);
      };
      await t.step(`${line.join(" ")}, sandboxed`, () => run({}));
      await t.step(`${line.join(" ")}, in place`, async () => {
        await run({ flags: await flagsOf(words) });
      });
    }
    await t.step("output goes to the target of the link", () => {
      for (const name of ["y", "new/x", "m/x"]) {
        assertEquals(Deno.readTextFileSync(`${real}/${name}`), "hello\n", name);
      }
    });
  } finally {
    await Deno.remove(base, { recursive: true });
  }
});

/** Options of servers; `L` as above. */
const SERVERS: readonly (readonly string[])[] = [
  ["http", "--root", "L", "--access-log", "L/access.log"],
  ["http", "--root", "L", "--tls-cert", "L/server.pem", "--tls-key", "L/server.key"],
  ["ftp", "--root", "L", "--users", "L/users.yaml", "--transfer-log", "L/transfers.log"],
  ["smtp", "--maildir", "L/mail"],
  ["eliza", "--script", "L/script.yaml"],
  ["qotd", "--file", "L/quotes"],
  ["finger", "--plans", "L"],
  ["chat", "--channels", "L/channels.yaml"],
];

Deno.test("each FILE and DIR option of a server may be a symbolic link", async (t) => {
  const base = await Deno.makeTempDir({ prefix: "netwright-" });
  try {
    await Deno.mkdir(`${base}/files`);
    await Deno.mkdir(`${base}/real`);
    await Deno.mkdir(`${base}/mail`);
    await Deno.symlink("real", `${base}/link`);
    await Deno.symlink(`${base}/mail`, `${base}/real/mail`);
    const { server: pair } = await certificates();
    const files = { ...FILES, "server.pem": pair.cert, "server.key": pair.key };
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${base}/files/${name}`, text, { mode: 0o600 });
      await Deno.symlink(`${base}/files/${name}`, `${base}/real/${name}`);
    }
    for (const [service, ...options] of SERVERS) {
      const words = [service!, "--listen", "127.0.0.1:0", ...options]
        .map((word) => word.replace(/^L(?=\/|$)/, `${base}/link`));
      for (const inPlace of [false, true]) {
        await t.step(`${words[0]} ${options.join(" ")}${inPlace ? ", in place" : ""}`, async () => {
          const run = inPlace ? { flags: await flagsOf(["serve", ...words]) } : {};
          await using server = await serve(words, run);
          const status = await server.stop();
          const text = await server.stderr;
          assertEquals(status.code, 0, text);
          assertEquals(/error|denied|permission|no such/i.test(text), false, text);
        });
      }
    }
  } finally {
    await Deno.remove(base, { recursive: true });
  }
});

Deno.test("a server's folder may be a symbolic link, in every model that reads it elsewhere", async (t) => {
  const base = await Deno.makeTempDir({ prefix: "netwright-" });
  try {
    await Deno.mkdir(`${base}/real`);
    await Deno.writeTextFile(`${base}/real/x`, "hello\n");
    await Deno.symlink("real", `${base}/link`);
    for (const model of ["multiplex", "fork", "prefork", "thread", "prethread"]) {
      const words = ["http", "--listen", "127.0.0.1:0", "--root", `${base}/link`, "--model", model];
      for (const inPlace of [false, true]) {
        await t.step(`${model}${inPlace ? ", in place" : ""}`, async () => {
          const options = inPlace ? { flags: await flagsOf(["serve", ...words]) } : {};
          await using server = await serve(words, options);
          const response = await fetch(`http://${server.endpoint}/x`);
          assertMatch(await response.text(), /^hello$/m);
        });
      }
    }
  } finally {
    await Deno.remove(base, { recursive: true });
  }
});
