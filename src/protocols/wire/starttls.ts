/**
 * The dialogue before TLS, in each protocol that has one.
 *
 * @module
 */

import {
  cleanText,
  closeQuietly,
  type Connection,
  Deadline,
  formatEndpoint,
  LineReader,
  LineWriter,
  ProtocolError,
  ReplyError,
  secure,
  type SecureClientOptions,
  type SecureConnection,
  Tainted,
} from "../../net/mod.ts";
import { addressLiteral } from "./address_literal.ts";
import { command } from "./command.ts";
import { CommandChannel } from "./command_channel.ts";
import type { ReplyStyle } from "./reply.ts";
import type { Transcript } from "./transcript.ts";

/** Protocols that can go over to TLS, by the names that users give them. */
export const STARTTLS_PROTOCOLS = ["smtp", "imap", "pop3", "ftp", "nntp"] as const;

/** A protocol that can go over to TLS. */
export type StarttlsProtocol = typeof STARTTLS_PROTOCOLS[number];

/** How {@link startTlsDialogue} talks. */
export interface StarttlsOptions
  extends Omit<SecureClientOptions, "role" | "reader" | "reconnect"> {
  /** Makes a second plain connection, to tell why a certificate is not trusted. */
  readonly reconnect?: (() => Promise<Connection>) | undefined;
  /** Whom it talks to, for error messages; the connection's peer if absent. */
  readonly peer?: string | undefined;
  /** Where the dialogue is recorded. */
  readonly transcript?: Transcript | undefined;
}

/** The dialogues of protocols with coded replies. */
const DIALOGUES: Readonly<
  Record<
    Exclude<StarttlsProtocol, "imap">,
    {
      readonly style: ReplyStyle;
      readonly greeting: readonly (number | string)[];
      readonly verb: string;
      readonly agreed: number | string;
    }
  >
> = {
  smtp: { style: "smtp", greeting: [220], verb: "STARTTLS", agreed: 220 },
  ftp: { style: "ftp", greeting: [220], verb: "AUTH TLS", agreed: 234 },
  pop3: { style: "pop3", greeting: ["+OK"], verb: "STLS", agreed: "+OK" },
  nntp: { style: "nntp", greeting: [200, 201], verb: "STARTTLS", agreed: 382 },
};

/**
 * Takes a server's greeting, asks it for TLS and makes the handshake: STARTTLS of SMTP (RFC 3207), IMAP
 * (RFC 9051 §6.2.1) and NNTP (RFC 4642), STLS of POP3 (RFC 2595 §4), AUTH TLS of FTP (RFC 4217).
 *
 * What the server said before TLS is forgotten; ask it again.
 *
 * @param protocol Which dialogue.
 * @param connection The plain connection; it belongs to the result, and is closed on failure.
 * @param options The name that the certificate must bear, whom to trust, time and signal.
 * @returns The connection inside TLS.
 * @throws {ReplyError} If the server refuses.
 * @throws {ProtocolError} If it speaks another protocol, sends plaintext too early, or says PREAUTH.
 * @throws {TlsError} If TLS could not be agreed on.
 *
 * @example Speak to a mail server inside TLS
 * ```ts
 * import type { Connection } from "@netwright/netwright/net";
 * import { startTlsDialogue } from "@netwright/netwright/wire";
 * async function upgrade(connection: Connection, hostname: string): Promise<Connection> {
 *   return await startTlsDialogue("smtp", connection, { hostname });
 * }
 * ```
 */
export async function startTlsDialogue(
  protocol: StarttlsProtocol,
  connection: Connection,
  options: StarttlsOptions,
): Promise<SecureConnection> {
  const { reconnect, ...rest } = options;
  const { reader } = await agree(protocol, connection, options);
  const secured = await secure(connection, {
    ...rest,
    role: "client",
    reader,
    reconnect: reconnect && (async () => {
      const again = await reconnect();
      await agree(protocol, again, { ...options, transcript: undefined });
      return again;
    }),
  });
  options.transcript?.record("*", "TLS started");
  return secured;
}

/** Talks until the server agrees to TLS; closes the connection if it does not. */
async function agree(
  protocol: StarttlsProtocol,
  connection: Connection,
  options: StarttlsOptions,
): Promise<{ readonly reader: LineReader }> {
  try {
    return protocol === "imap"
      ? await imapDialogue(connection, options)
      : await replyDialogue(protocol, connection, options);
  } catch (error) {
    closeQuietly(connection);
    throw error;
  }
}

async function replyDialogue(
  protocol: Exclude<StarttlsProtocol, "imap">,
  connection: Connection,
  options: StarttlsOptions,
): Promise<{ readonly reader: LineReader }> {
  const { style, greeting, verb, agreed } = DIALOGUES[protocol];
  const { signal, peer, transcript, timeoutMs } = options;
  const channel = new CommandChannel(connection, { style, signal, peer, transcript, timeoutMs });
  await channel.expect(greeting, "greet");
  if (protocol === "smtp") {
    const name = addressLiteral(connection);
    const { lines } = await channel.send(command`EHLO ${name}`, [250]);
    if (!lines.some((line) => line.launder((text) => text.toUpperCase() === "STARTTLS"))) {
      throw new ProtocolError("the server does not offer STARTTLS", {
        operation: "start TLS",
        peer: channel.peer,
      });
    }
  }
  await channel.send({ line: verb, shown: verb, verb }, [agreed]);
  return channel.release();
}

async function imapDialogue(
  connection: Connection,
  options: StarttlsOptions,
): Promise<{ readonly reader: LineReader }> {
  const peer = options.peer ?? formatEndpoint(connection.remoteAddr);
  const context = { operation: "start TLS", peer };
  using deadline = new Deadline(
    { signal: options.signal, timeoutMs: options.timeoutMs ?? 60_000 },
    context,
  );
  const reader = new LineReader(connection, { deadline, peer, unfinished: "error" });
  const writer = new LineWriter(connection, { deadline, peer });
  const read = async (): Promise<string> => {
    const line = await reader.readLine();
    if (line === undefined) throw new ProtocolError("the server said nothing", context);
    options.transcript?.record("S", line);
    return line;
  };
  const greeting = await read();
  if (!/^\* OK\b/i.test(greeting)) {
    const received = cleanText(greeting, { maxLength: 200 });
    const preauth = /^\* PREAUTH\b/i.test(greeting);
    // A session that is logged in already can not be upgraded; going on would be in plain text.
    throw new ProtocolError(
      preauth
        ? "the server greets with PREAUTH, so TLS cannot begin"
        : `no greeting: "${received}"`,
      { ...context, received },
    );
  }
  options.transcript?.record("C", "a STARTTLS");
  await writer.writeLine("a STARTTLS");
  for (let untagged = 0; untagged < 100; untagged++) {
    const line = await read();
    if (line.startsWith("* ")) continue;
    if (/^a OK\b/i.test(line)) return { reader };
    const code = /^a (NO|BAD)\b/i.exec(line)?.[1]?.toUpperCase();
    const received = cleanText(line, { maxLength: 200 });
    if (code === undefined) throw new ProtocolError(`this is no reply: "${received}"`, context);
    throw new ReplyError(received, { ...context, code, lines: [new Tainted(line)] });
  }
  throw new ProtocolError("the server does not come to the point", context);
}
