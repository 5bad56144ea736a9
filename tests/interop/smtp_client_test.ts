/** Our SMTP client, from the library and the command line, against Debian's postfix and smtp-sink. */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { composeMessage, parseMessage, partBytes } from "../../src/mime/mod.ts";
import { ReplyError, systemNetwork, TlsError } from "../../src/net/mod.ts";
import { SmtpClient, type SmtpClientOptions, SmtpPool } from "../../src/protocols/smtp/mod.ts";
import { Secret } from "../../src/protocols/wire/mod.ts";
import { certificates } from "../support/certificates.ts";
import { netwright } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";
import { needs } from "./peers/needs.ts";
import { type Postfix, startPostfix, startSmtpSink } from "./peers/postfix.ts";

const ignore =
  (await Promise.all(["postfix", "saslpasswd2", "smtp-sink"].map(needs))).includes(false) ||
  Deno.uid() !== 0;

const bytes = (text: string) => new TextEncoder().encode(text);
const BOB = { from: "ann@a.example", to: ["bob@b.example"] };

async function optionsFor(server: Postfix): Promise<SmtpClientOptions> {
  const { ca } = await certificates();
  const { user, password } = server;
  return {
    network: systemNetwork(),
    trust: { caCerts: [ca] },
    credentials: { user, password: new Secret(password) },
  };
}

/** The text of a message that was delivered, without the fields that the server added. */
function bodyOf(message: string): string {
  return message.slice(message.indexOf("\n\n") + 2);
}

