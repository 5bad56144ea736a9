import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/net/mod.ts";
import { Newsrc, OverviewFormat, Wildmat } from "../../../src/protocols/nntp/mod.ts";
import {
  formatServerDate,
  parseDateAndTime,
  parseServerDate,
} from "../../../src/protocols/nntp/codec/dates.ts";
import {
  isGroupName,
  parseActiveLine,
  parseActiveTimesLine,
  parseCountsLine,
  parseGroupReply,
  parseNewsgroupsLine,
} from "../../../src/protocols/nntp/codec/groups.ts";
import { isMessageId } from "../../../src/protocols/nntp/codec/message_id.ts";
import { NumberSet } from "../../../src/protocols/nntp/codec/number_set.ts";
import { parseNumber, parseRange } from "../../../src/protocols/nntp/codec/numbers.ts";
import { parseXref } from "../../../src/protocols/nntp/codec/overview.ts";

/** Wildmats, names that match and names that do not (RFC 3977 §4.4, and INN's sets). */
const WILDMATS: readonly (readonly [string, string[], string[]])[] = [
  ["abc", ["abc"], ["abcd", "ab"]],
  ["*", ["", "abc"], []],
  ["?", ["a", "ü"], ["", "ab"]],
  ["*a*", ["a", "cab", "aa"], ["", "xyz"]],
  ["a*", ["a", "abc"], ["ba"]],
  ["*ab,ab*", ["ab", "cab", "abc"], ["cabd"]],
  ["a*,!*b", ["a", "abc"], ["ab", "aab", "b"]],
  ["a*,c*,!*b,!*d", ["a", "abe", "c"], ["ab", "cd"]],
  ["!ab*,a*b", ["ab", "axb"], ["abc"]],
  ["a*,!*b,*c*", ["abc", "acb", "c", "a"], ["ab"]],
  ["comp.lang.[a-c]*", ["comp.lang.c", "comp.lang.ada"], ["comp.lang.perl"]],
  ["[!a-c]x", ["dx"], ["ax"]],
  [".*", [".a"], ["a."]],
  ["!a", [], ["a", "b"]],
  ["a.*b.*c", ["a.b.c", "a.xb.b.c"], ["a.b.cd"]],
];

Deno.test("wildmats match as RFC 3977 §4 says: the last pattern that matches counts", () => {
  for (const [text, matching, others] of WILDMATS) {
    const wildmat = new Wildmat(text);
    for (const name of matching) {
      assertEquals([text, name, wildmat.matches(name)], [text, name, true]);
    }
    for (const name of others) {
      assertEquals([text, name, wildmat.matches(name)], [text, name, false]);
    }
  }
  for (const text of ["", "a,,b", "!", "a b", "a\\b", "a,!", "a\r\nQUIT", "x".repeat(9000)]) {
    assertThrows(() => new Wildmat(text), UsageError);
  }
});

Deno.test("a wildmat against a long name takes no time", () => {
  const wildmat = new Wildmat(`${"*a".repeat(2000)}b`);
  const start = performance.now();
  assertEquals(wildmat.matches("a".repeat(10_000)), false);
  if (performance.now() - start > 5000) throw new Error("it took too long");
});

Deno.test("numbers and ranges", () => {
  assertEquals(["0", "7", "0000000042", "9007199254740991"].map(parseNumber), [
    ...[0, 7, 42, 9_007_199_254_740_991],
  ]);
  for (const text of ["", "-1", "+1", "1.5", "9007199254740992", "18446744073709551615", "1e3"]) {
    assertEquals(parseNumber(text), undefined, text);
  }
  assertEquals(parseRange("7"), { first: 7, last: 7 });
  assertEquals(parseRange("7-"), { first: 7 });
  assertEquals(parseRange("7-9"), { first: 7, last: 9 });
  assertEquals(parseRange("9-7"), { first: 9, last: 7 });
  for (const text of ["", "-", "-7", "a", "7-a", "7-9-", "7 9"]) {
    assertEquals(parseRange(text), undefined, text);
  }
});

Deno.test("dates of two digits lie at most in the current year (RFC 3977 §7.3.2)", () => {
  const now = new Date("2026-11-30T12:00:00Z");
  const at = (date: string, time = "000000") => parseDateAndTime(date, time, now)?.toISOString();
  assertEquals(at("991231", "235959"), "1999-12-31T23:59:59.000Z");
  assertEquals(at("261231"), "2026-12-31T00:00:00.000Z");
  assertEquals(at("270101"), "1927-01-01T00:00:00.000Z");
  assertEquals(at("20240229", "101112"), "2024-02-29T10:11:12.000Z");
  for (const date of ["20230229", "20231301", "2023011", "x", "99", "20230100"]) {
    assertEquals(at(date), undefined, date);
  }
  assertEquals(at("20230101", "240000"), undefined);
  assertEquals(at("20230101", "236060"), undefined);
  assertEquals(parseServerDate("19990623135624")?.toISOString(), "1999-06-23T13:56:24.000Z");
  assertEquals(formatServerDate(new Date("1999-06-23T13:56:24Z"), " "), "19990623 135624");
});

