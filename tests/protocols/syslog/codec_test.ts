/** Priorities, framing, and messages of RFC 5424 and 3164. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { formatRfc3164, formatRfc5424 } from "../../../src/protocols/syslog/codec/format_syslog.ts";
import { DEVICE_LINES } from "./device_lines.ts";
import { countOctets, SyslogFramer } from "../../../src/protocols/syslog/codec/framing.ts";
import { parseSyslog } from "../../../src/protocols/syslog/codec/parse_syslog.ts";
import { formatPriority, parsePriority } from "../../../src/protocols/syslog/codec/priority.ts";
import type { SyslogContent } from "../../../src/protocols/syslog/codec/syslog_message.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const NOW = new Date("2026-11-30T12:00:00Z");

Deno.test("priorities by name and by number", () => {
  const rows: readonly (readonly [text: string, facility: number, severity: number])[] = [
    ["local0.info", 16, 6],
    ["info", 1, 6],
    ["MAIL.Error", 2, 3],
    ["security.panic", 4, 0],
    ["23.7", 23, 7],
    ["kern.warn", 0, 4],
  ];
  for (const [text, facility, severity] of rows) {
    assertEquals(parsePriority(text), { facility, severity });
  }
  for (const text of ["", "x", "24.0", "local8.info", "local0.", ".info", "0.8"]) {
    try {
      parsePriority(text);
    } catch (error) {
      assertMatch(String(error), /is not a priority/);
      continue;
    }
    throw new Error(`${text} was taken`);
  }
  assertEquals(formatPriority({ facility: 16, severity: 4 }), "local0.warning");
});

Deno.test("framing: any division of the stream gives the same messages", () => {
  const message = fc.oneof(
    fc.string({ unit: "binary" }).map((text) => countOctets(encode(`<1>${text}`))),
    fc.string({ unit: "grapheme-ascii" }).map((text) =>
      encode(`<1>${text.replace(/[\r\n]/g, "")}\n`)
    ),
  );
  fc.assert(fc.property(fc.array(message), fc.array(fc.nat(20)), (messages, cuts) => {
    const stream = new Uint8Array(messages.flatMap((bytes) => [...bytes]));
    const whole = [...new SyslogFramer().push(stream)].map(({ bytes }) => decode(bytes));
    assertEquals(whole.length, messages.length);
    const framer = new SyslogFramer();
    const found: string[] = [];
    let at = 0;
    for (const cut of [...cuts, Infinity]) {
      found.push(...framer.push(stream.subarray(at, at + cut)).map(({ bytes }) => decode(bytes)));
      at += cut;
    }
    assertEquals(found, whole);
  }));
});

Deno.test("framing: what is too long is cut off, what is malformed ends the stream", () => {
  const framer = new SyslogFramer(5);
  const found = [...framer.push(encode("<1>abcdef\n8 <2>abcde<3>x\r\n\n\0")), framer.end()];
  assertEquals(found.map((one) => one && [decode(one.bytes), one.isTruncated]), [
    ["<1>ab", true],
    ["<2>ab", true],
    ["<3>x", false],
    undefined,
  ]);
  assertEquals(
    decode([...new SyslogFramer().push(encode("2026 was a year\n"))][0]?.bytes ?? encode("-")),
    "-",
  );
  assertEquals(decode([...new SyslogFramer().push(encode("12abc\n"))][0]!.bytes), "12abc");
  let failure: unknown;
  try {
    [...new SyslogFramer().push(encode("1234567890 x"))];
  } catch (error) {
    failure = error;
  }
  assertMatch(String(failure), /length of a syslog message is malformed/);
});

Deno.test("framing: NUL ends messages only where LF does not, so that nobody makes two of one", () => {
  const rows: readonly (readonly [stream: string, messages: readonly string[]])[] = [
    ["<1>a\0<2>b\0", ["<1>a", "<2>b"]],
    ["<1>a\n<2>b\0<0>c\n", ["<1>a", "<2>b\0<0>c"]],
    ["<1>a\0\n<2>b\0\n", ["<1>a", "<2>b"]],
    ["7 <1>a\0bc<2>d\n", ["<1>a\0bc", "<2>d"]],
  ];
  for (const [stream, messages] of rows) {
    const found = [...new SyslogFramer().push(encode(stream))].map(({ bytes }) => decode(bytes));
    assertEquals(found, messages, JSON.stringify(stream));
  }
});

Deno.test("structured data of any size is parsed", () => {
  const value = "a".repeat(20_000_000);
  const line = encode(`<14>1 - h a 1 m [x@1 u="${value}\\""] big`);
  const { structuredData, text } = parseSyslog(line, { now: NOW });
  assertEquals([structuredData?.[0]?.parameters[0]?.[1].length, text], [value.length + 1, "big"]);
});

Deno.test("RFC 5424: what is formatted is parsed again", () => {
  const word = fc.stringMatching(/^[!-~]{1,30}$/).filter((text) => text !== "-");
  const id = fc.stringMatching(/^[a-zA-Z0-9@.]{1,30}$/);
  const content: fc.Arbitrary<SyslogContent> = fc.record({
    facility: fc.nat(23),
    severity: fc.nat(7),
    timestamp: fc.option(
      fc.date({ min: new Date(0), max: new Date("2100"), noInvalidDate: true }),
      { nil: undefined },
    ),
    hostname: fc.option(word, { nil: undefined }),
    appName: fc.option(word, { nil: undefined }),
    procId: fc.option(word, { nil: undefined }),
    msgId: fc.option(word, { nil: undefined }),
    structuredData: fc.array(
      fc.record({ id, parameters: fc.array(fc.tuple(id, fc.string({ unit: "grapheme-ascii" }))) }),
      { maxLength: 3 },
    ),
    text: fc.string({ unit: "grapheme" }).filter((text) => !/^[ \ufeff]/.test(text)),
  });
  fc.assert(fc.property(content, (content) => {
    const { raw, form, hasPriority, writtenTimestamp, ...parsed } = parseSyslog(
      formatRfc5424(content),
    );
    assertEquals([form, hasPriority, raw.length > 0], ["rfc5424", true, true]);
    assert(writtenTimestamp === undefined || content.timestamp !== undefined);
    const strip = (message: SyslogContent) => JSON.stringify(message, Object.keys(content));
    assertEquals(strip(parsed), strip(content));
  }));
});

Deno.test("nothing that is formatted can look like two messages or other fields", () => {
  const hostile = {
    facility: 1,
    severity: 6,
    hostname: "a b\n",
    appName: "x: [y]",
    text: "a\n<0>b\0\u009bc",
  };
  assertEquals(decode(formatRfc5424(hostile)), "<14>1 - a_b_ x:_[y] - - - a#012<0>b#000#233c");
  assertMatch(
    decode(formatRfc3164({ ...hostile, timestamp: new Date(2026, 1, 3, 4, 5, 6) })),
    /^<14>Feb {2}3 04:05:06 a_b_ x___y_: a#012<0>b#000#233c$/,
  );
});

Deno.test("any bytes are parsed, and nothing of them is lost", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    const message = parseSyslog(bytes, { now: NOW });
    assertEquals(message.raw, bytes);
  }));
  fc.assert(fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => {
    const line = `<34>Oct 11 22:14:15 host app: ${text}`;
    const message = parseSyslog(encode(line), { now: NOW });
    assertEquals([message.hostname, message.appName], ["host", "app"]);
    assertEquals(line.endsWith(message.text), true);
  }));
});

Deno.test("lines of devices: understood, or kept whole", async (t) => {
  assert(DEVICE_LINES.length >= 200, `${DEVICE_LINES.length}`);
  for (const [device, line, fields, text, timed] of DEVICE_LINES) {
    await t.step(`${device}: ${line}`, () => {
      const message = parseSyslog(encode(`<134>${line}`), { now: NOW });
      const { facility, severity, hostname, appName, procId, msgId, timestamp } = message;
      assertEquals([facility, severity], [16, 6]);
      assertEquals(
        [hostname, appName, procId, msgId].map((field) => field ?? "-").join(" "),
        fields,
      );
      assertEquals(message.text, text);
      assertEquals(timestamp !== undefined, timed);
      // Between the fields nothing is left out that a person would miss.
      assert(line.endsWith(text), line);
    });
  }
});

Deno.test("messages without a priority, with one that is too large, and RFC 3164's own examples", () => {
  const rows: readonly (readonly [line: string, priority: string, fields: string, text: string])[] =
    [
      [
        "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
        "auth.crit",
        "mymachine su",
        "'su root' failed for lonvick on /dev/pts/8",
      ],
      ["Use the BFG!", "user.notice", "- -", "Use the BFG!"],
      [
        "<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!",
        "user.notice",
        "10.0.0.99 -",
        "Use the BFG!",
      ],
      [
        "<165>Aug 24 05:34:00 CST 1987 mymachine myproc[10]: %% It's time",
        "local4.notice",
        "mymachine myproc",
        "%% It's time",
      ],
      [
        "<0>1990 Oct 22 10:52:01 TZ-6 scapegoat.dmz.example sched[0]: That's All Folks!",
        "kern.emerg",
        "TZ-6 -",
        "scapegoat.dmz.example sched[0]: That's All Folks!",
      ],
      ["<192>Oct 11 22:14:15 h a: x", "user.notice", "- -", "<192>Oct 11 22:14:15 h a: x"],
      ["<>x", "user.notice", "- -", "<>x"],
      ["", "user.notice", "- -", ""],
      ["<13>", "user.notice", "- -", ""],
    ];
  for (const [line, priority, fields, text] of rows) {
    const message = parseSyslog(encode(line), { now: NOW });
    assertEquals(formatPriority(message), priority, line);
    assertEquals(`${message.hostname ?? "-"} ${message.appName ?? "-"}`, fields, line);
    assertEquals(message.text, text, line);
  }
});
