import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ReplyError, systemNetwork } from "../../../src/net/mod.ts";
import { SmtpClient } from "../../../src/protocols/smtp/mod.ts";
import { Secret } from "../../../src/protocols/wire/mod.ts";
import { hashPassword, Maildir } from "../../../src/stores/mod.ts";
import { netwright, serve } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";

const MESSAGE = new TextEncoder().encode("Subject: x\r\n\r\nhi\r\n");

function endpointOf(text: string) {
  const [hostname = "", port = ""] = text.split(":");
  return { transport: "tcp", hostname, port: Number(port) } as const;
}

Deno.test("serve smtp puts mail into a Maildir++ for each user, one copy for each recipient", () =>
  inFolder(async (folder) => {
    await using server = await serve(["smtp", "--listen", "127.0.0.1:0", "--maildir", folder]);
    await using client = await SmtpClient.connect(endpointOf(server.endpoint));
    const envelope = {
      from: "ann@a.example",
      to: ["Bob+tag@b.example", "carl@b.example", '"../x"@b.example'],
    };
    const { accepted, rejected } = await client.send({ envelope, message: MESSAGE });
    assertEquals(accepted.length, 2);
    assertEquals(rejected.map(({ reply }) => reply.enhanced), ["5.1.1"]);
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name).sort(), ["bob", "carl"]);
    for (const [user, original] of [["bob", "Bob+tag@b.example"], ["carl", undefined]] as const) {
      const inbox = (await (await new Maildir(folder).account(user)).folder("INBOX"))!;
      const [message] = (await inbox.list()).messages;
      let text = "";
      for await (const piece of inbox.read(message!.uid)) text += new TextDecoder().decode(piece);
      const [path, ...lines] = text.split("\r\n");
      assertEquals(path, "Return-Path: <ann@a.example>");
      if (original !== undefined) assertEquals(lines.shift(), `X-Original-To: ${original}`);
      assertEquals(lines.shift(), `Delivered-To: ${user}@b.example`);
      // Two have it: neither learns of the other.
      assertMatch(lines.join("\n"), /^Received: from (?![^]*\n for )[^]*\nSubject: x\n\nhi\n$/);
    }
  }));

Deno.test("serve smtp knows aliases, and always a postmaster (RFC 5321 §4.5.1)", () =>
  inFolder(async (folder) => {
    const hash = await hashPassword("secret");
    await Deno.writeTextFile(`${folder}/users.yaml`, `bob: ${hash}\ncarl: ${hash}\n`);
    await Deno.writeTextFile(`${folder}/aliases.yaml`, "all: [bob, carl]\nInfo: carl\n");
    await using server = await serve([
      ...["smtp", "--listen", "127.0.0.1:0", "--maildir", `${folder}/mail`],
      ...["--users", `${folder}/users.yaml`, "--aliases", `${folder}/aliases.yaml`],
    ]);
    await using client = await SmtpClient.connect(endpointOf(server.endpoint));
    const send = (...to: string[]) => client.send({ envelope: { from: "", to }, message: MESSAGE });
    const { rejected } = await send("all@b.c", "nobody@b.c");
    assertEquals(rejected.map(({ address }) => address), ["nobody@b.c"]);
    await send("info@b.c");
    await send("Postmaster@b.c");
    const mail = new Maildir(`${folder}/mail`);
    const kept: string[] = [];
    for (const user of ["bob", "carl"]) {
      const inbox = (await (await mail.account(user)).folder("INBOX"))!;
      for (const { uid } of (await inbox.list()).messages) {
        let text = "";
        for await (const piece of inbox.read(uid)) text += new TextDecoder().decode(piece);
        kept.push(
          /\r\n(?:X-Original-To: (.*)\r\n)?Delivered-To: (.*)\r\n/.exec(text)!.slice(1).join(" "),
        );
      }
    }
    assertEquals(kept, [
      "all@b.c bob@b.c",
      "Postmaster@b.c bob@b.c",
      "all@b.c carl@b.c",
      "info@b.c carl@b.c",
    ]);
    await Deno.writeTextFile(`${folder}/aliases.yaml`, "all: [bob, dora]\n");
    const wrong = await netwright([
      ...["serve", "smtp", "--listen", "127.0.0.1:0", "--users", `${folder}/users.yaml`],
      ...["--aliases", `${folder}/aliases.yaml`],
    ]);
    assertEquals(wrong.code, 2);
    assertMatch(wrong.stderr, /the alias all leads to dora, which is not a user\n$/);
  }));