Deno.test({ name: "our client and postfix", ignore }, async (t) => {
  await using server = await startPostfix();
  const options = await optionsFor(server);
  const address = `localhost:${server.port}`;
  let count = 0;

  await t.step("STARTTLS, each way to log in, DATA and BDAT", async () => {
    const texts: string[] = [];
    for (const mechanism of ["PLAIN", "LOGIN", "CRAM-MD5", undefined]) {
      for (const chunking of [false, true]) {
        await using client = await SmtpClient.connect(address, {
          ...options,
          mechanism,
          chunking,
          tls: "starttls",
        });
        assertEquals(client.isSecure, true);
        const text = `${mechanism} ${chunking}\n.\n..x\n`;
        texts.push(text);
        await client.send({ envelope: BOB, message: bytes(`Subject: x\n\n${text}`) });
      }
    }
    const delivered = await server.delivered(count += texts.length);
    assertEquals(delivered.map(bodyOf).sort(), texts.sort());
  });

  await t.step("a wrong password, a certificate that no one trusts", async () => {
    const wrong = { ...options, credentials: { user: server.user, password: new Secret("wrong") } };
    const error = await assertRejects(() => SmtpClient.connect(address, wrong), ReplyError);
    assertEquals(error.code, 535);
    const untrusted = { ...options, trust: undefined, tls: "starttls" as const };
    await assertRejects(() => SmtpClient.connect(address, untrusted), TlsError);
  });

  await t.step("each recipient has an answer of its own, also when only asked", async () => {
    await using client = await SmtpClient.connect(address, options);
    const to = ["bob@b.example", "no@b.example", "busy@b.example"];
    const probe = await client.probe({ from: "", to }, 1000);
    const { accepted, rejected } = await client.send({
      envelope: { from: "", to },
      message: bytes("Subject: some\n\nx\n"),
    });
    assertEquals(accepted.map(({ address }) => address), ["bob@b.example"]);
    assertEquals(rejected.map(({ reply }) => [reply.code, reply.enhanced]), [[550, "5.1.1"], [
      450,
      "4.2.1",
    ]]);
    assertEquals([probe.accepted.length, probe.rejected], [1, rejected]);
    count++;
  });

  await t.step("500 messages over a pool, each once", async () => {
    await using pool = new SmtpPool(address, {
      ...options,
      maxConnections: 3,
      maxMessages: 60,
    });
    const sent = Array.from(
      { length: 500 },
      (_, at) => pool.send({ envelope: BOB, message: bytes(`Subject: ${at}\n\npool\n`) }),
    );
    await Promise.all(sent);
    const delivered = await server.delivered(count += 500);
    const subjects = delivered.filter((text) => bodyOf(text) === "pool\n")
      .map((text) => /^Subject: (\d+)$/m.exec(text)![1]);
    assertEquals(new Set(subjects).size, 500);
  });

  await t.step("addresses in UTF-8, eight bits, a report on delivery", async () => {
    await using client = await SmtpClient.connect(address, options);
    const part = composeMessage({
      from: [{ name: "Änne", address: "änne@a.example" }],
      to: [{ name: "Bob", address: "bøb@b.example" }],
      subject: "grün",
      text: "größer\n",
    });
    const envelope = {
      from: "änne@a.example",
      to: [{ address: "bøb@b.example", notify: ["success"] as const }],
      dsnReturn: "headers" as const,
      dsnId: "id+1",
    };
    await client.send({ envelope, message: await partBytes(part) });
    // The message, and the report to its sender.
    const delivered = await server.delivered(count += 2);
    const messages = delivered.map((text) => parseMessage(bytes(text)));
    const own = messages.find(({ header }) => header.text("subject") === "grün");
    assertEquals(own?.header.addresses("from").map((at) => "address" in at && at.address), [
      "änne@a.example",
    ]);
    const report = messages.find(({ type }) => type === "multipart/report");
    const status = [...report!.walk()].find(({ type }) => type.endsWith("delivery-status"));
    assertMatch(
      new TextDecoder().decode(status!.content),
      /^Original-Envelope-Id: id\+1$/m,
    );
  });

  await t.step("the commands", () =>
    inFolder(async (folder) => {
      const { folder: certs } = await certificates();
      await Deno.writeTextFile(`${folder}/password`, server.password);
      const url = `smtp://localhost:${server.port}`;
      const login = [
        ...["--ca", `${certs}/ca.pem`, "--user", server.user],
        ...["--password-file", `${folder}/password`, "--starttls=require"],
      ];
      const steps = await netwright(["smtp", "verify", url, "bob@b.c", "no@b.c", ...login]);
      assertEquals([steps.code, steps.stderr], [4, ""]);
      assertMatch(
        steps.stdout,
        /\nok {4}STARTTLS [^]*\nok {4}AUTH SCRAM-SHA-256 \*+ [^]*FAIL {2}RCPT/,
      );
      const words = ["--from", "ann@a.example", "--to", "bob@b.example", "--body", "by command"];
      const sent = await netwright(["smtp", "send", url, ...words, ...login]);
      assertEquals([sent.code, sent.stdout], [0, ""]);
      assertMatch(sent.stderr, /^bob@b\.example: sent \(2\.0\.0 Ok: queued as \w+\)\n$/);
      const delivered = await server.delivered(count += 1);
      assertEquals(delivered.filter((text) => bodyOf(text) === "by command\n").length, 1);
    }));
});

Deno.test({ name: "our client and smtp-sink", ignore }, async (t) => {
  for (const protocol of ["smtp", "lmtp"] as const) {
    for (const plain of [false, true]) {
      await t.step(`${protocol}${plain ? ", one command at a time" : ""}`, async () => {
        const options = [...protocol === "lmtp" ? ["-L"] : [], ...plain ? ["-p"] : []];
        await using sink = await startSmtpSink(true, ...options);
        const endpoint = { transport: "tcp", hostname: "127.0.0.1", port: sink.port } as const;
        const network = systemNetwork();
        {
          await using client = await SmtpClient.connect(endpoint, { network, protocol });
          assertEquals(client.extensions.all.has("PIPELINING"), !plain);
          const envelope = { from: "a@b.c", to: ["d@e.f", "g@h.i"] };
          for (let at = 0; at < 20; at++) {
            const { accepted } = await client.send({
              envelope,
              message: bytes(`Subject: ${at}\n\n.\n`),
            });
            assertEquals(accepted.length, 2);
          }
        }
        const taken = await sink.taken();
        assertEquals(taken.length, 20);
        for (const text of taken) assertMatch(text, /^X-Rcpt-Args: <g@h\.i>.*\n[^]*\n\n\.\n$/m);
      });
    }
  }
});
