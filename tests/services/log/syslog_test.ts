/** The collector: selectors, forms of lines, filters, repeats, streams and datagrams. */

import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import { dial, memoryNetwork, UsageError, writeAll } from "../../../src/net/mod.ts";
import { countOctets, parseSyslog } from "../../../src/protocols/syslog/mod.ts";
import { serveDatagrams, serveMultiplex as serve } from "../../../src/servers/mod.ts";
import { formatLine } from "../../../src/services/log/_message_line.ts";
import { syslogDatagrams, syslogStream } from "../../../src/services/log/_syslog_service.ts";
import { parseSelector } from "../../../src/services/log/selector.ts";
import type { SyslogConfiguration } from "../../../src/services/log/_syslog_configuration.ts";
import { service } from "../../../src/services/log/syslog.ts";
import { inFolder } from "../../support/trees.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

Deno.test("selectors choose facilities and severities as in syslog.conf", () => {
  const rows: readonly (readonly [selector: string, yes: string, no: string])[] = [
    ["*.*", "kern.emerg local7.debug", ""],
    ["mail.err", "mail.err mail.emerg", "mail.warning user.err"],
    ["mail,news.=info", "mail.info news.info", "mail.notice"],
    ["*.info;auth.none", "user.info user.err", "auth.err user.debug"],
    ["*.*;mail.!err", "mail.warning user.err", "mail.err mail.crit"],
    ["*.*;mail.!=err", "mail.crit mail.warning", "mail.err"],
    ["kern.*;2.3", "kern.debug mail.err", "user.emerg"],
    ["user.warn", "user.warning", "user.notice"],
    ["*.info; mail.!*;", "user.info", "mail.err"],
  ];
  const names = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];
  const facilities = ["kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news"];
  for (const [selector, yes, no] of rows) {
    const selected = parseSelector(selector);
    const has = (text: string): boolean => {
      const [facility = "", severity = ""] = text.split(".");
      const number = facility === "local7" ? 23 : facilities.indexOf(facility);
      return (selected[number]! & (1 << names.indexOf(severity))) !== 0;
    };
    for (const one of yes.split(" ")) assert(one === "" || has(one), `${selector} has ${one}`);
    for (const one of no.split(" ")) assert(one === "" || !has(one), `${selector} has not ${one}`);
  }
  for (const wrong of ["", "mail", "mail.", ".err", "x.err", "mail.x", "mail.==err", "a;b"]) {
    assertThrows(() => parseSelector(wrong), UsageError, "is not a selector");
  }
});

Deno.test("options that make no sense are refused", () => {
  const rows: readonly (readonly [options: Record<string, string>, text: string])[] = [
    [{ form: "xml" }, "--form takes text, json, raw"],
    [{ rotate: "1M" }, "require --file"],
    [{ keep: "3" }, "require --file"],
    [{ file: "x/" }, "name of a file"],
    [{ file: "x", rotate: "much" }, "--rotate must be a size"],
    [{ file: "x", keep: "many" }, "--keep takes a number"],
    [{ program: "a,,b" }, "--program takes names"],
    [{ select: "x" }, "is not a selector"],
  ];
  for (const [options, text] of rows) {
    assertThrows(() => service.parse({ options }), UsageError, text);
  }
  const { capabilities } = service;
  const configuration = service.parse({ options: { file: "a", rotate: "1M", keep: "2" } });
  assertEquals(capabilities!(configuration), {
    read: ["a", "a.1", "a.2"],
    write: ["a", "a.1", "a.2"],
  });
});

const RECEIVED = new Date("2026-12-01T10:00:00Z");

function line(raw: string | Uint8Array, form: "text" | "json" | "raw"): string {
  const bytes = typeof raw === "string" ? encode(raw) : raw;
  const message = parseSyslog(bytes, { now: RECEIVED });
  return formatLine({ message, from: "192.0.2.7", received: RECEIVED, isTruncated: false }, form);
}

Deno.test("a message as a line for people, as JSON, and as it came", () => {
  const new5424 = '<34>1 2003-10-11T22:14:15.003Z a.example su 12 ID47 [x@1 k="v"] it\'s\u001b[1m';
  assertEquals(
    line(new5424, "text"),
    "2003-10-11T22:14:15.003Z a.example su[12] auth.crit: it's\\x1b[1m",
  );
  assertEquals(JSON.parse(line(new5424, "json")), {
    received: "2026-12-01T10:00:00.000Z",
    from: "192.0.2.7",
    facility: "auth",
    severity: "crit",
    timestamp: "2003-10-11T22:14:15.003Z",
    written: "2003-10-11T22:14:15.003Z",
    host: "a.example",
    app: "su",
    process: "12",
    id: "ID47",
    data: [{ id: "x@1", parameters: [["k", "v"]] }],
    text: "it's\u001b[1m",
    form: "rfc5424",
  });
  assertEquals(
    line("<13>nothing known\nhere", "text"),
    "2026-12-01T10:00:00.000Z 192.0.2.7 - user.notice: nothing known\\nhere",
  );
  assertEquals(line("<13>a\u0000b\r\nc", "raw"), "<13>a\\x00b\\r\\nc");
});