Deno.test("serve lmtp answers for each recipient, whose mailbox may be full", () =>
  inFolder(async (folder) => {
    const options = ["--maildir", folder, "--quota", "400"];
    await using server = await serve(["lmtp", "--listen", "127.0.0.1:0", ...options]);
    const network = systemNetwork();
    await using client = await SmtpClient.connect(endpointOf(server.endpoint), {
      network,
      protocol: "lmtp",
    });
    const send = (...to: string[]) =>
      client.send({ envelope: { from: "", to }, message: new Uint8Array(100).fill(65) });
    await send("bob@b.c");
    const { accepted, rejected } = await send("bob@b.c", "carl@b.c");
    assertEquals([accepted[0]?.address, rejected[0]?.reply.enhanced], ["carl@b.c", "4.2.2"]);
    const error = await assertRejects(() => send("bob@b.c"), ReplyError);
    assertEquals(error.code, 452);
  }));

async function* large() {
  for (let at = 0; at < 10; at++) yield await Promise.resolve(MESSAGE);
}

Deno.test("serve lmtp and smtp name the defect of a text, and keep nothing of it", async () => {
  for (const protocol of ["smtp", "lmtp"] as const) {
    await using server = await serve([protocol, "--listen", "127.0.0.1:0", "--max-size", "100"]);
    const endpoint = endpointOf(server.endpoint);
    await using client = await SmtpClient.connect(endpoint, { protocol });
    for (const to of [["bob@b.c"], ["bob@b.c", "carl@b.c"]]) {
      const sent = client.send({ envelope: { from: "", to }, message: large() });
      assertEquals((await assertRejects(() => sent, ReplyError)).code, 552);
    }
  }
});

Deno.test("serve smtp knows its users, and takes passwords in clear text only if allowed", () =>
  inFolder(async (folder) => {
    const users = `${folder}/users.yaml`;
    await Deno.writeTextFile(users, `ann:\n  password: "${await hashPassword("sesame")}"\n`);
    const network = systemNetwork();
    const credentials = { user: "ann", password: new Secret("sesame") };
    {
      await using server = await serve(["smtp", "--listen", "127.0.0.1:0", "--users", users]);
      await using client = await SmtpClient.connect(endpointOf(server.endpoint), { network });
      assertEquals(client.extensions.mechanisms, ["SCRAM-SHA-256"]);
      const { rejected } = await client.send({
        envelope: { from: "", to: ["ann@x.y", "bob@x.y"] },
        message: MESSAGE,
      });
      assertEquals(rejected.map(({ address }) => address), ["bob@x.y"]);
    }
    const options = ["--users", users, "--insecure-auth", "--require-auth"];
    await using server = await serve(["smtp", "--listen", "127.0.0.1:0", ...options]);
    await using client = await SmtpClient.connect(endpointOf(server.endpoint), {
      network,
      credentials,
    });
    await client.send({ envelope: { from: "", to: ["ann@x.y"] }, message: MESSAGE });
  }));

