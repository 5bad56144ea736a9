import { assertEquals, assertMatch } from "@std/assert";
import { flagsOf, netwright } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";

const names = (folder: string) => Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();

/** A message with files of these names. */
const withFiles = (...names: string[]) =>
  "Content-Type: multipart/mixed; boundary=b\r\n\r\n" +
  names.map((name, at) => `--b\r\nContent-Disposition: attachment; ${name}\r\n\r\n${at}\r\n`).join(
    "",
  ) +
  "--b--\r\n";

Deno.test("mime unpack makes hostile names safe, and writes nothing elsewhere", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/to`);
    await Deno.writeTextFile(`${folder}/to/x`, "mine");
    const message = withFiles(
      'filename="../../x"',
      "filename=CON",
      "filename*=utf-8''a%00b",
      `filename=${"n".repeat(300)}.txt`,
      "filename*=utf-8''%E2%80%AEgnp.exe",
      'filename="/etc/passwd"',
      'filename="x"',
      'filename=""',
    );
    const { code, stderr } = await netwright(["mime", "unpack", "--to", `${folder}/to`], {
      stdin: message,
    });
    assertEquals([code, stderr.trimEnd().split("\n").length], [0, 8], stderr);
    assertEquals(
      names(`${folder}/to`),
      [
        "_CON",
        "_gnp.exe",
        "a b",
        "n".repeat(196) + ".txt",
        "part-1.8.txt",
        "passwd",
        "x",
        "x-2",
        "x-3",
      ].sort(),
    );
    assertEquals(names(folder), ["to"]);
    assertEquals(await Deno.readTextFile(`${folder}/to/x`), "mine");
    assertEquals(await Deno.readTextFile(`${folder}/to/x-2`), "0");
  }));

Deno.test("mime unpack takes parts by path, and attachments only", () =>
  inFolder(async (folder) => {
    const message = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\n" +
      "Content-Type: image/png; name=i.png\nContent-Transfer-Encoding: base64\n\naGk=\n--b--\n";
    const unpack = (...words: string[]) =>
      netwright(["mime", "unpack", ...words], { stdin: message });
    assertEquals((await unpack("--part", "1.2", "--to", "-")).stdout, "hi");
    assertEquals((await unpack("--attachments", "--to", `${folder}/new`, "--quiet")).stderr, "");
    assertEquals(names(`${folder}/new`), ["i.png"]);
    const json = await unpack("--part", "1.1", "--json", "--to", folder);
    const file = `${folder}/part-1.1.txt`;
    assertEquals(JSON.parse(json.stdout), { path: "1.1", type: "text/plain", file, bytes: 4 });
    const failures: [string[], number, string][] = [
      [["--part", "1.3", "--to", folder], 1, "the message has no part 1.3"],
      [
        ["--part", "1", "--to", folder],
        1,
        "part 1 holds others and no content (name one of its own parts)",
      ],
      [["--to", "-"], 2, "--to - requires exactly one --part"],
      [[], 2, "--to DIR is missing"],
      [["/none.eml", "--to", folder], 1, "/none.eml: no such file or directory"],
    ];
    for (const [words, code, error] of failures) {
      const ended = await unpack(...words);
      assertEquals([ended.code, ended.stdout], [code, ""]);
      assertMatch(ended.stderr, new RegExp(`^netwright: mime unpack: ${RegExp.escape(error)}\\n`));
    }
  }));

Deno.test("mime tree shows each part, and reports defects", async () => {
  const message =
    "Subject: =?utf-8?q?=C3=BC?=\nContent-Type: multipart/mixed; boundary=b\n\n--b\n" +
    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\naG!k=\n";
  const plain = await netwright(["mime", "tree"], { stdin: message });
  assertEquals(plain.stdout, "1\tmultipart/mixed\t\t\n1.1\ttext/plain\t2\t\n");
  assertEquals(
    plain.stderr,
    "1: a multipart without its end\n1.1: characters that are not of base64\n",
  );
  const json = await netwright(["mime", "tree", "--json", "--quiet"], { stdin: message });
  assertEquals(json.stdout.trimEnd().split("\n").map((line) => JSON.parse(line)), [
    {
      path: "1",
      type: "multipart/mixed",
      kind: "multipart",
      name: null,
      size: null,
      subject: "ü",
      defects: ["a multipart without its end"],
    },
    {
      path: "1.1",
      type: "text/plain",
      kind: "leaf",
      name: null,
      size: 2,
      charset: "utf-8",
      encoding: "base64",
      defects: ["characters that are not of base64"],
    },
  ]);
  assertEquals(json.stderr, "");
});

Deno.test("mime tree keeps the parts before a limit", async () => {
  const message = Array.from(
    { length: 10_000 },
    (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n`,
  ).join("");
  const { code, stdout, stderr } = await netwright(["mime", "tree"], { stdin: message });
  assertEquals([code, stdout.trimEnd().split("\n").length], [1, 100]);
  assertMatch(stderr, /^netwright: mime tree: .*nested deeper than 100\n$/);
});

