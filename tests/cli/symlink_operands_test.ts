/** Every FILE and DIR operand through a symbolic link: sandboxed, and in place under exactly the printed flags. */

import { assertEquals, assertMatch } from "@std/assert";
import { LETTER } from "../support/command_table.ts";
import { flagsOf, netwright, type RunOptions, serve } from "../support/netwright.ts";

/** Words in which `L` is a link to a folder with links to files in it, and `@ftp` an FTP server with a file `x`. */
const LINES: readonly (readonly [words: readonly string[], stdin?: string])[] = [
  [["mime", "tree", "L/letter.eml"]],
  [["mime", "unpack", "L/letter.eml", "--to", "L/unpacked"]],
  [["mime", "build", "L/x", "--header", "Subject: x"]],
  [["mail", "reply", "--from", "ann@b.example", "L/letter.eml"], "yes\n"],
  [["mail", "forward", "--from", "a@b.example", "--to", "c@d.example", "L/letter.eml"], "see\n"],
  [["mail", "autoreply", "--from", "ann@b.example", "--body", "Away.", "L/letter.eml"]],
  [["mail", "compose", "--from", "a@b.example", "--to", "c@d.example", "--attach", "L/x"], "hi\n"],
  [["ftp", "put", "L/x", "ftp://@ftp/up"]],
  [["ftp", "get", "ftp://@ftp/x", "--to", "L/y"]],
  [["ftp", "get", "ftp://@ftp/x", "--to", "L/new/"]],
  [["ftp", "mirror", "--include", "x", "ftp://@ftp/", "L/m"]],
  [["ftp", "mirror", "--upload", "--include", "x", "ftp://@ftp/", "L"]],
];

Deno.test("each FILE and DIR operand may be a symbolic link", async (t) => {
  const base = await Deno.makeTempDir({ prefix: "netwright-" });
  const [real, link, root] = [`${base}/real`, `${base}/link`, `${base}/root`];
  try {
    await Deno.mkdir(`${base}/files`);
    await Deno.mkdir(root);
    for (const folder of [real, `${real}/new`, `${real}/unpacked`]) await Deno.mkdir(folder);
    await Deno.writeTextFile(`${root}/x`, "hello\n");
    await Deno.symlink("real", link);
    for (const [name, text] of [["x", "hello\n"], ["letter.eml", LETTER]] as const) {
      await Deno.writeTextFile(`${base}/files/${name}`, text);
      await Deno.symlink(`${base}/files/${name}`, `${real}/${name}`);
    }
    await using server = await serve(
      ["ftp", "--listen", "127.0.0.1:0", "--root", root, "--anonymous", "write"],
    );
    for (const [line, stdin = ""] of LINES) {
      const words = line.map((word) =>
        word.replace(/^L(?=\/|$)/, link).replace("@ftp", server.endpoint)
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
    await t.step("what is written goes where the link leads", () => {
      for (const name of ["y", "new/x", "m/x"]) {
        assertEquals(Deno.readTextFileSync(`${real}/${name}`), "hello\n", name);
      }
    });
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
