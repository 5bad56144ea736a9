import { assertEquals, assertRejects } from "@std/assert";
import { NntpClient } from "../../../src/protocols/nntp/mod.ts";
import {
  type DeliveryOutcome,
  digestOf,
  type GatewayEvent,
  type GatewayOptions,
  mailOf,
  runGateway,
} from "../../../src/programs/gateway/mod.ts";
import { parseMessage } from "../../../src/mime/mod.ts";
import { GatewayMemory } from "../../../src/stores/internal.ts";
import { article, type ServedNews, servedNews } from "../../protocols/nntp/served.ts";
import { inFolder } from "../../support/trees.ts";

const encode = (text: string) => new TextEncoder().encode(text);

async function post(server: ServedNews, fields: Record<string, string>, body = "Hello") {
  await using client = await NntpClient.connect(server.endpoint, { network: server.network });
  await client.post([encode(article(fields, body))]);
}

/** One run; gives what was delivered, and what happened. */
async function run(
  server: ServedNews,
  file: string | undefined,
  options: Partial<GatewayOptions> = {},
): Promise<{ readonly sent: string[]; readonly events: string[] }> {
  const sent: string[] = [];
  const events: string[] = [];
  using memory = file === undefined ? undefined : await GatewayMemory.open(file, Date.now());
  await using client = await NntpClient.connect(server.endpoint, { network: server.network });
  await runGateway(client, {
    server: "s",
    host: "news.example",
    wildmat: "local.*",
    memory,
    all: true,
    maxBytes: 10_000,
    isListed: () => true,
    deliver(articles): Promise<DeliveryOutcome> {
      sent.push(articles.map(({ messageId }) => messageId).join("+"));
      return Promise.resolve({ kind: "sent" });
    },
    onEvent({ kind, article, reason }: GatewayEvent) {
      events.push(
        [kind, article?.messageId, reason].filter((part) => part !== undefined).join(" "),
      );
      return Promise.resolve();
    },
    ...options,
  });
  return { sent, events };
}

const ID = (id: string) => ({ "Message-ID": `<${id}@x>` });

Deno.test("each article is sent once, also of two groups; later runs send what is new", () =>
  inFolder(async (folder) => {
    await using server = await servedNews();
    await server.store.setGroup({ name: "local.also" });
    const file = `${folder}/memory`;
    await post(server, { ...ID("1"), Newsgroups: "local.test,local.also" });
    await post(server, ID("2"));
    assertEquals((await run(server, file)).sent, ["<1@x>", "<2@x>"]);
    assertEquals((await run(server, file)).sent, []);
    await post(server, ID("3"));
    assertEquals((await run(server, file, { all: false })).sent, ["<3@x>"]);
    assertEquals((await run(server, file, { all: false })).sent, []);
  }));

Deno.test("without --all, what was there when a group is seen first is left out", () =>
  inFolder(async (folder) => {
    await using server = await servedNews();
    await post(server, ID("1"));
    const first = await run(server, `${folder}/m`, { all: false });
    assertEquals([first.sent, first.events], [[], ["first", "first", "first"]]);
    await post(server, ID("2"));
    assertEquals((await run(server, `${folder}/m`, { all: false })).sent, ["<2@x>"]);
    // With --all what was sent is not sent again.
    assertEquals((await run(server, `${folder}/m`)).sent, ["<1@x>"]);
  }));

Deno.test("a run that is broken off goes on where it was, also without --all", () =>
  inFolder(async (folder) => {
    await using server = await servedNews();
    for (const id of ["1", "2", "3"]) await post(server, ID(id));
    const deliver = (articles: readonly { messageId: string }[]): Promise<DeliveryOutcome> =>
      articles[0]!.messageId === "<2@x>"
        ? Promise.reject(new Error("killed"))
        : Promise.resolve({ kind: "sent" });
    await assertRejects(() => run(server, `${folder}/m`, { deliver }), Error, "killed");
    const { sent, events } = await run(server, `${folder}/m`, { all: false });
    assertEquals(sent, ["<2@x>", "<3@x>"]);
    assertEquals(events.slice(0, 2), ["again <2@x>", "sent <2@x>"]);
  }));

Deno.test("what is refused for now is tried again, and holds nothing else up", () =>
  inFolder(async (folder) => {
    await using server = await servedNews();
    for (const id of ["1", "2", "3"]) await post(server, ID(id));
    const deliver = (articles: readonly { messageId: string }[]): Promise<DeliveryOutcome> =>
      Promise.resolve(
        articles[0]!.messageId === "<1@x>"
          ? { kind: "later", reason: "451 greylisted" }
          : { kind: "sent" },
      );
    const first = await run(server, `${folder}/m`, { deliver });
    assertEquals(first.events, ["later <1@x> 451 greylisted", "sent <2@x>", "sent <3@x>"]);
    const second = await run(server, `${folder}/m`, { all: false });
    assertEquals(second.events.filter((event) => event !== "first"), ["sent <1@x>"]);
  }));

