/**
 * The dialogues before TLS of protocols whose replies have no codes: IMAP, ManageSieve, XMPP, LDAP, PostgreSQL.
 *
 * @module
 */

import { escapeMarkup } from "../../net/internal.ts";
import {
  type Connection,
  Deadline,
  escapeForDisplay,
  formatEndpoint,
  LineReader,
  LineWriter,
  ProtocolError,
  ReplyError,
  singleLine,
  Tainted,
  type WaitOptions,
  writeAll,
} from "../../net/mod.ts";
import type { Transcript } from "./transcript.ts";

/** Most lines before the server comes to the point. */
const MAX_LINES = 100;
/** Most bytes of an XMPP server before that. */
const MAX_XML_BYTES = 64 * 1024;
/** Largest answer of an LDAP server. */
const MAX_BER_BYTES = 64 * 1024;

/** The parameters of a dialogue. */
export interface DialogueOptions extends WaitOptions {
  /** The name of the server. */
  readonly hostname: string;
  /** The peer, for error messages. */
  readonly peer?: string | undefined;
  /** Where it is recorded. */
  readonly transcript?: Transcript | undefined;
}

/** A dialogue under way. */
interface Talk {
  readonly reader: LineReader;
  readonly context: { readonly operation: string; readonly peer: string };
  readonly hostname: string;
  /** Reads a line, which is recorded. */
  line(): Promise<string>;
  /** Sends a line. */
  say(line: string): Promise<void>;
  /** Sends bytes. */
  send(bytes: Uint8Array, shown: string): Promise<void>;
  /** Records the server's other replies. */
  received(text: string): void;
}

/** Protocols of this kind. */
export type UncodedProtocol = "imap" | "sieve" | "xmpp" | "ldap" | "postgres";

/** Talks until the server agrees to TLS. */
export async function uncodedDialogue(
  protocol: UncodedProtocol,
  connection: Connection,
  options: DialogueOptions,
): Promise<{ readonly reader: LineReader }> {
  const peer = options.peer ?? formatEndpoint(connection.remoteAddr);
  const context = { operation: "start TLS", peer };
  using deadline = new Deadline(
    { signal: options.signal, timeoutMs: options.timeoutMs ?? 60_000 },
    context,
  );
  const reader = new LineReader(connection, { deadline, peer, unfinished: "error" });
  const writer = new LineWriter(connection, { deadline, peer });
  await DIALOGUES[protocol]({
    reader,
    context,
    hostname: options.hostname,
    async line() {
      const line = await reader.readLine();
      if (line === undefined) throw new ProtocolError("the server said nothing", context);
      options.transcript?.record("S", line);
      return line;
    },
    async say(line) {
      options.transcript?.record("C", line);
      await writer.writeLine(line);
    },
    async send(bytes, shown) {
      options.transcript?.record("C", shown);
      await deadline.wait(writeAll(connection, bytes), () => connection.close());
    },
    received: (text) => options.transcript?.record("S", singleLine(text)),
  });
  return { reader };
}

const DIALOGUES: Readonly<Record<UncodedProtocol, (talk: Talk) => Promise<void>>> = {
  imap,
  sieve,
  xmpp,
  ldap,
  postgres,
};

/** RFC 9051 §6.2.1. */
async function imap({ context, line: read, say }: Talk): Promise<void> {
  const greeting = await read();
  if (!/^\* OK\b/i.test(greeting)) {
    // A session that is logged in already cannot be upgraded; continuing would be in plain text.
    if (/^\* PREAUTH\b/i.test(greeting)) {
      throw new ProtocolError("the server greets with PREAUTH, so TLS cannot begin", context);
    }
    throw noGreeting(greeting, context);
  }
  await say("a STARTTLS");
  for (let untagged = 0; untagged < MAX_LINES; untagged++) {
    const line = await read();
    if (line.startsWith("* ")) continue;
    if (/^a OK\b/i.test(line)) return;
    throw refused(line, /^a (NO|BAD)\b/i, context);
  }
  throw new ProtocolError("the server does not come to the point", context);
}

/** RFC 5804 §1.6, §2.2: capabilities until a line that says OK. */
async function sieve({ context, line: read, say }: Talk): Promise<void> {
  let offered = false;
  const untilOk = async (): Promise<void> => {
    for (let lines = 0; lines < MAX_LINES; lines++) {
      const line = await read();
      offered ||= /^"STARTTLS"/i.test(line);
      if (/^OK\b/i.test(line)) return;
      if (!line.startsWith('"')) throw refused(line, /^(NO|BYE)\b/i, context);
    }
    throw new ProtocolError("the server does not come to the point", context);
  };
  await untilOk();
  if (!offered) throw new ProtocolError("the server does not offer STARTTLS", context);
  await say("STARTTLS");
  await untilOk();
}

