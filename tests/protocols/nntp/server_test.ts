import { assert, assertEquals, assertMatch } from "@std/assert";
import { article, servedNews, talk, USERS } from "./served.ts";
import type { NntpServerOptions } from "../../../src/protocols/nntp/mod.ts";

const POST_TWO = [
  "POST",
  article(),
  "POST",
  article(
    { "Message-ID": "<2@a.example>", Subject: "Re: Hi", References: "<1@a.example>" },
    "..x\n..",
  ),
];

/** Commands after two articles were posted, and the replies. */
const TABLE: readonly (readonly [what: string, lines: string[], replies: (string | RegExp)[]])[] = [
  ["GROUP and its errors", [
    "GROUP local.test",
    "GROUP local.none",
    "GROUP",
    "GROUP a b",
    "GROUP a*",
  ], [
    "211 2 1 2 local.test",
    "411 no such group",
    "501 GROUP takes a group",
    "501 GROUP takes a group",
    "501 that is not the name of a group",
  ]],
  ["commands without a group", [
    "STAT",
    "STAT 1",
    "NEXT",
    "LAST",
    "OVER 1-",
    "LISTGROUP",
    "XHDR subject 1",
  ], [
    ...new Array(7).fill("412 no group is selected"),
  ]],
  ["an empty group has no current article", [
    "GROUP local.old",
    "STAT",
    "NEXT",
    "LAST",
    "OVER",
    "OVER 1-",
  ], [
    "211 0 1 0 local.old",
    "420 no current article",
    "420 no current article",
    "420 no current article",
    "420 no current article",
    "423 no articles in that range",
  ]],
  ["the current article moves (RFC 3977 §6.1)", [
    ...["GROUP local.test", "STAT", "NEXT", "STAT", "NEXT", "LAST", "LAST", "STAT 2", "STAT"],
    ...["STAT 9", "STAT", "STAT <1@a.example>", "STAT"],
  ], [
    "211 2 1 2 local.test",
    "223 1 <1@a.example>",
    "223 2 <2@a.example> is the current article",
    "223 2 <2@a.example>",
    "421 no next article",
    "223 1 <1@a.example> is the current article",
    "422 no previous article",
    "223 2 <2@a.example>",
    "223 2 <2@a.example>",
    "423 no article has that number",
    "223 2 <2@a.example>",
    "223 0 <1@a.example>",
    "223 2 <2@a.example>",
  ]],
  ["LISTGROUP and its ranges", [
    ...["LISTGROUP local.test", "LISTGROUP", "LISTGROUP local.test 2-", "LISTGROUP local.test 2-1"],
    ...["LISTGROUP local.test x", "LISTGROUP local.none", "STAT"],
  ], [
    "211 2 1 2 local.test list follows|1|2|.",
    "211 2 1 2 local.test list follows|1|2|.",
    "211 2 1 2 local.test list follows|2|.",
    "211 2 1 2 local.test list follows|.",
    "501 LISTGROUP takes a group and a range",
    "411 no such group",
    "223 1 <1@a.example>",
  ]],
  ["articles and parts of them, dots doubled", [
    "GROUP local.test",
    "BODY 2",
    "HEAD <2@a.example>",
    "ARTICLE <9@a.example>",
    "ARTICLE 9",
    "BODY 1 2",
    "BODY x",
    "BODY <x",
  ], [
    "211 2 1 2 local.test",
    "222 2 <2@a.example>|..x|..|.",
    /^221 0 <2@a\.example>\|Path: news\.example!\.POSTED!not-for-mail\|.*Xref: news\.example local\.test:2\|\.$/,
    "430 no such article",
    "423 no article has that number",
    "501 too many arguments",
    "501 not a number or a message ID",
    "501 malformed message ID",
  ]],
  ["overviews", [
    ...[
      "GROUP local.test",
      "OVER",
      "XOVER 2",
      "OVER 2-1",
      "OVER 9-",
      "OVER x",
      "OVER <2@a.example>",
    ],
    "OVER <9@a.example>",
  ], [
    "211 2 1 2 local.test",
    /^224 overview follows\|1\tHi\tAnn <ann@a\.example>\tMon, 30 Nov 2026 11:00:00 \+0000\t<1@a\.example>\t\t292\t1\tXref: news\.example local\.test:1\|\.$/,
    /^224 overview follows\|2\tRe: Hi\t[^|]*\t<1@a\.example>\t\d+\t2\tXref: news\.example local\.test:2\|\.$/,
    "423 no articles in that range",
    "423 no articles in that range",
    "501 not a range or a message ID",
    /^224 overview follows\|0\tRe: Hi\t[^|]*\|\.$/,
    "430 no such article",
  ]],
  ["single fields", [
    ...[
      "GROUP local.test",
      "HDR subject 1-",
      "XHDR Newsgroups 2",
      "HDR :lines 2",
      "XHDR lines 1-",
      "HDR :x 1",
      "HDR x-none 1",
    ],
    ...[
      "HDR references <2@a.example>",
      "XPAT subject 1- Re* x",
      "HDR",
      "HDR sub:ject 1",
      "HDR Xref 1",
    ],
  ], [
    "211 2 1 2 local.test",
    "225 header follows|1 Hi|2 Re: Hi|.",
    "221 header follows|2 local.test|.",
    "225 header follows|2 2|.",
    "221 header follows|1 1|2 2|.",
    "503 there are no such metadata",
    "225 header follows|1 |.",
    "225 header follows|0 <1@a.example>|.",
    "221 header follows|2 Re: Hi|.",
    "501 HDR takes a field and a range or a message ID",
    "501 HDR takes a field and a range or a message ID",
    "225 header follows|1 news.example local.test:1|.",
  ]],
  ["lists of groups", [
    ...[
      "LIST",
      "LIST ACTIVE local.t*",
      "LIST NEWSGROUPS",
      "LIST COUNTS *,!local.[mo]*",
      "list active.times x",
    ],
    ...[
      "LIST OVERVIEW.FMT",
      "LIST HEADERS MSGID",
      "LIST MOTD",
      "LIST NONE",
      "LIST ACTIVE a,,b",
      "LIST ACTIVE a b",
    ],
  ], [
    "215 3 groups|local.mod 0 1 m|local.old 0 1 n|local.test 2 1 y|.",
    "215 1 groups|local.test 2 1 y|.",
    "215 2 groups|local.mod\tModerated|local.test\tTests|.",
    "215 1 groups|local.test 2 1 2 y|.",
    "215 0 groups|.",
    "215 order of fields in overviews|Subject:|From:|Date:|Message-ID:|References:|Bytes:|Lines:|Xref:full|.",
    "215 all fields|:|:bytes|:lines|.",
    "503 this server has no such list",
    "501 unknown list",
    "501 malformed wildmat",
    "501 too many arguments",
  ]],
  ["news and groups since a time", [
    "NEWNEWS local.* 20261130 120000 GMT",
    "NEWNEWS * 261130 120001",
    "NEWNEWS local.mod 20260101 000000",
    "NEWNEWS * 2026 x",
    "NEWNEWS",
    "NEWGROUPS 20261130 120000 GMT",
    "NEWGROUPS 20261130 120001 GMT",
    "NEWGROUPS 20261130 120000 CET",
  ], [
    "230 new articles|<1@a.example>|<2@a.example>|.",
    "230 new articles|.",
    "230 new articles|.",
    "501 date and time are yyyymmdd hhmmss [GMT]",
    "501 malformed wildmat",
    "231 new groups|local.mod 0 1 m|local.old 0 1 n|local.test 2 1 y|.",
    "231 new groups|.",
    "501 date and time are yyyymmdd hhmmss [GMT]",
  ]],
  ["what the server is", [
    "DATE",
    "MODE READER",
    "MODE STREAM",
    "MODE X",
    "STARTTLS",
    "AUTHINFO USER ann",
  ], [
    "111 20261130120000",
    "200 reader mode, posting allowed",
    "502 articles are not taken from other servers",
    "501 MODE READER or MODE STREAM",
    "580 this server has no certificate",
    "502 logins are not offered",
  ]],
  ["words that are none", ["FOO", "ARTICLE a\0", "", "STAT \xff", "QUIT", "DATE"], [
    "500 unknown command",
    "501 malformed line: it holds NUL",
    "500 unknown command",
    "501 not a number or a message ID",
    "205 goodbye",
    "[closed]",
  ]],
  ["a line that is too long ends the session: it may be that of TAKETHIS", [
    "X".repeat(13_000),
    "DATE",
  ], ["501 line too long", "[closed]"]],
  ["identifiers and patterns that look like HTTP", [
    "CHECK <HTTP/1.1@x>",
    "STAT <HTTP/1.1@x>",
    "GROUP local.test",
    "XPAT subject 1- *HTTP/1.1",
  ], [
    "502 articles are not taken from other servers",
    "430 no such article",
    "211 2 1 2 local.test",
    "221 header follows|.",
  ]],
  ["an HTTP request ends the session (cross-protocol attacks)", ["POST / HTTP/1.1", "DATE"], [
    "400 This is not an HTTP server.",
    "[closed]",
  ]],
  ["another one", ["GET / HTTP/1.1", "DATE"], ["400 This is not an HTTP server.", "[closed]"]],
];

