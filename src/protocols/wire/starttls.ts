/**
 * The dialogue before TLS, in each protocol that has one.
 *
 * @module
 */

import { addressLiteral, closeQuietly } from "../../net/internal.ts";
import {
  type Connection,
  Deadline,
  formatEndpoint,
  type LineReader,
  ProtocolError,
  secure,
  type SecureClientOptions,
  type SecureConnection,
} from "../../net/mod.ts";
import { uncodedDialogue, type UncodedProtocol } from "./_starttls_dialogues.ts";
import type { STARTTLS_PROTOCOLS } from "../../reference/usual_places.ts";
import { command } from "./command.ts";
import { CommandChannel } from "./command_channel.ts";
import type { ReplyStyle } from "./reply.ts";
import type { Transcript } from "./transcript.ts";

/** A protocol that can go over to TLS. */
export type StarttlsProtocol = typeof STARTTLS_PROTOCOLS[number];

/** How {@link startTlsDialogue} talks. */
export interface StarttlsOptions
  extends Omit<SecureClientOptions, "role" | "reader" | "reconnect"> {
  /** Makes a second plain connection, to find out why a certificate is not trusted. */
  readonly reconnect?: (() => Promise<Connection>) | undefined;
  /** The peer, for error messages; the connection's peer if absent. */
  readonly peer?: string | undefined;
  /** Where the dialogue is recorded. */
  readonly transcript?: Transcript | undefined;
}

type CodedProtocol = Exclude<StarttlsProtocol, UncodedProtocol>;

/** The dialogues of protocols with coded replies. */
const DIALOGUES: Readonly<
  Record<
    CodedProtocol,
    {
      readonly style: ReplyStyle;
      readonly greeting: readonly (number | string)[];
      readonly verb: string;
      readonly agreed: number | string;
    }
  >
> = {
  smtp: { style: "smtp", greeting: [220], verb: "STARTTLS", agreed: 220 },
  lmtp: { style: "smtp", greeting: [220], verb: "STARTTLS", agreed: 220 },
  ftp: { style: "ftp", greeting: [220], verb: "AUTH TLS", agreed: 234 },
  pop3: { style: "pop3", greeting: ["+OK"], verb: "STLS", agreed: "+OK" },
  nntp: { style: "nntp", greeting: [200, 201], verb: "STARTTLS", agreed: 382 },
};

/**
 * Takes a server's greeting, asks it for TLS and makes the handshake: STARTTLS of SMTP and LMTP (RFC 3207), IMAP
 * (RFC 9051 §6.2.1), NNTP (RFC 4642), ManageSieve (RFC 5804), XMPP (RFC 6120 §5) and LDAP (RFC 4511 §4.14), STLS of POP3
 * (RFC 2595 §4), AUTH TLS of FTP (RFC 4217), and the SSLRequest of PostgreSQL.
 *
 * The server's replies before TLS are discarded; request them again.
 *
 * @param protocol Which dialogue.
 * @param connection The plain connection; it belongs to the result, and is closed on failure.
 * @param options The name that the certificate must have, the trusted authorities, time and signal.
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
  using deadline = new Deadline(
    { signal: options.signal, timeoutMs: options.timeoutMs ?? 60_000 },
    { operation: "start TLS", peer: options.peer ?? formatEndpoint(connection.remoteAddr) },
  );
  try {
    const talk = isCoded(protocol)
      ? replyDialogue(protocol, connection, options)
      : uncodedDialogue(protocol, connection, options);
    // The whole of it: a server that sends a byte now and then is never silent for long.
    return await deadline.wait(talk, () => closeQuietly(connection));
  } catch (error) {
    closeQuietly(connection);
    throw error;
  }
}

function isCoded(protocol: StarttlsProtocol): protocol is CodedProtocol {
  return Object.hasOwn(DIALOGUES, protocol);
}

async function replyDialogue(
  protocol: CodedProtocol,
  connection: Connection,
  options: StarttlsOptions,
): Promise<{ readonly reader: LineReader }> {
  const { style, greeting, verb, agreed } = DIALOGUES[protocol];
  const { signal, peer, transcript, timeoutMs } = options;
  const channel = new CommandChannel(connection, { style, signal, peer, transcript, timeoutMs });
  await channel.expect(greeting, "greet");
  if (protocol === "smtp" || protocol === "lmtp") {
    const name = addressLiteral(connection.localAddr);
    const hello = protocol === "smtp" ? command`EHLO ${name}` : command`LHLO ${name}`;
    const { lines } = await channel.send(hello, [250]);
    if (!lines.some((line) => line.validate((text) => text.toUpperCase() === "STARTTLS"))) {
      throw new ProtocolError("the server does not offer STARTTLS", {
        operation: "start TLS",
        peer: channel.peer,
      });
    }
  }
  await channel.send({ line: verb, shown: verb, verb }, [agreed]);
  return channel.release();
}