/** RFC 6120 §5.4: a stream, its features, and the word to go on. */
async function xmpp({ reader, context, hostname, send, received }: Talk): Promise<void> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(4096);
  let text = "";
  const until = async (requested: RegExp): Promise<string> => {
    while (true) {
      const found = requested.exec(text);
      if (found !== null) {
        text = text.slice(found.index + found[0].length);
        received(found[0]);
        return found[0];
      }
      if (text.length > MAX_XML_BYTES) {
        throw new ProtocolError("the server does not come to the point", context);
      }
      const count = await reader.read(buffer);
      if (count === null) throw new ProtocolError("the server ended the stream", context);
      text += decoder.decode(buffer.subarray(0, count), { stream: true });
    }
  };
  const header = "<?xml version='1.0'?>" +
    `<stream:stream to='${escapeMarkup(hostname)}' version='1.0' xml:lang='en' ` +
    "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
  await send(new TextEncoder().encode(header), header);
  const features = await until(
    /<(?:stream:)?features\b[^>]*\/>|<(?:stream:)?features\b[^]*?<\/(?:stream:)?features>|<(?:stream:)?error\b[^]*?<\/(?:stream:)?error>|<\/stream:stream>/,
  );
  if (!/<starttls\b/.test(features)) {
    throw new ProtocolError("the server does not offer STARTTLS", context);
  }
  const starttls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
  await send(new TextEncoder().encode(starttls), starttls);
  const answer = await until(/<(?:proceed|failure)\b[^>]*>|<\/stream:stream>/);
  if (!answer.startsWith("<proceed")) {
    throw new ReplyError(escapeForDisplay(answer), { ...context, code: "failure", lines: [] });
  }
  // Clear text behind the reply may have been injected.
  if (text.replace(/^<\/proceed>/, "") !== "") {
    throw new ProtocolError("plaintext came before the TLS handshake", context);
  }
}

/** The extended operation of RFC 4511 §4.14, as message 1 in BER. */
const LDAP_OID = "1.3.6.1.4.1.1466.20037";
const LDAP_REQUEST = Uint8Array.from([
  ...[0x30, 7 + LDAP_OID.length, 0x02, 1, 1, 0x77, 2 + LDAP_OID.length, 0x80, LDAP_OID.length],
  ...new TextEncoder().encode(LDAP_OID),
]);

async function ldap({ reader, context, send, received }: Talk): Promise<void> {
  await send(LDAP_REQUEST, `StartTLS (${LDAP_OID})`);
  const read = async (requested: number): Promise<Uint8Array> => {
    const [tag, first] = await reader.readExact(2);
    let length = first!;
    if (length > 0x80) {
      length = 0;
      for (const byte of await reader.readExact(Math.min(first! - 0x80, 5))) {
        length = length * 256 + byte;
      }
    }
    if (tag !== requested || first === 0x80 || length > MAX_BER_BYTES) throw notLdap();
    return await reader.readExact(length);
  };
  const notLdap = () => new ProtocolError("malformed LDAP response", context);
  const [id, response] = elements(await read(0x30)) ?? [];
  if (id?.tag !== 2 || id.value.at(-1) !== 1 || response?.tag !== 0x78) throw notLdap();
  const [code, , diagnostic] = elements(response.value) ?? [];
  if (code?.tag !== 10 || code.value.length !== 1) throw notLdap();
  const text = escapeForDisplay(new TextDecoder().decode(diagnostic?.value));
  received(`result ${code.value[0]} ${text}`.trimEnd());
  if (code.value[0] === 0) return;
  throw new ReplyError(`result ${code.value[0]} ${text}`.trimEnd(), {
    ...context,
    code: code.value[0]!,
    lines: [],
  });
}

/** Divides a constructed value of BER; undefined if its lengths are wrong. */
function elements(bytes: Uint8Array): { tag: number; value: Uint8Array }[] | undefined {
  const found: { tag: number; value: Uint8Array }[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at]!;
    let length = bytes[at + 1] ?? Infinity;
    at += 2;
    if (length > 0x80) {
      const count = length - 0x80;
      if (count > 4) return undefined;
      length = bytes.subarray(at, at + count).reduce((sum, byte) => sum * 256 + byte, 0);
      at += count;
    }
    if (at + length > bytes.length) return undefined;
    found.push({ tag, value: bytes.subarray(at, at + length) });
    at += length;
  }
  return found;
}

/** The SSLRequest of PostgreSQL's protocol; one letter answers. */
async function postgres({ reader, context, send, received }: Talk): Promise<void> {
  await send(Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f), "SSLRequest");
  const answer = String.fromCharCode((await reader.readExact(1))[0]!);
  received(answer);
  if (answer === "S") return;
  if (answer === "N") throw new ProtocolError("the server does not offer TLS", context);
  throw new ProtocolError("malformed PostgreSQL response", context);
}

function noGreeting(line: string, context: Talk["context"]): ProtocolError {
  const received = escapeForDisplay(line.slice(0, 200));
  return new ProtocolError(`no greeting: "${received}"`, { ...context, received });
}

function refused(
  line: string,
  refusal: RegExp,
  context: Talk["context"],
): ProtocolError | ReplyError {
  const code = refusal.exec(line)?.[1]?.toUpperCase();
  const received = escapeForDisplay(line.slice(0, 200));
  return code === undefined
    ? new ProtocolError(`malformed reply: "${received}"`, context)
    : new ReplyError(received, { ...context, code, lines: [new Tainted(line)] });
}
