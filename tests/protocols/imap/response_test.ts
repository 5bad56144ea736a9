import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { LimitError, LineReader, ProtocolError } from "../../../src/net/mod.ts";
import { allParts } from "../../../src/protocols/imap/codec/body_structure.ts";
import { readResponse } from "../../../src/protocols/imap/codec/response.ts";
import { ResponseReader } from "../../../src/protocols/imap/codec/response_reader.ts";
import { cutAt, latin1, source } from "../../support/bytes.ts";

const encoder = new TextEncoder();

/** All parts that a reader takes from pieces. */
async function partsOf(pieces: readonly Uint8Array[], maxResponseBytes = 10_000): Promise<unknown> {
  const reader = new LineReader(source(pieces), { maxLineBytes: maxResponseBytes + 2 });
  const responses = new ResponseReader(reader, { maxResponseBytes, peer: "test" });
  const found: unknown[] = [];
  while (true) {
    const parts = responses.take();
    if (parts !== undefined) {
      found.push(parts.map((part) => typeof part === "string" ? part : { bytes: latin1(part) }));
    } else if (!await reader.fill()) return found;
  }
}

/** Reads one response. */
function read(text: string): unknown {
  return readResponse([text]);
}

Deno.test("lines and literals are distinguished, wherever the pieces end", async () => {
  const text = '* 1 FETCH (BODY[] {5}\r\na\r\n{3 X ~{2+}\r\n\0\r Y "{3}")\r\n' +
    "* OK not a literal {3}\r\n+ nor here {4}\r\nA1 NO nor {5}\r\n* LIST () NIL {1}\r\nx\r\n";
  const expected = [
    ["* 1 FETCH (BODY[] ", { bytes: "a\r\n{3" }, " X ", { bytes: "\0\r" }, ' Y "{3}")'],
    ["* OK not a literal {3}"],
    ["+ nor here {4}"],
    ["A1 NO nor {5}"],
    ["* LIST () NIL ", { bytes: "x" }, ""],
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(text.length)), async (cuts) => {
      assertEquals(await partsOf(cutAt(encoder.encode(text), cuts)), expected);
    }),
    { numRuns: 200 },
  );
});

for (
  const [name, text] of [
    ["a literal of 99,999,999,999 bytes", "* 1 FETCH (BODY[] {99999999999}\r\n"],
    ["a literal of many digits", `* 1 FETCH (BODY[] {${"9".repeat(400)}}\r\n`],
    ["a literal over the limit", "* 1 FETCH (BODY[] {10001}\r\n"],
    ["many literals", "* 1 FETCH (" + "{3000}\r\n".padEnd(3009, "x").repeat(4)],
    ["a line without end", `* OK ${"x".repeat(20_000)}`],
  ] as const
) {
  Deno.test(`a response that is too large is refused: ${name}`, async () => {
    const error = await partsOf([encoder.encode(text)]).then(() => undefined, (error) => error);
    assertEquals(error instanceof LimitError, true, String(error));
  });
}

