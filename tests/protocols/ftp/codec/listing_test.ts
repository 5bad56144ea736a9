/** Listings of many servers, and lines that are none. */

import { verbatim } from "../../../../src/net/mod.ts";
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type FactsInput,
  formatFacts,
  formatFtpTime,
  ListReader,
  parseFacts,
  parseFtpTime,
  parseListLine,
  parseMlsdLine,
} from "../../../../src/protocols/ftp/internal.ts";
import type { FtpEntry } from "../../../../src/protocols/ftp/mod.ts";

const NOW = new Date("2026-03-01T12:00:00Z");

/** What matters of an entry, as text. */
function shown(entry: FtpEntry | undefined): string | undefined {
  if (entry === undefined) return undefined;
  const plain = (text: FtpEntry["target"]) => text?.validate(verbatim);
  const time = entry.modified?.toISOString().replace(/\.000Z$/, "");
  const until = { second: 19, minute: 16, day: 10 }[entry.precision ?? "second"];
  return [
    entry.kind,
    plain(entry.name),
    entry.size,
    time?.slice(0, until),
    entry.mode?.toString(8),
    plain(entry.target),
  ].map((part) => part ?? "-").join("|");
}

const LINES: [line: string, expected: string | undefined][] = [
  ["-rw-r--r--   1 ann users 7 Feb 28 23:59 read me", "file|read me|7|2026-02-28T23:59|644|-"],
  ["-rw-r--r--   1 ann users 7 Feb 28 2025 a", "file|a|7|2025-02-28|644|-"],
  [
    "-rw-r--r--   1 ann users 7 Feb 28  2025  two spaces before",
    "file| two spaces before|7|2025-02-28|644|-",
  ],
  ["-rw-r--r--   1 ann users 7 Dec 31 10:00 last year", "file|last year|7|2025-12-31T10:00|644|-"],
  ["-rw-r--r--   1 ann users 7 Feb 29 10:00 leap", "file|leap|7|2024-02-29T10:00|644|-"],
  [
    "drwxr-sr-t+  2 0 0 4096 Jan  5 08:09 Feb 1 2020",
    "folder|Feb 1 2020|-|2026-01-05T08:09|3755|-",
  ],
  [
    "lrwxrwxrwx 1 a b 9 Jan  5 08:09 link -> ../a -> b",
    "link|link|-|2026-01-05T08:09|777|../a -> b",
  ],
  // The size of a link is the length of its target.
  [
    "lrwxrwxrwx 1 a b 1 Jan  5 08:09 link -> ../a -> b",
    "link|link -> ../a|-|2026-01-05T08:09|777|b",
  ],
  [
    "lrwxrwxrwx 1 a b 2 Jan  5 08:09 \u00e9 -> \u00e9 -> \u00e9",
    "link|\u00e9 -> \u00e9|-|2026-01-05T08:09|777|\u00e9",
  ],
  ["-rwsr-Sr-T 1 a b 1,024 Jan  5 2001 x", "file|x|24|2001-01-05|7744|-"],
  // No links, no group, a group with a space, an owner that runs into the size's column.
  ["-rw-r--r-- ann 7 Feb 28 23:59 a", "file|a|7|2026-02-28T23:59|644|-"],
  ["-rw-r--r-- 1 DOMAIN\\ann Domain Users 7 Feb 28 23:59 a", "file|a|7|2026-02-28T23:59|644|-"],
  ["-rw-r--r--1 ann users 7 Feb 28 23:59 a", "file|a|7|2026-02-28T23:59|644|-"],
  // German order, ISO with and without a zone, seconds.
  ["-rw-r--r--   1 ann users 7 28. Feb 23:59 a", "file|a|7|2026-02-28T23:59|644|-"],
  ["-rw-r--r--   1 ann users 7 2026-02-28 23:59 a", "file|a|7|2026-02-28T23:59|644|-"],
  [
    "-rw-r--r--   1 ann users 7 2026-02-28 23:59:58.123456789 +0130 a",
    "file|a|7|2026-02-28T22:29:58|644|-",
  ],
  ["-rw-r--r--   1 ann users 7 Feb 28 23:59:58 a", "file|a|7|2026-02-28T23:59:58|644|-"],
  ["crw-rw-rw-   1 root root 1, 3 Feb 28 23:59 null", "other|null|-|2026-02-28T23:59|666|-"],
  ["prw-------   1 root root 0 Feb 28 23:59 pipe", "other|pipe|-|2026-02-28T23:59|600|-"],
  // NetWare, Windows, EPLF, VMS.
  ["d [R----F--] supervisor 512 Jan 16 18:53 login", "folder|login|-|2026-01-16T18:53|-|-"],
  ["- [R----F--] rhesus 214059 Oct 20 15:27 cx.exe", "file|cx.exe|214059|2025-10-20T15:27|-|-"],
  ["02-28-26  11:59PM                    7 read me", "file|read me|7|2026-02-28T23:59|-|-"],
  ["02-28-2026  12:01AM       <DIR>          a folder", "folder|a folder|-|2026-02-28T00:01|-|-"],
  ["2026-02-28  13:01       <DIR>          a", "folder|a|-|2026-02-28T13:01|-|-"],
  [
    "02-28-99  01:01PM   <JUNCTION>     here [C:\\there]",
    "link|here|-|1999-02-28T13:01|-|C:\\there",
  ],
  ["+i8388621.48594,m825718503,r,s280,\tdjb.html", "file|djb.html|280|1996-03-01T22:15:03|-|-"],
  ["+i8388621.50690,m824255907,/,\t514", "folder|514|-|1996-02-13T23:58:27|-|-"],
  [
    "README.TXT;4     7/8     28-FEB-2026 23:59:58  [ANN]  (RWED,RWED,RE,)",
    "file|README.TXT|-|2026-02-28T23:59:58|-|-",
  ],
  [
    "SUB.DIR;1          1/3     28-FEB-2026 23:59 [ANN] (RWED)",
    "folder|SUB|-|2026-02-28T23:59|-|-",
  ],
  // No entries.
  ["total 12", undefined],
  ["", undefined],
  ["-rw-r--r--   1 ann users 7 Feb 30 23:59 no such day", undefined],
  ["-rw-r--r--   1 ann users 7 Feb 28 24:59 no such hour", undefined],
  ["-rw-r--r--   1 ann users 7 Feb 28 23:59 ", undefined],
  ["ls: cannot open directory", undefined],
  ["13-32-26  11:59PM                    7 no such day", undefined],
];