Deno.test("a mail that reached some of its recipients goes to the others only", () =>
  inFolder(async (folder) => {
    await using server = await servedNews();
    await post(server, ID("1"));
    const asked: string[][] = [];
    const attempt = (isLate: boolean): Partial<GatewayOptions> => ({
      async deliver(_, recipients) {
        const waiting = [];
        for (const one of ["ann", "bob"]) if (!await recipients.wasSentTo(one)) waiting.push(one);
        asked.push(waiting);
        if (!isLate) return { kind: "sent" };
        await recipients.sentTo(["ann"]);
        return { kind: "later", reason: "bob: 450" };
      },
    });
    await run(server, `${folder}/m`, attempt(true));
    await run(server, `${folder}/m`, attempt(false));
    await run(server, `${folder}/m`, attempt(false));
    assertEquals(asked, [["ann", "bob"], ["bob"]]);
  }));

Deno.test("a refusal of the sender ends the run, and is no article's", () =>
  inFolder(async (folder) => {
    await using server = await servedNews();
    await post(server, ID("1"));
    const deliver = (): Promise<DeliveryOutcome> =>
      Promise.resolve({ kind: "stop", error: new Error("530 log in") });
    await assertRejects(() => run(server, `${folder}/m`, { deliver }), Error, "530 log in");
    // It was certainly not sent.
    assertEquals((await run(server, `${folder}/m`)).events, ["sent <1@x>"]);
  }));

Deno.test("a mail that is refused for good is told once; one too large too", () =>
  inFolder(async (folder) => {
    await using server = await servedNews();
    await post(server, ID("1"));
    await post(server, ID("2"), "x\n".repeat(8000));
    const deliver = (): Promise<DeliveryOutcome> =>
      Promise.resolve({ kind: "refused", reason: "554 spam" });
    assertEquals((await run(server, `${folder}/m`, { deliver })).events, [
      "failed <1@x> 554 spam",
      "failed <2@x> it is larger than 10000 bytes",
    ]);
    assertEquals((await run(server, `${folder}/m`, { all: false })).sent, []);
  }));

Deno.test("a group with lower numbers than before is left alone, but for --all", () =>
  inFolder(async (folder) => {
    const file = `${folder}/m`;
    {
      await using server = await servedNews();
      for (const id of ["1", "2", "3"]) await post(server, ID(id));
      await run(server, file);
    }
    await using server = await servedNews();
    for (const id of ["3", "4"]) await post(server, ID(id));
    const { sent, events } = await run(server, file, { all: false });
    assertEquals([sent, events.filter((event) => event !== "first")], [[], ["renumbered"]]);
    assertEquals((await run(server, file)).sent, ["<4@x>"]);
  }));

Deno.test("a digest holds many articles, and is recorded as a whole", () =>
  inFolder(async (folder) => {
    await using server = await servedNews();
    for (let at = 0; at < 103; at++) await post(server, ID(`${at}`));
    const { sent } = await run(server, `${folder}/m`, { digest: true });
    assertEquals(sent.map((ids) => ids.split("+").length), [100, 3]);
  }));

Deno.test("a dry run leaves nothing behind", () =>
  inFolder(async (folder) => {
    await using server = await servedNews();
    await post(server, ID("1"));
    const options = { dryRun: true };
    assertEquals((await run(server, undefined, options)).events, ["chosen <1@x>"]);
    assertEquals((await run(server, `${folder}/m`, options)).events, ["chosen <1@x>"]);
    assertEquals((await run(server, `${folder}/m`)).sent, ["<1@x>"]);
  }));

Deno.test("the memory heals a line that a crash has cut off, keeps odd identifiers, and refuses other files", () =>
  inFolder(async (folder) => {
    const file = `${folder}/m`;
    const odd = ["<a b@c>", "<\u00a0@c>", "<%20@c>", "<\ud800@c>"];
    {
      using memory = await GatewayMemory.open(file, 1);
      await memory.begin(odd, 1);
      await memory.sent(odd, 1);
      await memory.looked("s", "a.b", 7);
    }
    await Deno.writeTextFile(file, "sent 1 <cut", { append: true });
    {
      using memory = await GatewayMemory.open(file, 2);
      for (const id of odd) assertEquals([id, await memory.wasSent(id, 2)], [id, true]);
      assertEquals([await memory.wasSent("<cut", 2), memory.lookedUpTo("s", "a.b")], [false, 7]);
    }
    {
      using memory = await GatewayMemory.open(file, 1e12);
      assertEquals(await memory.wasSent(odd[0]!, 1e12), false);
    }
    for (const text of ["hello\n", "netwright-gateway 1\nnonsense\n"]) {
      await Deno.writeTextFile(file, text);
      await assertRejects(() => GatewayMemory.open(file, 1), Error, "gateway");
    }
  }));

