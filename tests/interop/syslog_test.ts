/** `log` and `serve syslog` with Debian's rsyslog and logger, over every transport. */

import { assertEquals } from "@std/assert";
import { certificates } from "../support/certificates.ts";
import { netwright, serve } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";
import { needs } from "./peers/needs.ts";
import { run } from "./peers/program.ts";
import { lines, startRsyslog, type Understood } from "./peers/rsyslog.ts";

const isThere = await needs("rsyslogd") && await needs("logger");

Deno.test({
  name: "rsyslog understands each field of our messages, over every transport and in both forms",
  ignore: !isThere,
  fn: () =>
    inFolder(async (folder) => {
      await using peer = await startRsyslog(folder);
      const fields = ["-p", "local4.warning", "-t", "backup", "--process", "4711"];
      const newer = ["--msgid", "ID47", "--data", 'job@32473 id=7 name=x "y" z]'];
      const text = "größer\tals\n<0>vorher";
      const targets: readonly (readonly string[])[] = [
        ["--to", `udp://127.0.0.1:${peer.udp}`],
        ["--to", `tcp://127.0.0.1:${peer.tcp}`],
        ["--to", `tcp://127.0.0.1:${peer.tcp}`, "--lines"],
        ["--to", `tls://127.0.0.1:${peer.tls}`, "--ca", peer.ca],
        ["--to", `unix:${peer.socket}`, "--socket", `${folder}/own`],
      ];
      let count = 0;
      for (const target of targets) {
        const isLocal = target.join().includes("unix:");
        for (const form of ["rfc5424", "rfc3164"]) {
          const more = form === "rfc5424" ? newer : [];
          const host = isLocal && form === "rfc3164" ? [] : ["--host", "sender.example"];
          const words = ["log", ...target, "--form", form, ...fields, ...more, ...host, text];
          const { code, stderr } = await netwright(words);
          assertEquals([code, stderr], [0, ""], words.join(" "));
          const [found] = (await peer.understood(++count)).slice(-1) as [Understood];
          const { time, host: named, ...rest } = found;
          // In the older form the tag takes everything up to the colon, and the text keeps its space.
          assertEquals(rest, {
            pri: String(20 * 8 + 4),
            app: "backup",
            proc: "4711",
            id: form === "rfc5424" ? "ID47" : "-",
            data: form === "rfc5424" ? '[job@32473 id="7" name="x \\"y\\" z\\]"]' : "-",
            text: form === "rfc5424"
              ? "\ufeffgrößer#011als#012<0>vorher"
              : " größer#011als#012<0>vorher",
          }, words.join(" "));
          if (!isLocal) assertEquals(named, "sender.example", words.join(" "));
          const age = Math.abs(Date.now() - Date.parse(time));
          assertEquals(age < 60_000, true, `${time} is ${age} ms away`);
        }
      }
    }),
});

interface Collected {
  readonly facility: string;
  readonly severity: string;
  readonly host?: string;
  readonly app?: string;
  readonly process?: string;
  readonly id?: string;
  readonly data?: readonly unknown[];
  readonly text: string;
  readonly form: string;
}