Deno.test("parseFacts() reads a mode of any number of digits", () => {
  const modes = ["00", "0", "0644", "644", "00755", "9", "077777"]
    .map((mode) => parseFacts(`type=file;UNIX.mode=${mode}; x`)?.mode);
  assertEquals(modes, [0, 0, 0o644, 0o644, 0o755, undefined, undefined]);
});

Deno.test("parseListLine()", async (t) => {
  for (const [line, expected] of LINES) {
    await t.step(line, () => assertEquals(shown(parseListLine(line, { now: NOW })), expected));
  }
});

/** Listings as a whole: what each line is read as; `?` marks one that is not understood. */
const LISTINGS: Readonly<Record<string, readonly (readonly [line: string, expected?: string])[]>> =
  {
    "German": [
      ["insgesamt 4"],
      ["-rw-r--r--   1 ann users 7 Mär 28 23:59 a b", "file|a b|7|2025-03-28T23:59|644|-"],
      ["-rw-r--r--   1 ann users 7 28. Dez 2023 c", "file|c|7|2023-12-28|644|-"],
      ["drwxr-xr-x 2 ann users 4096 Okt  3 10:00 d", "folder|d|-|2025-10-03T10:00|755|-"],
    ],
    "French and Russian": [
      ["-rw-r--r-- 1 ann users 7 févr. 28 23:59 a", "file|a|7|2026-02-28T23:59|644|-"],
      ["-rw-r--r-- 1 ann users 7 янв 28 23:59 b", "file|b|7|2026-01-28T23:59|644|-"],
    ],
    "Chinese and Korean": [
      ["总用量 4"],
      ["-rw-r--r-- 1 ann users 7  2月 28 23:59 文件", "file|文件|7|2026-02-28T23:59|644|-"],
      ["-rw-r--r-- 1 ann users 7 12月  3  2023 b", "file|b|7|2023-12-03|644|-"],
      ["-rw-r--r-- 1 ann users 7 2월 28일 10:00 c", "file|c|7|2026-02-28T10:00|644|-"],
    ],
    "a month in an unknown language": [
      ["-rw-r--r-- 1 ann users 7 Xyz 28 23:59 a", "file|a|7|-|644|-"],
    ],
    "a date within a name": [
      [
        "-rw-r--r-- 1 ann users 7 Mär  5  2025 report Jan 12 2024 final.txt",
        "file|report Jan 12 2024 final.txt|7|2025-03-05|644|-",
      ],
      ["-rw-r--r-- 1 ann users 7 3月 5 2025 Jan 1 2020 b", "file|Jan 1 2020 b|7|2025-03-05|644|-"],
      [
        "-rw-r--r-- 1 ann users 7 Mär  5 2025 x 2024-01-12 10:00 y",
        "file|x 2024-01-12 10:00 y|7|2025-03-05|644|-",
      ],
      // No one can tell which of the two is the date.
      ["-rw-r--r-- 1 ann users 7 Xyz  5  2025 report Jan 12 2024 final.txt", "?"],
    ],
    "time and year": [
      ["-rw-r--r-- 1 a b 7 May 28 19:50 2023 name", "file|name|7|2023-05-28T19:50|644|-"],
      ["-rw-r--r-- 1 a b 7 May 28 19:51 2022 other", "file|other|7|2022-05-28T19:51|644|-"],
    ],
    "time, and a name that begins with a year": [
      ["-rw-r--r-- 1 a b 7 May 28 19:50 2023 photo", "file|2023 photo|7|2025-05-28T19:50|644|-"],
      ["-rw-r--r-- 1 a b 7 May 28 19:51 other", "file|other|7|2025-05-28T19:51|644|-"],
    ],
    "AS/400": [
      [
        "QSECOFR 77824 02/23/00 15:09:55 *DIR QOpenSys/",
        "folder|QOpenSys|-|2000-02-23T15:09:55|-|-",
      ],
      ["ANN 1024 05/06/07 15:09:55 *STMF a name", "file|a name|1024|-|-|-"],
      ["QPGMR *MEM QCLSRC.FILE", "file|QCLSRC.FILE|-|-|-|-"],
    ],
    "MVS data sets": [
      ["Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname"],
      [
        "USER01 3390   2009/07/16  1   15  FB      80  3120  PO  A.B.C",
        "folder|A.B.C|-|2009-07-16|-|-",
      ],
      ["Migrated                                                A.OLD", "file|A.OLD|-|-|-|-"],
    ],
    "MVS members": [
      [" Name     VV.MM   Created       Changed      Size  Init   Mod   Id"],
      [
        "MEMBER1  01.03 2009/07/14 2009/07/16 19:50    12    10     0 USER01",
        "file|MEMBER1|-|2009-07-16T19:50|-|-",
      ],
      ["PLAIN", "file|PLAIN|-|-|-|-"],
    ],
    "OS/2": [
      ["    73098      A     04-06-97   15:15  a name", "file|a name|73098|1997-04-06T15:15|-|-"],
      ["    0           DIR   05-12-97   16:44  PSFONTS", "folder|PSFONTS|-|1997-05-12T16:44|-|-"],
    ],
    "OS-9": [
      [
        "   0.0 26/02/13 2014 d-ewrewr     171    3428 a_name",
        "folder|a_name|-|2026-02-13T20:14|-|-",
      ],
    ],
    "permissions without a type": [
      ["rw-r--r-- 1 ann users 7 Feb 28 23:59 a", "file|a|7|2026-02-28T23:59|644|-"],
    ],
    "VMS over two lines": [
      ["Directory DISK:[ANN]"],
      [""],
      ["VERYLONGNAME.TXT;1"],
      [
        "                     7/8     28-FEB-2026 23:59:58  [ANN]  (RWED,RWED,RE,)",
        "file|VERYLONGNAME.TXT|-|2026-02-28T23:59:58|-|-",
      ],
      ["Total of 1 file, 7/8 blocks"],
    ],
    "VMS, cut": [["VERYLONGNAME.TXT;1", "?"]],
    "dates with slashes and dots": [
      ["-rw-r--r-- 1 ann users 7 2020/05/06 19:50 a", "file|a|7|2020-05-06T19:50|644|-"],
      ["-rw-r--r-- 1 ann users 7 28.02.26 19:50 b", "file|b|7|2026-02-28T19:50|644|-"],
      ["02.11.18  11:59PM                7 c", "file|c|7|2018-11-02T23:59|-|-"],
    ],
    "NetWare with filled columns": [
      [
        "- [R----F--] supervisor            512       Jan 16 18:53    login",
        "file|login|512|2026-01-16T18:53|-|-",
      ],
    ],
    "unknown lines": [
      ["total 4"],
      ["ls: cannot open a", "?"],
      ["-rw-r--r-- 1 ann users 7 Feb 30 23:59 no such day", "?"],
      ["-rw-r--r-- 1 ann users 7 Feb 28 23:59 a", "file|a|7|2026-02-28T23:59|644|-"],
    ],
  };