Deno.test("mime build makes messages, in pipes too", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.txt`, "grün\n");
    await Deno.writeTextFile(`${folder}/a.html`, "<p>grün\n");
    await Deno.writeFile(`${folder}/b.jpg`, Uint8Array.of(1, 2, 3));
    const build = (words: string[], stdin = "") =>
      netwright(["mime", "build", ...words], { stdin });
    const inner = await build([
      "--type",
      "multipart/alternative",
      `${folder}/a.txt`,
      `${folder}/a.html`,
    ]);
    assertEquals(inner.code, 0, inner.stderr);
    const outer = await build(["-", `${folder}/b.jpg`, "--header", "Subject: grün"], inner.stdout);
    assertEquals(outer.code, 0, outer.stderr);
    assertMatch(outer.stdout, /^Subject: =\?utf-8\?q\?gr=C3=BCn\?=\r\nMIME-Version: 1\.0\r\n/);
    const tree = await netwright(["mime", "tree"], { stdin: outer.stdout });
    assertEquals(
      [tree.stdout, tree.stderr],
      [
        "1\tmultipart/mixed\t\t\n1.1\tmultipart/alternative\t\t\n1.1.1\ttext/plain\t7\t\n" +
        "1.1.2\ttext/html\t10\t\n1.2\timage/jpeg\t3\tb.jpg\n",
        "",
      ],
    );
    const one = await build([`application/x-own=${folder}/b.jpg`]);
    assertMatch(one.stdout, /^MIME-Version: 1\.0\r\nContent-Type: application\/x-own\r\n/);
    const failures: [string[], number, string][] = [
      [[`${folder}/none`], 1, `${folder}/none: no such file or directory`],
      [[folder], 1, `${folder}: is a directory`],
      [
        [`${folder}/a.txt`, "--type", "text/plain"],
        2,
        '--type must be a multipart type, not "text/plain"',
      ],
      [
        [`${folder}/a.txt`, "--header", "Subject"],
        2,
        "--header must be 'Name: text', not \"Subject\"",
      ],
      [
        [`${folder}/a.txt`, "--header", "Subject: a\nBcc: b"],
        2,
        "--header: the text of Subject holds CR, LF or NUL",
      ],
      [
        [`${folder}/a.txt`, "--header", "Content-Type: text/html"],
        2,
        "--header cannot set Content-Type: it follows from the content",
      ],
      [
        [`${folder}/a.txt`, "--header", "Reply-To: none at all"],
        2,
        '--header: a name without an address: "none at all"',
      ],
      [["-", "-"], 2, "standard input (-) can be used only once"],
    ];
    for (const [words, code, error] of failures) {
      const ended = await build(words);
      assertEquals([ended.code, ended.stdout], [code, ""], ended.stderr);
      assertEquals(ended.stderr.split("\n")[0], `netwright: mime build: ${error}`);
    }
  }));

Deno.test("mime tree and unpack read each message of an mbox", async () => {
  const folder = await Deno.makeTempDir();
  const file = "From a\nSubject: one\n\n>From me\n\nFrom b\nContent-Type: text/html\n\n<p>x\n";
  await Deno.writeTextFile(`${folder}/mbox`, file);
  const tree = await netwright(["mime", "tree", "--mbox", `${folder}/mbox`]);
  assertEquals(tree.stdout, "1:1\ttext/plain\t8\t\n2:1\ttext/html\t5\t\n");
  const words = ["mime", "unpack", "--mbox", `${folder}/mbox`, "--to", `${folder}/out`];
  const flags = await flagsOf(words);
  const unpacked = await netwright([...words, "--json"], { flags });
  assertEquals(unpacked.code, 0, unpacked.stderr);
  const reported = unpacked.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(reported.map(({ message, path, bytes }) => [message, path, bytes]), [
    [1, "1", 8],
    [2, "1", 5],
  ]);
  assertEquals(await Deno.readTextFile(`${folder}/out/1/part-1.txt`), "From me\n");
  assertEquals(await Deno.readTextFile(`${folder}/out/2/part-1.html`), "<p>x\n");
  const wrong = await netwright(["mime", "unpack", "--mbox", "--to", "-", "--part", "1"]);
  assertEquals(wrong.code, 2);
  const one = [...words.slice(0, 4), "--to", "-", "--part", "2:1"];
  assertEquals((await netwright(one)).stdout, "<p>x\n");
  const none = await netwright([...words.slice(0, 5), `${folder}/none`, "--part", "9:1"]);
  assertMatch(none.stderr, /the message has no part 9:1\n$/);
  assertEquals([...Deno.readDirSync(`${folder}/none`)], []);
  // A link in place of a folder leads nowhere.
  await Deno.mkdir(`${folder}/elsewhere`);
  await Deno.mkdir(`${folder}/linked`);
  await Deno.symlink(`${folder}/elsewhere`, `${folder}/linked/1`);
  await Deno.symlink(`${folder}/nowhere`, `${folder}/linked/2`);
  const linked = await netwright([...words.slice(0, 5), `${folder}/linked`]);
  assertEquals(linked.code, 0, linked.stderr);
  assertEquals([...Deno.readDirSync(`${folder}/elsewhere`)], []);
  const names = [...Deno.readDirSync(`${folder}/linked`)].map(({ name }) => name).sort();
  assertEquals(names, ["1", "1-2", "2", "2-2"]);
  await Deno.remove(folder, { recursive: true });
});