Deno.test({
  name: "logger's messages, over every transport and in every form",
  ignore: !isThere,
  fn: () =>
    inFolder(async (folder) => {
      const options = ["-q", "--form", "json"];
      const file = (name: string) => ["--file", `${folder}/${name}.json`];
      await using udp = await serve([
        "syslog",
        "--udp",
        "--listen",
        "127.0.0.1:0",
        ...options,
        ...file("udp"),
      ]);
      await using tcp = await serve([
        "syslog",
        "--listen",
        "127.0.0.1:0",
        ...options,
        ...file("tcp"),
      ]);
      await using local = await serve([
        ...["syslog", "--udp", "--listen", `unix:${folder}/log`, ...options, ...file("local")],
      ]);
      const port = (endpoint: string): string => endpoint.split(":").at(-1)!;
      const transports: readonly (readonly [name: string, args: readonly string[]])[] = [
        ["udp", ["-d", "-n", "127.0.0.1", "-P", port(udp.endpoint)]],
        ["tcp", ["-T", "-n", "127.0.0.1", "-P", port(tcp.endpoint), "--octet-count"]],
        ["tcp", ["-T", "-n", "127.0.0.1", "-P", port(tcp.endpoint)]],
        ["local", ["-u", local.endpoint.slice("unix:".length)]],
      ];
      const counts: Record<string, number> = {};
      for (const [name, args] of transports) {
        for (
          const form of name === "local" ? ["", "--rfc5424=notq"] : ["--rfc5424=notq", "--rfc3164"]
        ) {
          const isNewer = form.startsWith("--rfc5424");
          const more = isNewer
            ? ["--msgid", "ID47", "--sd-id", "zoo@123", "--sd-param", 'tiger="h\\"u"']
            : [];
          await run("logger", [
            ...[...args, ...form === "" ? [] : [form], "-p", "mail.err", "-t", "prog", "--id=4711"],
            ...[...more, "--", "grün: über alles"],
          ]);
          counts[name] = (counts[name] ?? 0) + 1;
          const [found] = (await lines<Collected>(`${folder}/${name}.json`, counts[name])).slice(
            -1,
          );
          const { facility, severity, app, process, id, data, text, form: seen } = found!;
          assertEquals([facility, severity, app, process, text], [
            ...["mail", "err", "prog", "4711", "grün: über alles"],
          ], `${args.join(" ")} ${form}`);
          assertEquals(seen, isNewer ? "rfc5424" : "rfc3164");
          if (!isNewer) continue;
          assertEquals([id, data], ["ID47", [{ id: "zoo@123", parameters: [["tiger", 'h"u']] }]]);
        }
      }
    }),
});

Deno.test({
  name: "rsyslog forwards to our collector over UDP, TCP and TLS",
  ignore: !isThere,
  fn: () =>
    inFolder(async (folder) => {
      await Deno.mkdir(`${folder}/peer`);
      const { server } = await certificates();
      for (const [name, text] of Object.entries(server)) {
        await Deno.writeTextFile(`${folder}/${name}`, text as string);
      }
      const options = ["--listen", "127.0.0.1:0", "-q", "--form", "json"];
      const start = (name: string, ...more: readonly string[]) =>
        serve(["syslog", ...options, ...more, "--file", `${folder}/${name}.json`]);
      await using udp = await start("udp", "--udp");
      await using tcp = await start("tcp");
      await using tls = await start(
        "tls",
        "--tls-cert",
        `${folder}/cert`,
        "--tls-key",
        `${folder}/key`,
      );
      const port = (endpoint: string): number => Number(endpoint.split(":").at(-1));
      await using peer = await startRsyslog(`${folder}/peer`, [
        { protocol: "udp", port: port(udp.endpoint) },
        { protocol: "tcp", port: port(tcp.endpoint) },
        { protocol: "tls", port: port(tls.endpoint) },
      ]);
      for (const text of ["one", "zwölf", "x".repeat(3000)]) {
        await run("logger", [
          ...["-u", peer.socket, "--rfc5424=notq", "-p", "local3.info", "-t", "prog", "--id=7"],
          ...[
            "--size",
            "8KiB",
            "--msgid",
            "K",
            "--sd-id",
            "a@1",
            "--sd-param",
            'b="c"',
            "--",
            text,
          ],
        ]);
      }
      for (const name of ["udp", "tcp", "tls"]) {
        const found = await lines<Collected>(`${folder}/${name}.json`, 3);
        assertEquals(found.map(({ text }) => text), ["one", "zwölf", "x".repeat(3000)], name);
        for (const { facility, severity, app, process, id, data, form } of found) {
          assertEquals([facility, severity, app, process, id, form], [
            ...["local3", "info", "prog", "7", "K", "rfc5424"],
          ]);
          assertEquals(data, [{ id: "a@1", parameters: [["b", "c"]] }]);
        }
      }
    }),
});