Deno.test("no bytes make two lines, or harm a terminal", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    for (const form of ["text", "json", "raw"] as const) {
      // deno-lint-ignore no-control-regex -- all controls but the tab
      assert(!/[\x00-\x08\x0a-\x1f\x7f-\x9f]/.test(line(bytes, form)));
    }
  }));
});

function configured(options: Record<string, string>): SyslogConfiguration {
  return service.parse({ options });
}

Deno.test("streams in both framings and datagrams end in one file, filtered", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/all.log`;
    const configuration = configured({ file, select: "*.info", program: "su,ssh*", form: "raw" });
    const network = memoryNetwork();
    await using streams = serve(await syslogStream(configuration), {
      network,
      endpoint: "127.0.0.1:601",
    });
    await using datagrams = serveDatagrams(await syslogDatagrams(configuration), {
      network,
      endpoint: "127.0.0.1:514",
    });
    using connection = await dial("127.0.0.1:601", { network });
    await writeAll(connection, countOctets(encode("<13>Oct 11 22:14:15 h su: counted\nline")));
    await writeAll(connection, encode("<13>Oct 11 22:14:15 h sshd[1]: with lf\n"));
    await writeAll(connection, encode("<13>Oct 11 22:14:15 h cron: other program\n"));
    await writeAll(
      connection,
      encode("<15>Oct 11 22:14:15 h su: only debug\n<13>Oct 11 22:14:15 h su: without end"),
    );
    await connection.closeWrite();
    assertEquals(await connection.read(new Uint8Array(1)), null);
    const socket = network.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
    await socket.send(encode("<13>Oct 11 22:14:15 h su: datagram\n"), {
      transport: "udp",
      hostname: "127.0.0.1",
      port: 514,
    });
    while (datagrams.status().accepted === 0) {
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    socket.close();
    await streams.shutdown(0);
    await datagrams.shutdown(0);
    assertEquals((await Deno.readTextFile(file)).split("\n"), [
      "<13>Oct 11 22:14:15 h su: counted\\nline",
      "<13>Oct 11 22:14:15 h sshd[1]: with lf",
      "<13>Oct 11 22:14:15 h su: without end",
      "<13>Oct 11 22:14:15 h su: datagram",
      "",
    ]);
  });
});

Deno.test("a malformed count ends its connection only, and what came before it is kept", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/all.log`;
    const network = memoryNetwork();
    const events: string[] = [];
    const server = serve(await syslogStream(configured({ file, form: "raw" })), {
      network,
      endpoint: "127.0.0.1:601",
      log: ({ kind, text }) => events.push(`${kind} ${text}`),
    });
    using connection = await dial("127.0.0.1:601", { network });
    await writeAll(connection, encode("3 abc9999999999 x"));
    assertEquals(await connection.read(new Uint8Array(1)), null);
    using other = await dial("127.0.0.1:601", { network });
    await writeAll(other, encode("3 def"));
    await other.closeWrite();
    assertEquals(await other.read(new Uint8Array(1)), null);
    await server.shutdown(0);
    assertEquals(await Deno.readTextFile(file), "abc\ndef\n");
    assert(events.some((event) => /failed .*length of a syslog message/.test(event)));
  });
});

Deno.test("repeated messages are one, and it is told how often they came", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/all.log`;
    const configuration = configured({ file, fold: "yes" });
    const network = memoryNetwork();
    const server = serve(await syslogStream(configuration), { network, endpoint: "127.0.0.1:601" });
    using connection = await dial("127.0.0.1:601", { network });
    for (const text of ["a", "a", "a", "b", "a", "a"]) {
      await writeAll(connection, encode(`<13>Oct 11 22:14:15 h su: ${text}\n`));
    }
    for (const user of ["one", "two"]) {
      await writeAll(connection, encode(`<13>1 - h su - - [x@1 user="${user}"] c\n`));
    }
    await connection.closeWrite();
    assertEquals(await connection.read(new Uint8Array(1)), null);
    await server.shutdown(0);
    const texts = (await Deno.readTextFile(file)).trimEnd().split("\n").map((one) =>
      one.slice(one.indexOf("notice: ") + 8)
    );
    assertEquals(texts, [
      ...["a", "message repeated 2 times: a", "b", "a", "message repeated 1 times: a", "c", "c"],
    ]);
  });
});

Deno.test("a message that is too long is cut off, and says so", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/all.log`;
    const configuration = configured({ file, "max-size": "40" });
    const network = memoryNetwork();
    const server = serve(await syslogStream(configuration), { network, endpoint: "127.0.0.1:601" });
    using connection = await dial("127.0.0.1:601", { network });
    await writeAll(
      connection,
      encode(`<13>Oct 11 22:14:15 h su: ${"x".repeat(1000)}\n<13>Oct 11 22:14:15 h su: y\n`),
    );
    await connection.closeWrite();
    assertEquals(await connection.read(new Uint8Array(1)), null);
    await server.shutdown(0);
    const [first = "", second = ""] = (await Deno.readTextFile(file)).split("\n");
    assertMatch(first, /notice: x{14} …$/);
    assertMatch(second, /notice: y$/);
  });
});
