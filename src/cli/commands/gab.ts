/**
 * `netwright gab`: standard input to a socket and the socket to standard output, at once (5.2 of the
 * book's list).
 *
 * @module
 */

import {
  closeQuietly,
  type Connection,
  Deadline,
  dial,
  DisconnectedError,
  formatEndpoint,
  parseTarget,
  type Reader,
  type Target,
  TimeoutError,
  toNetwrightError,
  UsageError,
  writeAll,
} from "../../net/mod.ts";
import {
  STARTTLS_PROTOCOLS,
  startTlsDialogue,
  type StarttlsProtocol,
} from "../../protocols/wire/mod.ts";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { STREAM_OPTIONS } from "../common_options.ts";
import { clientNetwork, connectionCapabilities, trustOf, waits } from "../connecting.ts";
import type { Context } from "../context.ts";
import { Receiving } from "../receiving.ts";
import { wireTranscript } from "../wire.ts";

const LF = 10;
const CR = 13;

/** The command. */
export const command: Command = {
  name: "gab",
  summary: "talk to a server, both directions at once",
  operands: "HOST:PORT|URL|unix:PATH",
  count: { min: 1, max: 1 },
  examples: [
    "gab --crlf mail.example.org:25",
    "gab --starttls=smtp --crlf mail.example.org:587",
    "gab unix:/run/app.sock",
  ],
  details:
    "At the end of input our direction is closed; gab goes on until the server closes its own,\n" +
    "or says nothing, or takes nothing, for --timeout seconds (default 60).",
  options: {
    crlf: { help: "send each line with CRLF, as most protocols want" },
    starttls: {
      value: "PROTOCOL",
      choices: STARTTLS_PROTOCOLS,
      help: "TLS by dialogue",
    },
    ...STREAM_OPTIONS,
  },
  capabilities: (args, host) => connectionCapabilities(args, host, [targetOf(args).endpoint]),
  async run(args, context) {
    const target = targetOf(args);
    const peer = formatEndpoint(target.endpoint);
    using connection = await connect(target, args, context);
    const timeoutMs = waits(args).timeoutMs ?? 60_000;
    const receiving = new Receiving(connection, peer, (piece) => context.stdout.peerBytes(piece));
    let sentAt = performance.now();
    const sending = send(context.stdin, connection, {
      ...{ crlf: args.has("crlf"), peer, timeoutMs },
      onSent: () => sentAt = performance.now(),
    });
    // Whichever side fails ends it; that the server ends first is an ordinary end.
    sending.catch(() => closeQuietly(connection));
    const first = await Promise.race([
      sending.then(() => "sent" as const),
      receiving.ended.then(() => "received" as const),
    ]);
    if (first === "sent") {
      await receiving.untilSilent(timeoutMs);
      return;
    }
    // Who types sees that the server has ended; of a pipe nothing may get lost in silence.
    if (context.stdin.isTerminal) return;
    sentAt = performance.now();
    await untilSent(sending, () => sentAt + timeoutMs - performance.now(), peer);
  },
};

function targetOf(args: Arguments): Target {
  const [text = ""] = args.operands;
  const target = parseTarget(text);
  if (args.has("tls") && args.has("starttls")) {
    throw new UsageError("--tls and --starttls exclude each other");
  }
  return target;
}

async function connect(target: Target, args: Arguments, context: Context): Promise<Connection> {
  const protocol = args.value("starttls") as StarttlsProtocol | undefined;
  const implicit = args.has("tls") || target.tls === "implicit";
  const network = await clientNetwork(args, context, { tls: implicit && protocol === undefined });
  const reconnect = (): Promise<Connection> => dial(network, target.endpoint, waits(args));
  const connection = await reconnect();
  if (protocol === undefined) return connection;
  return await startTlsDialogue(protocol, connection, {
    hostname: "path" in target.endpoint ? "localhost" : target.endpoint.hostname,
    ...await trustOf(args),
    reconnect,
    peer: formatEndpoint(target.endpoint),
    transcript: args.has("verbose") ? wireTranscript(context.stderr) : undefined,
    ...waits(args),
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
  using stuck = new Deadline({ idleMs: timeoutMs }, { operation: "write", peer });
  const buffer = new Uint8Array(32_768);
  let last = 0;
  for (
    let count = await input.read(buffer);
    count !== null;
    count = await input.read(buffer)
  ) {
    const bytes = buffer.subarray(0, count);
    try {
      const sent = writeAll(connection, crlf ? withCrlf(bytes, last) : bytes);
      await stuck.wait(sent, () => closeQuietly(connection));
      onSent();
    } catch (error) {
      throw toNetwrightError(error, { operation: "write", peer });
    }
    last = bytes.at(-1) ?? last;
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

function withCrlf(bytes: Uint8Array, last: number): Uint8Array {
  const out = new Uint8Array(bytes.length * 2);
  let length = 0;
  let before = last;
  for (const byte of bytes) {
    if (byte === LF && before !== CR) out[length++] = CR;
    out[length++] = byte;
    before = byte;
  }
  return out.subarray(0, length);
}
