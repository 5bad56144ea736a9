import { assertEquals, assertMatch } from "@std/assert";
import { parseMessage } from "../../../src/mime/mod.ts";
import { hashPassword } from "../../../src/stores/mod.ts";
import { netwright, serve } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";

const WORDS = ["--from", "Ann <ann@a.example>", "--to", "bob@b.example, Carl <carl@b.example>"];

Deno.test("smtp send writes a message from its options, with files", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/i.png`, Uint8Array.of(1, 2, 3));
    await Deno.writeTextFile(`${folder}/a.html`, '<p>grün <img src="cid:i.png">');
    const files = [
      "--html",
      `${folder}/a.html`,
      "--inline",
      `${folder}/i.png`,
      "--attach",
      `${folder}/i.png`,
    ];
    const more = [
      "--bcc",
      "dora@b.example",
      "--body",
      "grün",
      "-s",
      "grün",
      "--header",
      "X-Own: ü",
    ];
    const { code, stdout, stderr } = await netwright([
      "smtp",
      "send",
      "--eml",
      ...WORDS,
      ...more,
      ...files,
    ]);
    assertEquals([code, stderr], [0, ""]);
    assertEquals(stdout.includes("dora"), false);
    const message = parseMessage(new TextEncoder().encode(stdout));
    assertEquals([message.header.text("subject"), message.header.text("x-own")], ["grün", "ü"]);
    assertEquals([...message.walk()].map(({ type }) => type), [
      "multipart/mixed",
      "multipart/alternative",
      "text/plain",
      "multipart/related",
      "text/html",
      "image/png",
      "image/png",
    ]);
  }));

Deno.test("smtp send reports what became of each recipient, by its exit status too", () =>
  inFolder(async (folder) => {
    const users = `${folder}/users.yaml`;
    await Deno.writeTextFile(users, `bob:\n  password: "${await hashPassword("sesame")}"\n`);
    const options = ["--users", users, "--maildir", folder, "--insecure-auth"];
    await using server = await serve(["smtp", "--listen", "127.0.0.1:0", ...options]);
    const send = (...words: string[]) =>
      netwright(["smtp", "send", ...words], { stdin: ".\nhi\n" });
    const some = await send(`smtp://${server.endpoint}`, ...WORDS);
    assertEquals([some.code, some.stdout], [4, ""]);
    assertMatch(
      some.stderr,
      /^bob@b\.example: sent \(2\.0\.0 kept as \w+\)\ncarl@b\.example: refused, 550: 5\.1\.1 there is no such mailbox here\n$/,
    );
    const none = await send(
      `smtp://${server.endpoint}`,
      "--from",
      "a@b.c",
      "--to",
      "carl@b.example",
    );
    assertEquals(none.code, 1);
    assertMatch(
      none.stderr,
      /^netwright: smtp send: \S+: 550 5\.1\.1 there is no such mailbox here\n$/,
    );
    // The password is shown nowhere, neither plain nor encoded.
    const secret = await send(`smtp://bob:sesame@${server.endpoint}`, ...WORDS, "--wire", "--json");
    assertEquals([secret.code, /sesame|AGJvYg|c2VzYW1l/.test(secret.stderr + secret.stdout)], [
      4,
      false,
    ]);
    assertMatch(secret.stderr, /C: AUTH SCRAM-SHA-256 \*{8}\nS: 334 [^]*\nC: \*{8}\nS: 235 /);
    assertEquals(JSON.parse(secret.stdout).accepted[0].address, "bob@b.example");
    const wrong = await send(`smtp://bob:wrong@${server.endpoint}`, ...WORDS);
    assertEquals([wrong.code, wrong.stdout], [1, ""]);
    assertMatch(wrong.stderr, /535 5\.7\.8 authentication failed\n$/);
    const tls = await send(`smtp://${server.endpoint}`, ...WORDS, "--starttls");
    assertMatch(tls.stderr, /^netwright: smtp send: \S+: the server does not offer STARTTLS\n$/);
    const names = Array.from(Deno.readDirSync(`${folder}/bob/new`), ({ name }) => name);
    assertEquals(names.length, 2);
    assertMatch(await Deno.readTextFile(`${folder}/bob/new/${names[0]}`), /\r\n\r\n\.\r\nhi\r\n$/);
  }));

const USAGE: [words: string[], error: string][] = [
  [[...WORDS], "URL is missing: the server, or --eml to print the message"],
  [["smtp://127.0.0.1", "--to", "a@b.c"], "--from is missing"],
  [["smtp://127.0.0.1", "--from", "a@b.c"], "--to is missing"],
  [
    ["smtp://127.0.0.1", "--from", "a@b.c, d@e.f", "--to", "a@b.c"],
    '--from: not one address: "a@b.c, d@e.f"',
  ],
  [
    ["smtp://127.0.0.1", "--from", "a@b.c", "--to", "a@b@c"],
    '--to: more than one @ in an address: "a@b@c"',
  ],
  [
    ["smtp://127.0.0.1", ...WORDS, "--dsn", "often"],
    "--dsn takes never, or a list of success, failure, delay",
  ],
];