/** Responses, and how they are understood (RFC 9051 §7, RFC 4731, RFC 7162, RFC 5464, RFC 2342). */
const RESPONSES: readonly (readonly [string, Record<string, unknown>])[] = [
  ["+ idling", { kind: "continue", text: "idling" }],
  ["+", { kind: "continue", text: "" }],
  ["A1 OK [READ-WRITE] done", {
    kind: "tagged",
    tag: "A1",
    status: "OK",
    code: { name: "READ-WRITE", values: [] },
    text: "done",
  }],
  ["* ok [UNSEEN 12] Message 12", {
    kind: "status",
    status: "OK",
    code: { name: "UNSEEN", values: ["12"] },
    text: "Message 12",
  }],
  ["* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] Limited", {
    kind: "status",
    status: "OK",
    code: { name: "PERMANENTFLAGS", values: [["\\Deleted", "\\Seen", "\\*"]] },
    text: "Limited",
  }],
  ["A2 OK [COPYUID 38505 304,319:320 3956:3958] Done", {
    kind: "tagged",
    tag: "A2",
    status: "OK",
    code: { name: "COPYUID", values: ["38505", "304,319:320", "3956:3958"] },
    text: "Done",
  }],
  ["* BYE", { kind: "status", status: "BYE", code: undefined, text: "" }],
  ["* 23 EXISTS", { kind: "exists", number: 23 }],
  ["* 5 recent", { kind: "recent", number: 5 }],
  ["* 44 EXPUNGE", { kind: "expunge", number: 44 }],
  ["* CAPABILITY IMAP4rev2 STARTTLS  AUTH=PLAIN", {
    kind: "capability",
    names: ["IMAP4rev2", "STARTTLS", "AUTH=PLAIN"],
  }],
  ['* LIST (\\Noselect) "/" ~/Mail/foo', {
    kind: "list",
    data: { attributes: ["\\Noselect"], delimiter: "/", name: "~/Mail/foo" },
  }],
  ['* LIST () NIL "a \\"b\\" \\\\c"', {
    kind: "list",
    data: { attributes: [], delimiter: undefined, name: 'a "b" \\c' },
  }],
  ['* LIST (\\Marked) "/" Inbox/foo ("CHILDINFO" ("SUBSCRIBED"))', {
    kind: "list",
    data: { attributes: ["\\Marked"], delimiter: "/", name: "Inbox/foo" },
  }],
  ["* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)", {
    kind: "mailbox-status",
    name: "blurdybloop",
    values: new Map([["MESSAGES", "231"], ["UIDNEXT", "44292"]]),
  }],
  ["* SEARCH 2 3 6 (MODSEQ 917162500)", {
    kind: "search",
    data: { tag: undefined, numbers: [2, 3, 6], values: new Map(), modseq: 917162500n },
  }],
  ["* SEARCH", {
    kind: "search",
    data: { tag: undefined, numbers: [], values: new Map(), modseq: undefined },
  }],
  ['* ESEARCH (TAG "A301") UID ALL 17900,17901 COUNT 2', {
    kind: "search",
    data: {
      tag: "A301",
      numbers: "17900,17901",
      values: new Map([["ALL", "17900,17901"], ["COUNT", "2"]]),
      modseq: undefined,
    },
  }],
  ["* THREAD (2)(3 6 (4 23)(44 7 96))", {
    kind: "thread",
    threads: [["2"], ["3", "6", ["4", "23"], ["44", "7", "96"]]],
  }],
  ["* VANISHED (EARLIER) 41,43:116", { kind: "vanished", earlier: true, uids: "41,43:116" }],
  ["* VANISHED 405", { kind: "vanished", earlier: false, uids: "405" }],
  ['* NAMESPACE (("" "/")) NIL (("#shared." "."))', {
    kind: "namespace",
    values: [[["", "/"]], null, [["#shared.", "."]]],
  }],
  ['* ID ("name" "Dovecot" "version" NIL)', {
    kind: "id",
    values: ["name", "Dovecot", "version", null],
  }],
  ["* ID NIL", { kind: "id", values: null }],
  ["* ENABLED UTF8=ACCEPT", { kind: "enabled", names: ["UTF8=ACCEPT"] }],
  ["* XYZZY anything (at all", { kind: "unknown", name: "XYZZY" }],
  ["* 1 FETCH (FLAGS (\\Seen $Junk) UID 12 RFC822.SIZE 44827 MODSEQ (12121130956))", {
    kind: "fetch",
    data: {
      number: 1,
      flags: ["\\Seen", "$Junk"],
      uid: 12,
      size: 44827,
      modseq: 12121130956n,
    },
  }],
  ['* 2 FETCH (INTERNALDATE " 7-Jul-1996 02:44:25 -0700" EMAILID (M6d99ac) THREADID NIL)', {
    kind: "fetch",
    data: { number: 2, internalDate: new Date("1996-07-07T09:44:25Z"), emailId: "M6d99ac" },
  }],
  ['* 3 FETCH (X-GM-MSGID 1563491715126921418 X-GM-LABELS (\\Inbox "\\\\Sent" foo) X-GM-THRID 1)', {
    kind: "fetch",
    data: {
      number: 3,
      gmail: {
        messageId: 1563491715126921418n,
        threadId: 1n,
        labels: ["\\Inbox", "\\Sent", "foo"],
      },
    },
  }],
  ["* 4 FETCH (X-UNKNOWN (a (b)) UID 9 RFC822 NIL)", {
    kind: "fetch",
    data: {
      number: 4,
      uid: 9,
      sections: [{ section: "", origin: undefined, bytes: null, isDecoded: false }],
    },
  }],
];