function made(text: string) {
  const bytes = encode(text.replaceAll("\n", "\r\n"));
  const entity = parseMessage(bytes);
  return {
    messageId: "<2@x>",
    group: "local.test",
    number: 7,
    subject: "Hi",
    from: "ann",
    entity,
    bytes,
  };
}

Deno.test("a mail keeps its author's fields, loses those of servers and orders, and finds its parent", () => {
  const mail = new TextDecoder().decode(mailOf(
    made(
      "Path: a!b\nFrom: =?utf-8?q?J=C3=B6rg?= <j@x>\nSubject: Hi\nReferences: <0@x>\n <1@x>\n" +
        "Xref: n local.test:7\nBcc: all@x\nApproved: m@x\nControl: cancel <1@x>\nInjection-Info: n;\n p=q\n" +
        "X-A: a\rBcc: smuggled@x\rReply-To: e@x\r\rbody\nX-B: n\0ul\n\nBody\0\n.dot\n",
    ),
    "news.example",
  ));
  assertEquals(mail.split("\r\n"), [
    "From: =?utf-8?q?J=C3=B6rg?= <j@x>",
    "Subject: Hi",
    "References: <0@x>",
    " <1@x>",
    "X-A: a Bcc: smuggled@x Reply-To: e@x  body",
    "X-B: nul",
    "In-Reply-To: <1@x>",
    "List-Id: <local.test.news.example>",
    "Archived-At: <nntp://news.example/local.test/7>",
    "X-Loop: netwright-gateway@news.example",
    "",
    "Body",
    ".dot",
    "",
  ]);
});

Deno.test("control messages, and what came out of the gateway, are not sent", () =>
  inFolder(async (folder) => {
    await using server = await servedNews();
    await post(server, { ...ID("1"), "X-Loop": "netwright-gateway@news.example" });
    await post(server, { ...ID("2"), "X-Loop": "another@news.example" });
    assertEquals((await run(server, `${folder}/m`)).sent, ["<2@x>"]);
  }));

Deno.test("a digest is a message of messages", () => {
  const articles = [
    made("From: a@x\nSubject: one\n\nOne\n"),
    made("From: b@x\nSubject: two\n\nTwo\n"),
  ];
  const bytes = digestOf(articles, {
    server: "news.example",
    from: "netwright-gateway@news.example",
    to: ["ann@x"],
    date: new Date(0),
    messageId: "<d@x>",
  });
  const message = parseMessage(bytes);
  assertEquals(message.header.text("subject"), "local.test: 2 articles");
  const [list, digest] = message.parts;
  assertEquals([list!.type, digest!.type], ["text/plain", "multipart/digest"]);
  assertEquals(digest!.parts.map(({ type }) => type), ["message/rfc822", "message/rfc822"]);
});

Deno.test("a refused digest is sent as single mails, and nobody gets an article again", () =>
  inFolder(async (folder) => {
    await using server = await servedNews();
    for (const id of ["1", "2"]) await post(server, ID(id));
    const got: string[] = [];
    const attempt = (bob: "450" | "250"): Partial<GatewayOptions> => ({
      digest: true,
      async deliver(articles, recipients) {
        const ids = articles.map(({ messageId }) => messageId).join("+");
        const isNew = !await recipients.wasSentTo("ann");
        if (isNew) got.push(`ann ${ids}`);
        if (bob === "250") {
          got.push(`bob ${ids}`);
          return { kind: "sent" };
        }
        if (isNew) await recipients.sentTo(["ann"]);
        return { kind: "later", reason: "bob: 450" };
      },
    });
    await run(server, `${folder}/m`, attempt("450"));
    await post(server, ID("3"));
    await run(server, `${folder}/m`, attempt("450"));
    await run(server, `${folder}/m`, attempt("250"));
    assertEquals(got, ["ann <1@x>+<2@x>", "ann <3@x>", "bob <1@x>", "bob <2@x>", "bob <3@x>"]);
    const refused = await run(server, `${folder}/n`, {
      digest: true,
      deliver: (articles) =>
        Promise.resolve(
          articles.some(({ messageId }) => messageId === "<2@x>")
            ? { kind: "refused", reason: "554 spam" }
            : { kind: "sent" },
        ),
    });
    assertEquals(refused.events, ["sent <1@x>", "failed <2@x> 554 spam", "sent <3@x>"]);
  }));
