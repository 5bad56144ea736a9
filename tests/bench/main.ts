/**
 * Runs the benchmarks named as arguments, or all: `deno task bench line_reader`.
 *
 * @module
 */

import { scriptArguments } from "../../scripts/arguments.ts";

const BENCHES: Readonly<Record<string, () => Promise<{ bench(): Promise<void> }>>> = {
  line_reader: () => import("./line_reader.ts"),
  command_channel: () => import("./command_channel.ts"),
  start_up: () => import("./start_up.ts"),
  echo: () => import("./echo.ts"),
  http: () => import("./http.ts"),
  idle: () => import("./idle.ts"),
  ftp: () => import("./ftp.ts"),
  datagrams: () => import("./datagrams.ts"),
  mime: () => import("./mime.ts"),
  telnet: () => import("./telnet.ts"),
  smtp: () => import("./smtp.ts"),
  pop3: () => import("./pop3.ts"),
  nntp: () => import("./nntp.ts"),
  "web-client": () => import("./web_client.ts"),
  robot: () => import("./robot.ts"),
  syslog: () => import("./syslog.ts"),
  imap: () => import("./imap.ts"),
  "imap-server": () => import("./imap_server.ts"),
  "imap-sync": () => import("./imap_sync.ts"),
};

if (import.meta.main) {
  const { operands } = scriptArguments({ usage: "deno task bench [NAME…]", operands: 100 });
  const names = operands.length > 0 ? operands : Object.keys(BENCHES);
  for (const name of names) {
    const load = BENCHES[name];
    if (load === undefined) {
      console.error(`no benchmark ${name}: there are ${Object.keys(BENCHES).join(", ")}`);
      Deno.exit(2);
    }
    await (await load()).bench();
  }
}