for (const [what, lines, replies] of TABLE) {
  Deno.test(`serve nntp: ${what}`, async () => {
    await using server = await servedNews();
    const said = (await talk(server, ...POST_TWO, ...lines)).slice(4);
    assertEquals(said.length, replies.length, said.join("\n"));
    for (const [index, expected] of replies.entries()) {
      if (typeof expected === "string") assertEquals(said[index], expected, lines[index]);
      else assertMatch(said[index]!, expected);
    }
    assertEquals(server.errors, []);
  });
}

const MANY = Array.from({ length: 21 }, (_, index) => `a.g${index}`).join(",");

/** Articles that are refused, and why. */
const REFUSED: readonly (readonly [text: string, reason: string])[] = [
  [article({ From: undefined }), "it has no From"],
  [article({ Subject: " " }), "it has no Subject"],
  [article({ Newsgroups: undefined }), "it has no Newsgroups"],
  [article({ From: "Ann" }), "its From has no address"],
  [article({ Newsgroups: "local.none" }), "unknown group local.none"],
  [article({ Newsgroups: "local.test,a b" }), "its Newsgroups is malformed"],
  [article({ Newsgroups: MANY }), "it has more than 20 groups"],
  [article({ Newsgroups: "local.old" }), "articles cannot be posted to local.old"],
  [article({ "Followup-To": "a b" }), "its Newsgroups is malformed"],
  [article({ "Message-ID": "1@a.example" }), "its Message-ID is malformed"],
  [article({ "Message-ID": "<1@a.example> x" }), "its Message-ID is malformed"],
  [article({ Date: "yesterday" }), "its Date is malformed"],
  [article({ Date: "Fri, 1 Jan 2100 00:00:00 +0000" }), "its Date is in the future"],
  [article({ "X": "a\nSubject: again" }), "it has Subject twice"],
  [article({ "Injection-Info": "x" }), "it was posted already"],
  [article({ Path: "x!.POSTED!y" }), "it was posted already"],
  [article({ "X": "a\nno field" }), "a line of its header is not a field"],
  [article({ "X": "a\n " }), "a line of its header is blank"],
  [article({ "X": "x".repeat(1000) }), "a line of its header is longer than 998 bytes"],
  [article({}, "a\0b"), "it holds NUL"],
  [article({}, "x".repeat(60_000)), "it is larger than 50000 bytes"],
  [article({ Control: "newgroup x" }), "no control message but cancel is taken"],
  [article({ Control: "cancel x" }), "the article that it removes is malformed"],
  [article({ Control: "cancel <9@x>" }), "unknown article <9@x>"],
  [article({ Supersedes: "<9@x>" }), "unknown article <9@x>"],
  [
    article({ Newsgroups: "local.mod" }),
    "local.mod is moderated, and articles for its moderator are not taken",
  ],
];