Deno.test("serve smtp takes tokens of the users that have one", () =>
  inFolder(async (folder) => {
    const users = `${folder}/users.yaml`;
    const [password, token] = [await hashPassword("sesame"), await hashPassword("ya29.x")];
    await Deno.writeTextFile(
      users,
      `ann:\n  password: "${password}"\n  token: "${token}"\nbob: ${password}\n`,
    );
    const options = ["--users", users, "--insecure-auth"];
    await using server = await serve(["smtp", "--listen", "127.0.0.1:0", ...options]);
    const logIn = async (user: string, token: string, mechanism: string) => {
      await using client = await SmtpClient.connect(endpointOf(server.endpoint), {
        credentials: { user, token: new Secret(token) },
        mechanism,
      });
      return client.extensions.mechanisms;
    };
    for (const mechanism of ["XOAUTH2", "OAUTHBEARER"]) {
      assertEquals((await logIn("ann", "ya29.x", mechanism)).includes(mechanism), true);
      await assertRejects(() => logIn("ann", "sesame", mechanism), ReplyError, "535");
      await assertRejects(() => logIn("bob", "ya29.x", mechanism), ReplyError, "535");
    }
  }));

Deno.test("an empty file of users does not count as none: no one could mean that anybody may send", async () => {
  const folder = await Deno.makeTempDir();
  for (const text of ["", "# empty\n", "---\n"]) {
    await Deno.writeTextFile(`${folder}/users.yaml`, text);
    for (const service of ["smtp", "ftp"]) {
      const { code, stderr } = await netwright([
        ...["serve", service, "--listen", "127.0.0.1:0", "--users", `${folder}/users.yaml`],
        ...service === "ftp" ? ["--root", folder] : [],
      ]);
      assertEquals(code, 2, text);
      assertMatch(stderr, /users\.yaml is empty\n$|a file of users maps names/);
    }
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("serve smtp refuses options that make no sense", async () => {
  for (
    const [words, error] of [
      [
        ["--listen", "0.0.0.0:0"],
        "without --users it takes mail of this host only: listen on 127.0.0.1",
      ],
      [["--require-auth"], "--require-auth requires --users"],
      [["--max-size", "big"], "--max-size must be a size, such as 25MiB"],
      [["--bare-lf", "maybe"], "--bare-lf takes normalize, refuse or keep"],
    ] as const
  ) {
    const listen = words.includes("--listen" as never) ? [] : ["--listen", "127.0.0.1:0"];
    const { code, stderr } = await netwright(["serve", "smtp", ...listen, ...words]);
    assertEquals([code, stderr.split("\n")[0]], [2, `netwright: serve: ${error}`]);
  }
});

Deno.test("serve smtp keeps a client to a rate, and logs what it refuses", () =>
  inFolder(async (folder) => {
    const users = `${folder}/users.yaml`;
    await Deno.writeTextFile(users, `bob:\n  password: "${await hashPassword("sesame")}"\n`);
    const options = ["--users", users, "--message-rate", "2"];
    await using server = await serve(["smtp", "--listen", "127.0.0.1:0", ...options]);
    const connect = () => SmtpClient.connect(endpointOf(server.endpoint));
    const message = MESSAGE;
    const to = ["bob@b.example", "nobody@b.example"];
    {
      await using client = await connect();
      const { rejected } = await client.send({ envelope: { from: "a@a.example", to }, message });
      assertEquals(rejected.map(({ reply }) => reply.code), [550]);
      const line = await server.errorLine();
      assertMatch(line ?? "", /connected/);
    }
    // The rate is of the client, not of the connection.
    await using client = await connect();
    const send = () => client.send({ envelope: { from: "", to: ["bob@b.example"] }, message });
    await send();
    const error = await assertRejects(send, ReplyError);
    assertEquals(error.code, 450);
    await client.quit();
    assertEquals((await server.stop("SIGTERM")).code, 0);
    const log = await server.stderr;
    assertMatch(
      log,
      / smtp message \S+ \(refused with 550 5\.1\.1 [^\n]*: from <a@a\.example> to <nobody@b\.example>\)\n/,
    );
    assertMatch(log, / \(refused with 450 4\.7\.1 [^\n]*: from <>\)\n/);
  }));
