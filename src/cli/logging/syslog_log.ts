/**
 * A server's events as messages of syslog.
 *
 * @module
 */

import { removeStaleSocket } from "../../net/internal.ts";
import type { Context } from "../command/context.ts";
import type { LogTarget } from "./log_target.ts";
import { syslogNetwork } from "./syslog_network.ts";
import { isGuarded } from "./syslog_socket.ts";
import type { LogSink } from "./log_sink.ts";

/** Severities of kinds of events (RFC 5424 §6.2.1); of others it is that of information. */
const SEVERITIES: Readonly<Record<string, number>> = { failed: 3, refused: 4, warning: 4 };
const INFORMATION = 6;
/** Time for messages that wait at the end, in milliseconds. */
const CLOSING_MS = 2000;

/**
 * Opens a log of messages, which are sent in the background.
 *
 * @param target The collector.
 * @param context The command.
 * @returns The log.
 */
export async function openSyslog(
  { endpoint, tls, facility, format, local }: LogTarget & { kind: "syslog" },
  { network: plain, stderr, broker }: Context,
): Promise<LogSink> {
  const { SyslogClient, SyslogQueue } = await import("../../protocols/syslog/mod.ts");
  const network = syslogNetwork(plain, endpoint, broker);
  const own = local === undefined ? undefined : { transport: "unixpacket", path: local } as const;
  const queue = new SyslogQueue({
    connect: async () => {
      if (own !== undefined && !isGuarded(endpoint)) await removeStaleSocket(own);
      const options = { network, format, whenTooLong: "cut", local: own } as const;
      return await SyslogClient.connect({ endpoint, tls }, options);
    },
    onFailure: (error) => {
      const text = error instanceof Error ? error.message : String(error);
      void stderr.line(`log: ${text}; it is tried again`).catch(() => {});
    },
  });
  // A daemon of this host knows its name.
  const hostname = "path" in endpoint ? undefined : Deno.hostname();
  return {
    add: (text, kind) =>
      queue.add({
        facility,
        severity: SEVERITIES[kind] ?? INFORMATION,
        timestamp: new Date(),
        hostname,
        appName: "netwright",
        procId: String(Deno.pid),
        msgId: format === "rfc5424" ? kind : undefined,
        text,
      }),
    close: () => queue.close(CLOSING_MS),
  };
}
