/** Our NNTP client and Debian's INN. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { ReplyError, TlsError } from "../../src/net/mod.ts";
import { NntpClient, type NntpClientOptions } from "../../src/protocols/nntp/mod.ts";
import { Secret } from "../../src/protocols/wire/mod.ts";
import { netwright } from "../support/netwright.ts";
import { hasInn, type Inn, startInn } from "./peers/inn.ts";

const ready = await hasInn();

const encode = (text: string) => [new TextEncoder().encode(text)];

function options({ ca }: Inn): NntpClientOptions {
  return { trust: { caCerts: [ca] }, certificateName: "localhost" };
}

function credentialsOf({ user, password }: Inn, text = password) {
  return { credentials: { user, password: new Secret(text) } };
}

function article(id: string, more = ""): string {
  return "From: Ann <ann@a.example>\r\nNewsgroups: local.test\r\n" +
    `Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe_${id}?=\r\nMessage-ID: <${id}@a.example>\r\n${more}` +
    `\r\nbody of ${id}\r\n.dot\r\n..dots\r\n.\r\n`;
}

async function text(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  return await new Response(ReadableStream.from(pieces)).text();
}

/** Waits until the server lists so many articles: it does so a moment after it takes them. */
async function untilListed(client: NntpClient, count: number): Promise<void> {
  for (let attempt = 0; (await client.selectGroup("local.test")).count < count; attempt++) {
    if (attempt === 200) throw new Error("the articles are not listed");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

Deno.test({ name: "INN: posting, lists, overviews, articles", ignore: !ready }, async () => {
  await using inn = await startInn();
  const address = { transport: "tcp", hostname: "127.0.0.1", port: inn.reader } as const;
  await using client = await NntpClient.connect(address, { ...options(inn), tls: "none" });
  assertEquals([client.mayPost, client.isSecure], [true, false]);
  const before = await client.date();
  await client.post(encode(article("1")));
  await client.post(encode(article("2", "References: <1@a.example>\r\nX-Folded: a\r\n b\r\n")));
  const again = await assertRejects(() => client.post(encode(article("1"))), ReplyError);
  assertEquals(again.code, 441);
  await untilListed(client, 2);
  const { name, low, high, count } = await client.selectGroup("local.test");
  assertEquals([name, low, high, count], ["local.test", 1, 2, 2]);
  const active = await Array.fromAsync(client.listActive("local.*"));
  assertEquals(active.map(({ name, posting }) => `${name} ${posting}`), [
    "local.test yes",
    "local.mod moderated",
  ]);
  const [counts] = await Array.fromAsync(client.listCounts("local.test"));
  assertEquals([counts?.count, counts?.high], [2, 2]);
  const descriptions = await Array.fromAsync(client.listNewsgroups("local.*"));
  assertEquals(descriptions.map(({ description }) => description), ["Tests", "Moderated"]);
  const [birth] = await Array.fromAsync(client.listActiveTimes("local.test"));
  assertEquals(birth, { name: "local.test", created: new Date(1e12), creator: "root" });
  const records = await Array.fromAsync(client.overview({ first: 1 }));
  assertEquals(records.map(({ subject }) => subject), ["Grüße 1", "Grüße 2"]);
  assertEquals(records[1]!.references, ["<1@a.example>"]);
  assertEquals(records[1]!.author, "Ann <ann@a.example>");
  assertEquals(records[1]!.lines, 4);
  assertEquals([...records[1]!.places], [["local.test", 2]]);
  assertEquals(await Array.fromAsync(client.overview({ first: 7, last: 9 })), []);
  const folded = await Array.fromAsync(client.header("X-Folded", { first: 2 }));
  assertEquals(folded, [{ number: 2, value: "a b" }]);
  const body = "body of 1\r\n.dot\r\n..dots\r\n.\r\n";
  assertEquals(await text(client.body(1)), body);
  const whole = await text(client.article("<1@a.example>"));
  assert(whole.endsWith(`\r\n\r\n${body}`), whole);
  assertEquals(await text(client.head(1)), whole.slice(0, whole.indexOf("\r\n\r\n") + 2));
  assertEquals(await client.stat("<2@a.example>"), { number: 0, messageId: "<2@a.example>" });
  assertEquals(await client.stat(1), { number: 1, messageId: "<1@a.example>" });
  assertEquals(await client.next(), { number: 2, messageId: "<2@a.example>" });
  assertEquals(await client.next(), undefined);
  assertEquals(await client.last(), { number: 1, messageId: "<1@a.example>" });
  assertEquals(await client.listGroup("local.test"), [1, 2]);
  assertEquals(await client.listGroup("local.test", { first: 2 }), [2]);
  const since = new Date(before.getTime() - 60_000);
  assertEquals((await client.newNews("local.*", since)).toSorted(), [
    "<1@a.example>",
    "<2@a.example>",
  ]);
  assertEquals(await client.newGroups(new Date(0)).then((groups) => groups[0]?.name), "local.test");
  const many = ["<1@a.example>", 2, 3, "<9@a.example>"];
  const codes: unknown[] = [];
  for await (const { refusal, text: pieces } of client.articles(many, "body")) {
    codes.push(refusal?.code ?? (await text(pieces)).length);
  }
  assertEquals(codes, [body.length, body.length, 423, 430]);
  const none = await assertRejects(() => client.selectGroup("local.none"), ReplyError);
  assertEquals(none.code, 411);
  await client.quit();
});

Deno.test({
  name: "INN: TLS by STARTTLS and from the first byte, logins, compression",
  ignore: !ready,
}, async () => {
  await using inn = await startInn();
  for (const [port, tls] of [[inn.reader, "starttls"], [inn.readers, "implicit"]] as const) {
    const address = { transport: "tcp", hostname: "127.0.0.1", port } as const;
    for (const mechanism of ["USER", "PLAIN", undefined]) {
      // INN has no users for SASL here: PLAIN is refused, and without a name the client falls back.
      const connecting = NntpClient.connect(address, {
        ...options(inn),
        ...credentialsOf(inn),
        tls,
        mechanism,
      });
      if (mechanism === "PLAIN") {
        await assertRejects(() => connecting, ReplyError);
        continue;
      }
      await using client = await connecting;
      assertEquals(client.isSecure, true);
      assertEquals((await client.selectGroup("local.test")).name, "local.test");
    }
    const wrong = NntpClient.connect(address, {
      ...options(inn),
      ...credentialsOf(inn, "no"),
      tls,
    });
    assertEquals((await assertRejects(() => wrong, ReplyError)).code, 481);
    const untrusted = NntpClient.connect(address, { tls });
    await assertRejects(() => untrusted, TlsError);
  }
  const address = { transport: "tcp", hostname: "127.0.0.1", port: inn.reader } as const;
  await using client = await NntpClient.connect(address, {
    ...options(inn),
    ...credentialsOf(inn),
    mechanism: "USER",
    tls: "none",
    compress: true,
  });
  assertEquals(client.isCompressed, true);
  await client.post(encode(article("z")));
  await untilListed(client, 1);
  assert((await text(client.article(1))).includes("body of z"));
  await client.quit();
});

Deno.test({ name: "INN: a feed by CHECK and TAKETHIS, and by IHAVE", ignore: !ready }, async () => {
  await using inn = await startInn();
  const at = (port: number) => ({ transport: "tcp", hostname: "127.0.0.1", port }) as const;
  const offered = Array.from({ length: 250 }, (_, index) => ({
    messageId: `<f${index}@a.example>`,
    text: () =>
      encode(
        `Path: a.example!not-for-mail\r\nDate: ${new Date().toUTCString()}\r\n${
          article(`f${index}`)
        }`,
      ),
  }));
  await using feeder = await NntpClient.connect(at(inn.feeder), { role: "feeder", tls: "none" });
  assert(feeder.capabilities.has("STREAMING"));
  const first = await Array.fromAsync(feeder.offer(offered));
  assertEquals(first.filter(({ outcome }) => outcome === "taken").length, 250);
  const second = await Array.fromAsync(feeder.offer(offered.slice(0, 3)));
  assertEquals(second.map(({ outcome }) => outcome), ["unwanted", "unwanted", "unwanted"]);
  await using reader = await NntpClient.connect(at(inn.reader), { tls: "none" });
  await untilListed(reader, 250);
  // nnrpd takes single articles by IHAVE.
  const [one] = await Array.fromAsync(reader.offer([{
    messageId: "<g@a.example>",
    text: () =>
      encode(
        `Path: a.example!not-for-mail\r\nDate: ${new Date().toUTCString()}\r\n${article("g")}`,
      ),
  }]));
  assertEquals(one?.outcome, "taken");
});

Deno.test({ name: "INN: the commands", ignore: !ready }, async () => {
  await using inn = await startInn();
  const url = `nntp://127.0.0.1:${inn.reader}`;
  const posted = await netwright([
    ...["news", "post", url, "local.test", "--no-tls", "--from", "ann@a.example"],
    ...["--subject", "Tee", "--body", "Um vier?"],
  ]);
  assertEquals(posted.code, 0, posted.stderr);
  await using client = await NntpClient.connect(url, { tls: "none" });
  await untilListed(client, 1);
  const groups = await netwright(["news", "groups", url, "local.*", "--no-tls"]);
  assertEquals(groups.stdout, "local.test\t1\t\tTests\nlocal.mod\t0\tm\tModerated\n");
  const read = await netwright(["news", "read", url, "local.test", "1", "--no-tls"]);
  assert(read.stdout.endsWith("Subject: Tee\n\nUm vier?\n"), read.stdout);
});