for (const [text, expected] of RESPONSES) {
  Deno.test(`a response: ${text}`, () => assertEquals(read(text), expected));
}

Deno.test("sections come with their names and places", () => {
  const response = readResponse([
    '* 5 FETCH (BODY[HEADER.FIELDS (Date "From" "a]b")]<0> ',
    encoder.encode("Date: x"),
    " BINARY[1.2] ",
    encoder.encode("\0"),
    ' BODY[TEXT] "quoted" BINARY.SIZE[1] 12)',
  ]);
  assertEquals(response.kind === "fetch" && response.data, {
    number: 5,
    sections: [
      {
        section: 'HEADER.FIELDS (DATE "FROM" "A]B")',
        origin: 0,
        bytes: encoder.encode("Date: x"),
        isDecoded: false,
      },
      { section: "1.2", origin: undefined, bytes: encoder.encode("\0"), isDecoded: true },
      { section: "TEXT", origin: undefined, bytes: encoder.encode("quoted"), isDecoded: false },
    ],
    binarySizes: new Map([["1", 12]]),
  });
});

for (
  const text of [
    "*",
    "* ",
    "A1",
    "A1 MAYBE",
    "* 12",
    "* 1 FETCH",
    "* 1 FETCH (UID",
    "* 1 FETCH (UID x)",
    "* 1 FETCH (UID 99999999999999999999)",
    '* LIST () "/" "never ends',
    "* STATUS",
    `* 1 FETCH (BODYSTRUCTURE ${"(".repeat(10_000)}`,
    `* THREAD ${"(".repeat(10_000)}${")".repeat(10_000)}`,
    `* OK [X ${"(".repeat(10_000)}] x`,
    "* SEARCH 1 x",
    "* VANISHED",
  ]
) {
  Deno.test(`a malformed response is an error: ${text.slice(0, 40)}`, () => {
    const error = assertThrows(() => read(text), ProtocolError);
    assertEquals(error.message.length < 600, true);
  });
}

/** Structures as servers send them, and a line for each part. */
const STRUCTURES: readonly (readonly [string, string, readonly string[]])[] = [
  ["RFC 3501 §7.4.2", '("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 1152 23)', [
    "1 text/plain 1152 7bit 23",
  ]],
  [
    "RFC 3501 §7.4.2, two parts",
    '(("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 1152 23)("TEXT" "PLAIN" ' +
    '("CHARSET" "US-ASCII" "NAME" "cc.diff") "<960723163407.20117h@cac.washington.edu>" ' +
    '"Compiler diff" "BASE64" 4554 73) "MIXED")',
    [
      " multipart/mixed 0 7bit -",
      "1 text/plain 1152 7bit 23",
      "2 text/plain 4554 base64 73 cc.diff",
    ],
  ],
  [
    "a message inside, with parts",
    '(("text" "plain" NIL NIL NIL "7bit" 1 1)("message" "rfc822" NIL NIL NIL "7bit" 100 ' +
    '(NIL "inner" NIL NIL NIL NIL NIL NIL NIL NIL) (("text" "html" NIL NIL NIL "8bit" 5 1)' +
    '("image" "png" NIL NIL NIL "base64" 9) "related") 9) "mixed")',
    [
      " multipart/mixed 0 7bit -",
      "1 text/plain 1 7bit 1",
      "2 message/rfc822 100 7bit 9",
      "2.1 text/html 5 8bit 1",
      "2.2 image/png 9 base64 -",
    ],
  ],
  [
    "a message inside, of one part",
    '("message" "rfc822" NIL NIL NIL "7bit" 100 (NIL "inner" NIL NIL NIL NIL NIL NIL NIL NIL) ' +
    '("text" "html" NIL NIL NIL "8bit" 5 1) 9)',
    ["1 message/rfc822 100 7bit 9", "1.1 text/html 5 8bit 1"],
  ],
  [
    "names in the encoding of RFC 2231",
    '("application" "pdf" ("name*0*" "utf-8\'\'%e2%82%ac" "name*1" " x.pdf") NIL NIL "base64" 4 ' +
    'NIL ("attachment" ("filename" "=?utf-8?q?=C3=BC.pdf?=")) NIL NIL)',
    ["1 application/pdf 4 base64 - ü.pdf"],
  ],
  [
    "jstedfast/MailKit#371: parts without a type",
    '(("TEXT" "PLAIN" NIL NIL NIL "BASE64" 10 1 NIL NIL NIL)("RELATED" NIL ("ATTACHMENT" NIL) ' +
    'NIL) "MIXED" ("BOUNDARY" "x") NIL NIL)',
    [" multipart/mixed 0 7bit -", "1 text/plain 10 base64 1", "2 related/plain 0 7bit -"],
  ],
  [
    "jstedfast/MailKit#823: a size of -1",
    '(("multipart" "appledouble" ("boundary" "x") NIL NIL "7BIT" -1 NIL NIL NIL NIL) "mixed")',
    [" multipart/mixed 0 7bit -", "1 multipart/appledouble 0 7bit -"],
  ],
  [
    "jstedfast/MailKit#1841: a multipart of nothing",
    '(("MESSAGE" "DELIVERY-STATUS" NIL NIL NIL "7BIT" 344)("MESSAGE" "RFC822" NIL NIL NIL "7BIT" ' +
    '2942 (NIL "Re" NIL NIL NIL NIL NIL NIL NIL NIL) ("ALTERNATIVE") 51) "REPORT")',
    [
      " multipart/report 0 7bit -",
      "1 message/delivery-status 344 7bit -",
      "2 message/rfc822 2942 7bit 51",
      "2.1 alternative/plain 0 7bit -",
    ],
  ],
  [
    "javaee/javamail#278: a disposition without parentheses",
    '(("text" "plain" NIL NIL NIL "7bit" 0 0 NIL NIL NIL NIL) "mixed" ("boundary" "x") ' +
    '"S/MIME Encrypted Message" NIL)',
    [" multipart/mixed 0 7bit -", "1 text/plain 0 7bit 0"],
  ],
  ["NIL", "NIL", []],
];