Deno.test("lines about groups, also as odd servers send them", () => {
  assertEquals(parseGroupReply("1234 3000234 3002322 misc.test"), {
    ...{ name: "misc.test", count: 1234, low: 3000234, high: 3002322 },
  });
  assertEquals(parseGroupReply("0 4001 4000 misc.test list follows")?.high, 4000);
  assertEquals(parseGroupReply("0 0 -1 misc.test")?.high, 0);
  assertEquals(parseGroupReply("1 2 3"), undefined);
  assertEquals(parseActiveLine("misc.test 0000003002322 0000003000234 y"), {
    ...{ name: "misc.test", high: 3002322, low: 3000234, posting: "yes", status: "y" },
  });
  assertEquals(parseActiveLine("a.b 1 2 m")?.posting, "moderated");
  assertEquals(parseActiveLine("a.b 1 2 n")?.posting, "no");
  assertEquals(parseActiveLine("a.b 1 2 x")?.posting, "no");
  assertEquals(parseActiveLine("a.b 1 2 =c.d")?.posting, "yes");
  assertEquals(parseActiveLine("a.b 1 2")?.posting, "yes");
  assertEquals(parseActiveLine("a.b x 2 y"), undefined);
  assertEquals(parseCountsLine("misc.test 3002322 3000234 1234 y")?.count, 1234);
  assertEquals(
    parseActiveTimesLine("misc.test 930445408 <creatme@isc.org>")?.creator,
    "<creatme@isc.org>",
  );
  assertEquals(parseActiveTimesLine("misc.test 99999999999999 x"), undefined);
  assertEquals(parseNewsgroupsLine("misc.test\t\tGeneral  testing "), {
    ...{ name: "misc.test", description: "General  testing" },
  });
  assertEquals(parseNewsgroupsLine(" x"), undefined);
});

Deno.test("names of groups and identifiers of articles that commands may hold", () => {
  for (const name of ["a", "comp.lang.c++", "alt.e-book_2", "de.größe", "a..b", "junk"]) {
    assertEquals(isGroupName(name), true, name);
  }
  for (const name of ["", "a b", "a\r\nQUIT", "a,b", "a*", "!a", "a[b]", "a\\b", "\u0085"]) {
    assertEquals(isGroupName(name), false, name);
  }
  for (const id of ["<a@b>", "<0>", `<${"x".repeat(248)}>`]) assertEquals(isMessageId(id), true);
  for (const id of ["a@b", "<>", "<a b>", "<a>b>", "<a@b", `<${"x".repeat(249)}>`, "<ü@b>"]) {
    assertEquals(isMessageId(id), false, id);
  }
});

Deno.test("an overview: usual fields, those with names, and what servers leave out", () => {
  const format = new OverviewFormat([
    ...["Subject:", "From:", "Date:", "Message-ID:", "References:", "Bytes:", "Lines:"],
    ...["Xref:full", "X-Plain"],
  ]);
  const record = format.parse(
    "7\t=?iso-8859-1?q?Gr=FC=DFe?=\t=?utf-8?q?J=C3=B6rg?= <j@a.b>\tTue, 30 Nov 2026 10:00:00 +0100\t" +
      "<2@a.b>\t<1@a.b> <bad id> <0@a.b>\t1234\t17\tXref: news.a.b a.b:7 c.d:9\tplain",
  )!;
  assertEquals(record.subject, "Grüße");
  assertEquals(record.author, "Jörg <j@a.b>");
  assertEquals(record.date?.toISOString(), "2026-11-30T09:00:00.000Z");
  assertEquals(record.references, ["<1@a.b>", "<0@a.b>"]);
  assertEquals([record.number, record.bytes, record.lines], [7, 1234, 17]);
  assertEquals([...record.places], [["a.b", 7], ["c.d", 9]]);
  assertEquals(record.field("X-PLAIN"), "plain");
  assertEquals(record.field("subject"), "=?iso-8859-1?q?Gr=FC=DFe?=");
  assertEquals(record.field("X-None"), undefined);
  const poor = new OverviewFormat().parse("8\t\t")!;
  assertEquals([poor.subject, poor.author, poor.messageId, poor.bytes], ["", "", "", undefined]);
  assertEquals([poor.date, poor.references, [...poor.places]], [undefined, [], []]);
  assertEquals(new OverviewFormat().parse("x\ty"), undefined);
  assertEquals([...parseXref("server a.b:1 broken c.d:x :3 e:5")], [["a.b", 1], ["e", 5]]);
});

Deno.test("a newsrc keeps what it does not understand, and the order of groups", () => {
  const text = "options -n\n# a comment\ncomp.lang.perl: 1-34,37,40-41\nalt.x! 1-5\njunk:\n";
  const newsrc = new Newsrc(text);
  assertEquals(`${newsrc}`, text);
  assertEquals(newsrc.subscribed, ["comp.lang.perl", "junk"]);
  assertEquals(newsrc.countRead("comp.lang.perl", 30, 40), 7);
  newsrc.markRead("comp.lang.perl", 35, 36);
  newsrc.markUnread("comp.lang.perl", 10);
  newsrc.markRead("new.group", 3);
  assertEquals(
    `${newsrc}`,
    "options -n\n# a comment\ncomp.lang.perl: 1-9,11-37,40-41\nalt.x! 1-5\njunk:\nnew.group: 3\n",
  );
  assertEquals([newsrc.isRead("alt.x", 5), newsrc.isRead("alt.x", 6)], [true, false]);
});

Deno.test("sets of numbers join ranges that touch", () => {
  const set = NumberSet.parse("5-7, 1 ,9-8,3-3,x,2,20-30");
  assertEquals(`${set}`, "1-3,5-7,20-30");
  set.add(4);
  set.add(31, 40);
  set.add(18, 22);
  set.delete(25);
  set.delete(100);
  assertEquals(`${set}`, "1-7,18-24,26-40");
  assertEquals(set.countWithin(6, 19), 4);
});