for (const [words, error] of USAGE) {
  Deno.test(`smtp send refuses: ${error}`, async () => {
    const { code, stdout, stderr } = await netwright(["smtp", "send", ...words], { stdin: "hi" });
    assertEquals([code, stdout, stderr.split("\n")[0]], [2, "", `netwright: smtp send: ${error}`]);
  });
}

Deno.test("smtp send --mx delivers to each recipient's own host", async () => {
  await using server = await serve(["smtp", "--listen", "127.0.0.1:0"]);
  const port = server.endpoint.split(":")[1];
  const send = (...words: string[]) =>
    netwright(["smtp", "send", "--from", "a@b.c", "--body", "hi", ...words]);
  const some = await send(`--mx=${port}`, "--to", "bob@[127.0.0.1], eve@[127.0.0.2]");
  assertEquals([some.code, some.stdout], [4, ""]);
  assertMatch(
    some.stderr,
    /^bob@\[127\.0\.0\.1\]: sent to 127\.0\.0\.1 \(2\.0\.0 kept as \w+\)\neve@\[127\.0\.0\.2\]: not sent: 127\.0\.0\.2:\d+: connection refused .*\n$/,
  );
  const none = await send("--mx", "--to", "eve@name.invalid", "--json");
  assertEquals([none.code, none.stderr], [1, ""]);
  const { address, exchanger, error, isFinal } = JSON.parse(none.stdout);
  assertEquals([address, exchanger, typeof error], ["eve@name.invalid", undefined, "string"]);
  assertEquals(typeof isFinal, "boolean");
  for (
    const [words, error] of [
      [["--mx=x", "--to", "a@b"], "--mx takes a port"],
      [["--mx", "--user", "a", "--to", "a@b"], "--user is for one server, not for --mx"],
      [["--mx", "smtp://a", "--to", "a@b"], "--mx and URL do not go together"],
    ] as const
  ) {
    const refused = await send(...words);
    assertEquals([refused.code, refused.stderr], [2, `netwright: smtp send: ${error}\n`]);
  }
});

Deno.test("smtp verify shows each step, and no password", () =>
  inFolder(async (folder) => {
    const users = `${folder}/users.yaml`;
    await Deno.writeTextFile(users, `bob:\n  password: "${await hashPassword("sesame")}"\n`);
    const options = ["--users", users, "--maildir", folder, "--insecure-auth"];
    await using server = await serve(["smtp", "--listen", "127.0.0.1:0", ...options]);
    await Deno.writeTextFile(`${folder}/password`, "sesame");
    const verify = (...words: string[]) =>
      netwright(["smtp", "verify", `smtp://${server.endpoint}`, ...words]);

    const some = await verify("bob@b.example", "eve@b.example");
    assertEquals([some.code, some.stderr], [4, ""]);
    assertMatch(some.stdout, /\nok {4}RCPT TO:<bob@b\.example> .*\n {8}250 /);
    assertMatch(some.stdout, /\nFAIL {2}RCPT TO:<eve@b\.example> .*\n {8}550 /);
    assertEquals((await verify("eve@b.example")).code, 1);

    const login = ["--user", "bob", "--password-file", `${folder}/password`];
    const { code, stdout } = await verify(...login, "--auth", "PLAIN", "--json");
    assertEquals([code, /sesame|AGJvYg/.test(stdout)], [0, false]);
    const steps: { step: string; reply: string[]; ok: boolean }[] = stdout.trimEnd().split("\n")
      .map((line) => JSON.parse(line));
    assertEquals(steps.map(({ step, ok }) => [step.split(" ")[0], ok]), [
      ["connect", true],
      ["EHLO", true],
      ["AUTH", true],
      ["QUIT", true],
    ]);
    assertEquals(steps[1]!.reply.some((line) => line.includes("PIPELINING")), true);

    await Deno.writeTextFile(`${folder}/password`, "wrong");
    const wrong = await verify(...login);
    assertEquals(wrong.code, 1);
    assertMatch(wrong.stdout, /\nFAIL {2}AUTH SCRAM-SHA-256 /);
    assertMatch(wrong.stderr, /^netwright: smtp verify: .*\n$/);

    const size = await verify("--size", "1GiB", "--from", "a@b.c");
    assertEquals(size.code, 1);
    assertMatch(size.stderr, /the message has 1073741824 bytes, the server takes 26214400\n$/);
  }));

Deno.test("--wire shows no password, of whichever protocol", async () => {
  await using server = await serve(["ftp", "--listen", "127.0.0.1:0"]);
  const { stderr } = await netwright([
    "ftp",
    "ls",
    `ftp://ann:sesame@${server.endpoint}/`,
    "--wire",
  ]);
  assertEquals(stderr.includes("sesame"), false);
  assertEquals(stderr.match(/C: PASS \*{8}\n/g)?.length, 1);
});