Deno.test("serve nntp refuses articles with a reason, and the session continues", async () => {
  await using server = await servedNews({ maxArticleBytes: 50_000 });
  const replies = await talk(
    server,
    ...REFUSED.flatMap(([text]) => ["POST", text]),
    "POST",
    article(),
  );
  const reasons = replies.filter((_, index) => index % 2 === 1);
  assertEquals(reasons, [
    ...REFUSED.map(([, reason]) => `441 ${reason}`),
    "240 article received <1@a.example>",
  ]);
  assertEquals(server.errors, []);
});

Deno.test("serve nntp: bare line breaks are refused, and the session is in step", async () => {
  await using server = await servedNews();
  const text = article().replaceAll("\n", "\r\n");
  for (const bad of [`${text}\rx`, `${text}\nx`]) {
    // talk() would mend them.
    const { dial, LineReader, writeAll } = await import("../../../src/net/mod.ts");
    using connection = await dial(server.endpoint, { network: server.network });
    const reader = new LineReader(connection);
    await reader.readLine();
    await writeAll(connection, new TextEncoder().encode(`POST\r\n${bad}\r\n.\r\nDATE\r\n`));
    assertEquals([await reader.readLine(), await reader.readLine(), await reader.readLine()], [
      "340 send the article, and end it with a line of one dot",
      "441 it holds a bare CR or LF",
      "111 20261130120000",
    ]);
  }
});

