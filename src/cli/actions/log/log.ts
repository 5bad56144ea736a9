/**
 * `netwright log`, inside the sandbox.
 *
 * @module
 */

import { removeStaleSocket } from "../../../net/internal.ts";
import { LineReader } from "../../../net/mod.ts";
import { SyslogClient } from "../../../protocols/syslog/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import type { LogPlan } from "../../commands/log/log.ts";
import { timeoutOptionsOf } from "../../connect/connecting.ts";
import { syslogNetwork } from "../../logging/syslog_network.ts";
import { isGuarded } from "../../logging/syslog_socket.ts";
import { clientNetwork, pinDatagrams } from "../../connect/network.ts";

/** Longest line of standard input, in bytes: what is too long for a message is refused as one. */
const MAX_LINE = 16 * 1024 * 1024;

/** The command, in the sandbox. */
export const action: Action<LogPlan> = {
  async run(plan, context) {
    const { connection, target, local: path, format, framing, maxBytes } = plan;
    const plain = await clientNetwork(connection, context, { tls: target.tls });
    const network = syslogNetwork(plain, target.endpoint, context.broker);
    const endpoint = await pinDatagrams(connection, context, target.endpoint);
    const local = path === undefined ? undefined : { transport: "unixpacket", path } as const;
    if (local !== undefined && !isGuarded(endpoint)) await removeStaleSocket(local);
    await using client = await SyslogClient.connect(
      // The network begins TLS itself.
      { endpoint, tls: false },
      { network, format, framing, maxBytes, local, ...timeoutOptionsOf(connection) },
    );
    const { facility, severity, tag: appName, messageId: msgId, data: structuredData } = plan;
    const hostname = plan.hostname === "" ? Deno.hostname() : plan.hostname;
    const procId = plan.process === "" ? String(Deno.pid) : plan.process;
    const fields = { facility, severity, hostname, appName, procId, msgId, structuredData };
    for await (const text of textsOf(plan, context)) {
      await client.send({ ...fields, timestamp: new Date(), text });
    }
  },
};

async function* textsOf({ text }: LogPlan, context: Context): AsyncGenerator<string> {
  if (text !== undefined) {
    yield text;
    return;
  }
  const reader = new LineReader(context.stdin, { maxLineBytes: MAX_LINE });
  for await (const line of reader.lines()) yield line;
}