for (const [name, text, expected] of STRUCTURES) {
  Deno.test(`a structure: ${name}`, () => {
    const response = readResponse([`* 1 FETCH (BODYSTRUCTURE ${text})`]);
    const structure = response.kind === "fetch" ? response.data.structure : undefined;
    const lines = structure === undefined ? [] : [...allParts(structure)].map((part) => {
      const { path, type, size, encoding, lines = "-", fileName = "" } = part;
      return `${path} ${type} ${size} ${encoding} ${lines} ${fileName}`.trimEnd();
    });
    assertEquals(lines, [...expected]);
  });
}

Deno.test("an envelope is decoded, with groups, and whatever is missing", () => {
  const read = (text: string) => {
    const response = readResponse([`* 1 FETCH (ENVELOPE ${text})`]);
    return response.kind === "fetch" ? response.data.envelope : undefined;
  };
  const envelope = read(
    '("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "=?utf-8?q?Gr=C3=BC=C3=9Fe?=" ' +
      '(("Terry Gray" NIL "gray" "cac.washington.edu")) NIL NIL ' +
      '((NIL NIL "friends" NIL)(NIL NIL "a" "b.c")(NIL NIL NIL NIL)("=?utf-8?q?=C3=84?=" NIL "x" "y")) ' +
      '((NIL NIL "MAILER-DAEMON" "")) () NIL "<B27397-0100000@cac.washington.edu>")',
  );
  assertEquals(envelope, {
    date: new Date("1996-07-17T09:23:25Z"),
    subject: "Grüße",
    from: [{ name: "Terry Gray", address: "gray@cac.washington.edu" }],
    sender: [],
    replyTo: [],
    to: [
      { group: "friends", members: [{ address: "a@b.c" }] },
      { name: "Ä", address: "x@y" },
    ],
    cc: [{ address: "MAILER-DAEMON@" }],
    bcc: [],
    inReplyTo: undefined,
    messageId: "<B27397-0100000@cac.washington.edu>",
  });
  // jstedfast/MailKit#503, and kenn-io/msgvault#436: quotes inside quotes.
  assertEquals(
    read('(NIL NIL (("a "b" c" NIL "x" "y")) NIL NIL NIL NIL NIL NIL NIL)')?.subject,
    "",
  );
  assertEquals(read("NIL"), undefined);
  assertEquals(read("()")?.from, []);
});