Deno.test("serve nntp: what an article gets, and what it loses (RFC 5537 §3.5)", async () => {
  await using server = await servedNews({
    users: { checkPassword: (name, password) => Promise.resolve(USERS[name] === password) },
  });
  const posted = article({
    ...{ "Message-ID": undefined, Date: undefined, Path: "old!tail", Xref: "x y:1" },
    ...{ "X-Folded": "a\n b", "NNTP-Posting-Host": "x" },
  });
  const login = ["AUTHINFO USER ann", "AUTHINFO PASS sesame"];
  const replies = await talk(server, ...login, "POST", posted, "GROUP local.test", "HEAD 1");
  const [, , , reply, , head] = replies;
  const [, messageId] = /^240 article received (<[0-9a-f-]{36}@news\.example>)$/.exec(reply!) ?? [];
  assert(messageId !== undefined, reply);
  assertEquals(head!.split("|").slice(1, -1), [
    "Path: news.example!.POSTED!tail",
    "From: Ann <ann@a.example>",
    "Newsgroups: local.test",
    "Subject: Hi",
    "X-Folded: a",
    " b",
    "NNTP-Posting-Host: x",
    `Message-ID: ${messageId}`,
    "Date: Mon, 30 Nov 2026 12:00:00 +0000",
    "Injection-Date: Mon, 30 Nov 2026 12:00:00 +0000",
    'Injection-Info: news.example; posting-account="ann"',
    "Xref: news.example local.test:1",
  ]);
});

const LOGIN = {
  users: {
    checkPassword: (name: string, password: string) => Promise.resolve(USERS[name] === password),
  },
};

