/**
 * `netwright gab`, inside the sandbox.
 *
 * @module
 */

import type { GabPlan } from "../../commands/stream/gab.ts";
import { closeQuietly, CrlfEncoder, type Target } from "../../../net/internal.ts";
import {
  type Connection,
  Deadline,
  dial,
  DisconnectedError,
  type Endpoint,
  formatEndpoint,
  type Reader,
  TimeoutError,
  toNetwrightError,
  writeAll,
} from "../../../net/mod.ts";
import { startTlsDialogue } from "../../../protocols/wire/mod.ts";
import { dialOptionsOf } from "../../connect/connecting.ts";
import { clientNetwork, trustOf } from "../../connect/network.ts";
import type { Action, Context } from "../../command/context.ts";
import { datagramEnd, firstClient } from "../../connect/gab_ends.ts";
import { scanPorts } from "../../connect/port_scan.ts";
import { Receiving, unlessLate } from "../../connect/receiving.ts";
import { recordConnection, wireTranscript } from "../../terminal/wire.ts";

/** The command, in the sandbox. */
export const action: Action<GabPlan> = {
  async run(plan, context) {
    if (plan.ports !== undefined) return await scan(plan.ports, plan, context);
    const { target, listen, udp, crlf } = plan;
    using connection = await connect(target, plan, context);
    const peer = formatEndpoint(listen ? connection.remoteAddr : target.endpoint);
    const timeoutMs = plan.connection.timeoutMs ?? (udp ? DATAGRAM_MS : 60_000);
    const receiving = new Receiving(connection, peer, (piece) => context.stdout.peerBytes(piece));
    let sentAt = performance.now();
    const sending = send(context.stdin, connection, {
      ...{ crlf, peer },
      // Datagrams do not wait, unless the peer is not known yet.
      timeoutMs: udp ? Infinity : timeoutMs,
      onSent: () => sentAt = performance.now(),
    });
    // Whichever side fails ends it; that the server ends first is an ordinary end.
    sending.catch(() => closeQuietly(connection));
    const first = await Promise.race([
      sending.then(() => "sent" as const),
      receiving.ended.then(() => "received" as const),
    ]);
    if (first === "sent") {
      const silent = receiving.untilSilent(timeoutMs);
      // Datagrams have no other end than silence.
      await (udp ? silent.catch(unlessLate) : silent);
      return;
    }
    // Who types sees that the server has ended; of a pipe nothing may get lost in silence.
    if (context.stdin.isTerminal) return;
    sentAt = performance.now();
    await untilSent(sending, () => sentAt + timeoutMs - performance.now(), peer);
  },
};

/** How long a silence ends a conversation of datagrams, in milliseconds. */
const DATAGRAM_MS = 2000;

async function scan(
  ports: readonly Endpoint[],
  { connection }: GabPlan,
  context: Context,
): Promise<number> {
  const network = await clientNetwork(connection, context, { tls: false });
  const options = { timeoutMs: connection.timeoutMs ?? 5000, signal: context.signal };
  let open = 0;
  for await (const { endpoint, failure } of scanPorts(network, ports, options)) {
    if (failure === undefined) open++;
    const place = formatEndpoint(endpoint);
    if (context.json) {
      await context.stdout.json({ endpoint: place, open: failure === undefined, failure });
    } else if (failure === undefined) await context.stdout.line(`${place} open`);
    else if (context.verbose) await context.stderr.line(`${place} ${failure}`);
  }
  return open > 0 ? 0 : 1;
}

/** Shows what goes over it, if `--wire` asks for that. */
function recorded(connection: Connection, plan: GabPlan, { stderr }: Context): Connection {
  return plan.connection.wire ? recordConnection(connection, wireTranscript(stderr)) : connection;
}

async function connect(target: Target, plan: GabPlan, context: Context): Promise<Connection> {
  const { endpoint } = target;
  const { listen, udp, starttls: protocol, connection: options } = plan;
  const { quiet } = context;
  if (udp && !("path" in endpoint)) {
    return recorded(await datagramEnd(endpoint, context, { listen, quiet }), plan, context);
  }
  if (listen) return recorded(await firstClient(endpoint, context, quiet), plan, context);
  const implicit = options.tls || target.tls === "implicit";
  const network = await clientNetwork(options, context, {
    tls: implicit && protocol === undefined,
  });
  const reconnect = (): Promise<Connection> =>
    dial(target.endpoint, { network, ...dialOptionsOf(options) });
  const connection = await reconnect();
  if (protocol === undefined) return connection;
  return await startTlsDialogue(protocol, connection, {
    hostname: "path" in target.endpoint ? "localhost" : target.endpoint.hostname,
    ...await trustOf(options),
    reconnect,
    peer: formatEndpoint(target.endpoint),
    transcript: context.verbose ? wireTranscript(context.stderr) : undefined,
    ...dialOptionsOf(options),
  });
}

async function send(
  input: Reader,
  connection: Connection,
  { crlf, peer, timeoutMs, onSent }: {
    crlf: boolean;
    peer: string;
    timeoutMs: number;
    onSent: () => void;
  },
): Promise<void> {
  using stuck = new Deadline({ idleTimeoutMs: timeoutMs }, { operation: "write", peer });
  // Each read is one datagram of at most 65,507 bytes (RFC 768).
  const buffer = new Uint8Array(crlf ? 32_753 : 65_507);
  const lines = crlf ? new CrlfEncoder() : undefined;
  for (
    let count = await input.read(buffer);
    count !== null;
    count = await input.read(buffer)
  ) {
    const bytes = buffer.subarray(0, count);
    try {
      const sent = writeAll(connection, lines?.encode(bytes) ?? bytes);
      await stuck.wait(sent, () => closeQuietly(connection));
      onSent();
    } catch (error) {
      throw toNetwrightError(error, { operation: "write", peer });
    }
  }
  // The server may have ended the connection already.
  await connection.closeWrite().catch((error) => {
    const known = toNetwrightError(error, { operation: "end the input", peer });
    if (!(known instanceof DisconnectedError)) throw known;
  });
}

/** Waits until all input was sent, though the server says nothing more; not for ever for input that does not come. */
async function untilSent(
  sending: Promise<void>,
  leftMs: () => number,
  peer: string,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silent = new Promise<never>((_, reject) => {
    const check = (): void => {
      const left = leftMs();
      if (left > 0) timer = setTimeout(check, left);
      else reject(new TimeoutError("no more input came", { operation: "send the rest", peer }));
    };
    check();
  });
  try {
    await Promise.race([sending, silent]);
  } finally {
    clearTimeout(timer);
  }
}