Deno.test("ListReader reads listings as a whole, and reports every line that it does not understand", async (t) => {
  for (const [name, lines] of Object.entries(LISTINGS)) {
    await t.step(name, () => {
      const reader = new ListReader({ now: NOW });
      const read = [...lines.flatMap(([line]) => [...reader.read(line)]), ...reader.end()];
      assertEquals(
        read.map((line) => "entry" in line ? shown(line.entry) : "?"),
        lines.flatMap(([, expected]) => expected ?? []),
      );
    });
  }
});

Deno.test("parseListLine() counts from the server's zone", () => {
  const line = "-rw-r--r-- 1 a b 7 Mar  1 13:30 x";
  assertEquals(
    shown(parseListLine(line, { now: NOW, zoneMinutes: 120 })),
    "file|x|7|2026-03-01T11:30|644|-",
  );
  const zoned = "-rw-r--r-- 1 a b 7 2026-03-01 13:30:00 +0200 x";
  assertEquals(
    shown(parseListLine(zoned, { now: NOW, zoneMinutes: 600 })),
    "file|x|7|2026-03-01T11:30:00|644|-",
  );
});

const FACTS: [line: string, expected: string | undefined][] = [
  [
    "Type=file;Size=7;Modify=20260228235959;UNIX.mode=0644; read me",
    "file|read me|7|2026-02-28T23:59:59|644|-",
  ],
  ["type=dir;modify=20260228235959.987; a=b; c", "folder|a=b; c|-|2026-02-28T23:59:59|-|-"],
  ["type=OS.unix=slink:/usr/lib; lib", "link|lib|-|-|-|/usr/lib"],
  ["type=OS.unix=symlink; lib", "link|lib|-|-|-|-"],
  ["type=OS.unix=chr-13/29; dev", "other|dev|-|-|-|-"],
  [" bare name", "file|bare name|-|-|-|-"],
  ["size=99999999999999999999; huge", "file|huge|-|-|-|-"],
  ["type=cdir; .", undefined],
  ["type=pdir; ..", undefined],
  ["type=dir; ..", undefined],
  ["nothing at all", undefined],
  ["type=file;", undefined],
];