/** Options, commands and replies about logins and rights. */
const RIGHTS: readonly (readonly [string, Partial<NntpServerOptions>, string[], string[]])[] = [
  ["a login by USER and PASS", LOGIN, [
    ...["AUTHINFO PASS x", "AUTHINFO USER ann", "AUTHINFO PASS wrong", "AUTHINFO USER bob"],
    ...["AUTHINFO PASS se sam ", "AUTHINFO USER ann", "AUTHINFO X", "AUTHINFO"],
  ], [
    "482 send AUTHINFO USER first",
    "381 send AUTHINFO PASS",
    "481 login failed",
    "381 send AUTHINFO PASS",
    "281 you have logged in",
    "502 you have logged in already",
    "502 you have logged in already",
    "502 you have logged in already",
  ]],
  ["a login by SASL", LOGIN, [
    `AUTHINFO SASL PLAIN ${btoa("\0ann\0wrong")}`,
    "AUTHINFO SASL X",
    "AUTHINFO SASL PLAIN",
    "=",
    "AUTHINFO SASL PLAIN",
    "*",
    "AUTHINFO SASL PLAIN",
    btoa("\0ann\0sesame"),
  ], [
    "481 login failed",
    "503 mechanism not supported",
    "383 =",
    "481 login failed",
    "383 =",
    "482 malformed base64, or the login was cancelled",
    "383 =",
    "281 you have logged in",
  ]],
  ["three wrong passwords end the session", LOGIN, [
    ...["AUTHINFO USER a", "AUTHINFO PASS x", "AUTHINFO USER a", "AUTHINFO PASS x"],
    ...["AUTHINFO USER a", "AUTHINFO PASS x", "DATE"],
  ], [
    ...["381 send AUTHINFO PASS", "481 login failed", "381 send AUTHINFO PASS", "481 login failed"],
    ...["381 send AUTHINFO PASS", "481 login failed", "[closed]"],
  ]],
  ["no password in clear text", { ...LOGIN, insecureAuth: false }, [
    ...["AUTHINFO USER ann", `AUTHINFO SASL PLAIN ${btoa("\0ann\0sesame")}`],
  ], ["483 passwords in clear text require TLS", "503 mechanism not supported"]],
  ["posting requires a login", { ...LOGIN, loginFor: "posting" }, [
    ...["GROUP local.test", "POST", "AUTHINFO USER ann", "AUTHINFO PASS sesame", "POST", article()],
  ], [
    "211 0 1 0 local.test",
    "480 log in to post",
    "381 send AUTHINFO PASS",
    "281 you have logged in",
    "340 send the article, and end it with a line of one dot",
    "240 article received <1@a.example>",
  ]],
  ["everything requires a login", { ...LOGIN, loginFor: "everything", feeding: true }, [
    ...["GROUP local.test", "LIST", "IHAVE <1@x>", "DATE", "MODE READER"],
  ], [
    ...["480 log in first", "480 log in first", "480 log in first", "111 20261130120000"],
    "200 reader mode, posting allowed",
  ]],
  ["nobody posts", { posting: false }, ["MODE READER", "POST"], [
    "201 reader mode, posting not allowed",
    "440 posting is not allowed",
  ]],
];

for (const [what, options, lines, replies] of RIGHTS) {
  Deno.test(`serve nntp: ${what}`, async () => {
    await using server = await servedNews(options);
    assertEquals(await talk(server, ...lines), replies);
  });
}

Deno.test("a private group is seen nowhere: lists, articles, overviews, new news", async () => {
  const access = (group: string, user: string | undefined) => {
    const read = group !== "local.secret" || user === "ann";
    return { read, post: read, approve: false };
  };
  await using server = await servedNews({ ...LOGIN, access });
  await server.store.setGroup({ name: "local.secret" });
  const ann = ["AUTHINFO USER ann", "AUTHINFO PASS sesame"];
  const secret = article({ Newsgroups: "local.secret" });
  assertEquals(
    (await talk(server, ...ann, "POST", secret)).at(-1),
    "240 article received <1@a.example>",
  );
  const bob = ["AUTHINFO USER bob", "AUTHINFO PASS se sam "];
  const replies = await talk(
    server,
    "GROUP local.secret",
    ...bob,
    ...[
      "GROUP local.secret",
      "LISTGROUP local.secret",
      "ARTICLE <1@a.example>",
      "OVER <1@a.example>",
    ],
    ...[
      "NEWNEWS * 20200101 000000",
      "LIST ACTIVE local.s*",
      "NEWGROUPS 20200101 000000",
      "STAT <1@a.example>",
    ],
    "POST",
    article({ Newsgroups: "local.secret", "Message-ID": "<2@a.example>" }),
  );
  assertEquals([replies[0], ...replies.slice(3)], [
    "480 log in to read this group",
    "411 no such group",
    "411 no such group",
    "430 no such article",
    "430 no such article",
    "230 new articles|.",
    "215 0 groups|.",
    "231 new groups|local.mod 0 1 m|local.old 0 1 n|local.test 0 1 y|.",
    "430 no such article",
    "340 send the article, and end it with a line of one dot",
    "441 unknown group local.secret",
  ]);
});

