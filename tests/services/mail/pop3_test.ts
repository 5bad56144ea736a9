import { assertEquals, assertRejects } from "@std/assert";
import { parseEndpoint, ReplyError, UnsupportedError } from "../../../src/net/mod.ts";
import { Pop3Client, pop3ResponseCode } from "../../../src/protocols/pop3/mod.ts";
import { Secret } from "../../../src/protocols/wire/mod.ts";
import { hashPassword, Maildir } from "../../../src/stores/mod.ts";
import { netwright, serve } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";

const as = (user: string, password = "secret") => ({
  credentials: { user, password: new Secret(password) },
});

async function inboxOf(folder: string, user: string) {
  return (await (await new Maildir(folder).account(user)).folder("INBOX"))!;
}

Deno.test("serve pop3 gives users their own mail, deletes at QUIT, and keeps a mailbox to one session", () =>
  inFolder(async (folder) => {
    const hash = await hashPassword("secret");
    await Deno.writeTextFile(`${folder}/users.yaml`, `ann: ${hash}\nbob: ${hash}\n`);
    const inbox = await inboxOf(folder, "ann");
    for (const text of ["Subject: 1\r\n\r\none\r\n", "Subject: 2\r\n\r\n.two\r\n"]) {
      await inbox.append(new TextEncoder().encode(text));
    }
    await Deno.writeTextFile(`${folder}/ann/new/1.lf`, "Subject: 3\n\nthr\rBcc: ee\n");
    await using server = await serve([
      ...["pop3", "--listen", "127.0.0.1:0", "--maildir", folder],
      ...["--users", `${folder}/users.yaml`, "--insecure-auth"],
    ]);
    const endpoint = parseEndpoint(server.endpoint);
    await using client = await Pop3Client.connect(endpoint, as("ann"));
    assertEquals((await client.list()).map(({ bytes }) => bytes), [19, 20, 27]);
    let text = "";
    for await (const message of client.retrieveAll([3, 2])) {
      for await (const piece of message.text) text += new TextDecoder().decode(piece);
    }
    assertEquals(text, "Subject: 3\r\n\r\nthr\rBcc: ee\r\nSubject: 2\r\n\r\n.two\r\n");
    const inUse = await assertRejects(() => Pop3Client.connect(endpoint, as("ann")), ReplyError);
    assertEquals(pop3ResponseCode(inUse), "IN-USE");
    const wrong = await assertRejects(
      () => Pop3Client.connect(endpoint, as("bob", "x")),
      ReplyError,
    );
    assertEquals(pop3ResponseCode(wrong), "AUTH");
    // A message that comes meanwhile is for the next session.
    await inbox.append(new TextEncoder().encode("later"));
    const uids = await client.uidl();
    await client.delete([1, 3]);
    await client.quit();
    await using again = await Pop3Client.connect(endpoint, as("ann"));
    assertEquals((await again.list()).map(({ bytes }) => bytes), [20, 5]);
    assertEquals((await again.uidl())[0]?.uid, uids[1]?.uid);
    await using other = await Pop3Client.connect(endpoint, as("bob"));
    assertEquals((await other.stat()).messages, 0);
  }));

Deno.test("serve pop3 takes no password in clear text, unless it is told to", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/users.yaml`, `ann: ${await hashPassword("secret")}\n`);
    await using server = await serve([
      ...[
        "pop3",
        "--listen",
        "127.0.0.1:0",
        "--maildir",
        folder,
        "--users",
        `${folder}/users.yaml`,
      ],
    ]);
    const endpoint = parseEndpoint(server.endpoint);
    await assertRejects(
      () => Pop3Client.connect(endpoint, { ...as("ann"), mechanism: "PLAIN" }),
      UnsupportedError,
    );
    const refusal = await assertRejects(
      () => Pop3Client.connect(endpoint, { ...as("ann"), mechanism: "USER" }),
      ReplyError,
      "require TLS",
    );
    assertEquals(pop3ResponseCode(refusal), "AUTH");
    // A mechanism that shows no password may be used.
    await using client = await Pop3Client.connect(endpoint, as("ann"));
    assertEquals((await client.stat()).messages, 0);
  }));

Deno.test("serve pop3 refuses options that make no sense", () =>
  inFolder(async (folder) => {
    for (
      const [words, message] of [
        [[], "--maildir is missing"],
        [["--maildir", folder], "give either --users or --any-password"],
        [
          ["--maildir", folder, "--any-password", "--listen", "0.0.0.0:0"],
          "--any-password is for this host only",
        ],
        [["--maildir", folder, "--any-password", "--implicit"], "--tls-cert"],
      ] as const
    ) {
      const { code: status, stderr } = await netwright(["serve", "pop3", ...words]);
      assertEquals([status, stderr.includes(message)], [2, true], stderr);
    }
  }));