Deno.test("parseMlsdLine()", async (t) => {
  for (const [line, expected] of FACTS) {
    await t.step(line, () => assertEquals(shown(parseMlsdLine(line)), expected));
  }
});

Deno.test("parseFtpTime()", () => {
  const read = (text: string): string | undefined => parseFtpTime(text)?.toISOString();
  assertEquals(read("20260228235959"), "2026-02-28T23:59:59.000Z");
  assertEquals(read("20260228235959.5"), "2026-02-28T23:59:59.500Z");
  assertEquals(read("191020228235959"), "2002-02-28T23:59:59.000Z");
  for (const bad of ["", "2026022823595", "20260229000000", "20260228250000", "20260228235959."]) {
    assertEquals(read(bad), undefined, bad);
  }
});

Deno.test("facts and times are read as written", () => {
  const date = fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true });
  const facts: fc.Arbitrary<FactsInput> = fc.record({
    type: fc.constantFrom("file", "dir", "link"),
    target: fc.option(fc.string({ unit: "grapheme", minLength: 1 }), { nil: undefined }),
    size: fc.option(fc.maxSafeNat(), { nil: undefined }),
    modified: fc.option(date.map((d) => new Date(Math.floor(d.getTime() / 1000) * 1000)), {
      nil: undefined,
    }),
    mode: fc.option(fc.nat(0o7777), { nil: undefined }),
  });
  const name = fc.string({ unit: "binary", minLength: 1 }).filter((text) => !/[\r\n\0]/.test(text));
  fc.assert(fc.property(facts, name, (written, name) => {
    const read = parseFacts(formatFacts(written, name))!;
    assertEquals(read.name.validate(verbatim), name);
    assertEquals([read.size, read.mode], [written.size, written.mode]);
    if (written.type === "link") {
      assertEquals(read.kind, "link");
      assertEquals(read.target?.validate(verbatim), written.target);
    }
    assertEquals(read.modified?.getTime(), written.modified?.getTime());
  }));
  fc.assert(fc.property(date, (time) => {
    assertEquals(parseFtpTime(formatFtpTime(time))?.getTime(), time.getTime());
  }));
});