Deno.test("moderated groups: articles go to the moderator, who approves them", async () => {
  const submitted: string[] = [];
  const access = (_: string, user: string | undefined) => ({
    ...{ read: true, post: true, approve: user === "ann" },
  });
  await using server = await servedNews({
    ...LOGIN,
    access,
    async submit({ group, messageId, text }) {
      const all = await new Response(ReadableStream.from(text)).text();
      submitted.push(`${group} ${messageId} ${all}`);
    },
  });
  const forMod = { Newsgroups: "local.test,local.mod" };
  const approved = { ...forMod, Approved: "ann@a.example" };
  const replies = await talk(
    server,
    ...["POST", article(forMod), "POST", article(approved)],
    ...["AUTHINFO USER ann", "AUTHINFO PASS sesame", "POST", article(approved)],
    ...["GROUP local.mod", "GROUP local.test"],
  );
  assertEquals(replies.filter((_, index) => [1, 3, 7, 8, 9].includes(index)), [
    "240 sent to the moderator <1@a.example>",
    "441 only its moderator approves articles for local.mod",
    "240 article received <1@a.example>",
    "211 1 1 1 local.mod",
    "211 1 1 1 local.test",
  ]);
  assertEquals(submitted.length, 1);
  assertMatch(submitted[0]!, /^local\.mod <1@a\.example> From: Ann [^]*\r\n\r\nHello\r\n$/);
});

/** The lock of RFC 8315 §5 for this key. */
const KEY = "ABCDEabcde==";

Deno.test("cancel messages and Supersedes: only of one's own articles, or with the key", async () => {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(KEY));
  const lock = `sha256:${new Uint8Array(hash).toBase64()}`;
  await using server = await servedNews(LOGIN);
  const cancel = (id: string, more = {}) =>
    article({ "Message-ID": undefined, Control: `cancel ${id}`, ...more });
  const ann = ["AUTHINFO USER ann", "AUTHINFO PASS sesame"];
  const replies = await talk(
    server,
    ...["POST", article(), "POST", cancel("<1@a.example>", { From: "eve@e.example" })],
    ...["POST", cancel("<1@a.example>"), "POST", article()],
    ...["POST", article({ "Message-ID": "<2@a.example>", "Cancel-Lock": lock })],
    ...["POST", cancel("<2@a.example>")],
    ...["POST", cancel("<2@a.example>", { "Cancel-Key": "sha256:wrong" })],
    ...["POST", cancel("<2@a.example>", { From: "eve@e.example", "Cancel-Key": `sha256:${KEY}` })],
    ...[...ann, "POST", article({ "Message-ID": "<3@a.example>" })],
    ...["POST", article({ "Message-ID": "<4@a.example>", Supersedes: "<3@a.example>" })],
    "LISTGROUP local.test",
  );
  const [, ...rest] = replies.filter((reply) => !/^(?:340|381|281) /.test(reply));
  assertEquals(rest.map((reply) => reply.replace(/<[0-9a-f-]{36}@/, "<ID@")), [
    "441 <1@a.example> is another's article",
    "240 article received <ID@news.example>",
    "441 there is an article <1@a.example> already",
    "240 article received <2@a.example>",
    "441 <2@a.example> is another's article",
    "441 <2@a.example> is another's article",
    "240 article received <ID@news.example>",
    "240 article received <3@a.example>",
    "240 article received <4@a.example>",
    "211 1 4 4 local.test list follows|4|.",
  ]);
  // Somebody who has not logged in cannot remove the article of one who has, whatever the From.
  const [, refused] = await talk(server, "POST", cancel("<4@a.example>"));
  assertEquals(refused, "441 <4@a.example> is another's article");
});

const fed = (fields = {}, body?: string) =>
  article({ Path: "peer.example!not-for-mail", ...fields }, body);

Deno.test("feeds: IHAVE, CHECK and TAKETHIS (RFC 3977 §6.3.2, RFC 4644)", async () => {
  await using server = await servedNews({ feeding: true });
  const two = { "Message-ID": "<2@a.example>" };
  const replies = await talk(
    server,
    ...["MODE STREAM", "IHAVE <1@a.example>", fed(), "IHAVE <1@a.example>", "CHECK <1@a.example>"],
    ...[
      "CHECK <2@a.example>",
      "TAKETHIS <2@a.example>",
      fed(two),
      "TAKETHIS <2@a.example>",
      fed(two),
    ],
    ...["IHAVE <3@a.example>", fed(), "IHAVE x", "CHECK", "TAKETHIS x", fed()],
    ...["IHAVE <3@a.example>", article({ "Message-ID": "<3@a.example>" })],
    ...["IHAVE <3@a.example>", fed({ "Message-ID": "<3@a.example>", Path: "a!news.example!b" })],
    ...["IHAVE <3@a.example>", fed({ "Message-ID": "<3@a.example>", Newsgroups: "other" })],
    ...["IHAVE <3@a.example>", fed({ "Message-ID": "<3@a.example>", Newsgroups: "local.mod" })],
    ...[
      "IHAVE <3@a.example>",
      fed({ "Message-ID": "<3@a.example>", Control: "cancel <1@a.example>" }),
    ],
    ...["GROUP local.test", "HEAD 2"],
  );
  assertEquals(replies.slice(0, -1), [
    "203 send CHECK and TAKETHIS",
    ...["335 send it", "235 article received <1@a.example>"],
    "435 it is here already",
    "438 <1@a.example>",
    "238 <2@a.example>",
    "239 <2@a.example> article received <2@a.example>",
    "439 <2@a.example> there is an article <2@a.example>",
    ...["335 send it", "437 its Message-ID is not <3@a.example>"],
    "501 it takes a message ID",
    "501 it takes a message ID",
    "501 it takes a message ID",
    ...["335 send it", "437 it has no Path or no Date"],
    ...["335 send it", "437 it has been here already, as its Path says"],
    ...["335 send it", "437 none of its groups is here"],
    ...["335 send it", "437 it is not approved for local.mod"],
    ...["335 send it", "437 <1@a.example> is another's article"],
    "211 2 1 2 local.test",
  ]);
  assert(
    replies.at(-1)!.startsWith("221 2 <2@a.example>|Path: news.example!peer.example!not-for-mail|"),
  );
});

Deno.test("TAKETHIS of a client that may not feed takes its article off the dialogue", async () => {
  await using server = await servedNews({ ...LOGIN, loginFor: "everything" });
  const replies = await talk(server, "TAKETHIS <1@a.example>", `${fed()}\nQUIT\nPOST`, "DATE");
  assertEquals(replies, ["480 log in first", "111 20261130120000"]);
});

Deno.test("an article that cannot be kept is not lost in silence", async () => {
  const server = await servedNews({ feeding: true });
  await using _ = server;
  server.store.add = () => Promise.reject(new Error("the disk is full"));
  const replies = await talk(server, "POST", article(), "IHAVE <1@a.example>", fed(), "DATE");
  assertEquals(replies.slice(1), [
    "441 it cannot be kept for now",
    "335 send it",
    "436 it cannot be kept for now",
    "111 20261130120000",
  ]);
  assertEquals(server.errors.map((error) => (error as Error).message), [
    ...["the disk is full", "the disk is full"],
  ]);
  const taken = await talk(server, "TAKETHIS <1@a.example>", fed(), "DATE");
  assertEquals(taken, ["400 it cannot be kept for now", "[closed]"]);
});

Deno.test("the capabilities follow the state (RFC 3977 §5.2, RFC 4643 §3, RFC 8054 §2.1)", async () => {
  await using server = await servedNews({ ...LOGIN, loginFor: "posting", feeding: true });
  const [before, , , after] = await talk(
    server,
    ...["CAPABILITIES", "AUTHINFO USER ann", "AUTHINFO PASS sesame", "CAPABILITIES"],
  );
  const common = "VERSION 2|IMPLEMENTATION Netwright|READER|";
  const lists =
    "LIST ACTIVE NEWSGROUPS COUNTS ACTIVE.TIMES HEADERS OVERVIEW.FMT|OVER MSGID|HDR|NEWNEWS|XPAT|";
  const feed = "IHAVE|STREAMING|";
  assertEquals(
    before,
    `101 capability list follows|${common}${feed}${lists}AUTHINFO USER SASL|SASL PLAIN LOGIN|COMPRESS DEFLATE|.`,
  );
  assertEquals(
    after,
    `101 capability list follows|${common}POST|${feed}${lists}COMPRESS DEFLATE|.`,
  );
});