Deno.test("no line makes the parsers fail or hang", () => {
  // Pieces of real lines, so that the patterns get far.
  const pieces = fc.constantFrom(
    ...LINES.flatMap(([line]) => line.split(/(?<=[ ;\t])/)),
    " ",
    "\t",
    "\0",
    "\x1b[2J",
    "é",
    "😀",
    "-",
    ">",
    "9".repeat(30),
    " ".repeat(50),
  );
  const line = fc.oneof(
    fc.array(pieces, { maxLength: 20 }).map((list) => list.join("")),
    fc.string({ unit: "binary", maxLength: 300 }),
  );
  fc.assert(
    fc.property(line, (text) => {
      parseListLine(text, { now: NOW });
      parseMlsdLine(text);
    }),
    { numRuns: 20_000 },
  );
  const begun = performance.now();
  for (const text of ["-rw-r--r-- ", "02-28-26  11:59PM "]) {
    parseListLine(text + " 1".repeat(500_000));
  }
  parseMlsdLine("a=b;".repeat(250_000));
  assertEquals(performance.now() - begun < 2000, true);
});

Deno.test("a million lines, made of real ones by chance, are read or skipped", () => {
  const lines = LINES.map(([line]) => line);
  // Reproducible, and much faster than a library's.
  let state = 20261125;
  const chance = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
  const mutations: ((text: string) => string)[] = [
    (text) => text.slice(chance(text.length)),
    (text) => text.slice(0, chance(text.length)),
    (text) => text + lines[chance(lines.length)],
    (text) => text.replace(/\d/, String(chance(10))),
    (text) => text.replace(/ /, ["", "  ", "\t", "\0", "é", ";", "="][chance(7)]!),
    (text) => {
      const at = chance(text.length);
      return text.slice(0, at) + String.fromCharCode(chance(256)) + text.slice(at + 1);
    },
    (text) => {
      const [from, to] = [chance(text.length), chance(text.length)];
      return text.slice(0, from) + text.slice(to);
    },
  ];
  let read = 0;
  for (let n = 0; n < 1_000_000; n++) {
    let text = lines[chance(lines.length)]!;
    for (let left = 1 + chance(3); left > 0; left--) {
      text = mutations[chance(mutations.length)]!(text);
    }
    const entry = n % 2 === 0 ? parseListLine(text, { now: NOW }) : parseMlsdLine(text);
    if (entry === undefined) continue;
    read++;
    const { size, modified, mode } = entry;
    const isSane = (size === undefined || (Number.isSafeInteger(size) && size >= 0)) &&
      (modified === undefined || !Number.isNaN(modified.getTime())) &&
      (mode === undefined || (mode >= 0 && mode <= 0o7777));
    if (!isSane) assertEquals(entry, undefined, text);
  }
  assertEquals(read > 100_000, true, `${read}`);
});
