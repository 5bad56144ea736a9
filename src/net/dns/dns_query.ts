/**
 * One question to one name server (RFC 1035, RFC 7766): by a datagram, and by TCP if the answer is too long for one.
 *
 * @module
 */

import { ByteReader } from "../bytes/byte_reader.ts";
import { escapeControls } from "../core/escape_controls.ts";
import { closeQuietly } from "../core/close.ts";
import type { Deadline } from "../core/deadline.ts";
import { connectHost } from "../connect/connect_host.ts";
import { writeAll } from "../bytes/read_write.ts";
import { decodeMessage, type DnsMessage, encodeQuery, type RawDnsRecord } from "./dns_message.ts";
import { DNS_TYPES, dnsTypeName } from "./dns_types.ts";
import { formatEndpoint, type HostEndpoint } from "../address/endpoint.ts";
import { ConnectError, DnsError, ProtocolError, TimeoutError } from "../core/errors.ts";
import { isFrom } from "../address/is_from.ts";
import { parseIp } from "../address/ip.ts";
import type { Network } from "../core/network.ts";

/** Pauses in milliseconds before a datagram is sent again. */
const RETRY_MS = [1000, 2000, 3000] as const;
/** Aliases that are followed. */
const MAX_ALIASES = 16;
/** Codes of servers that may not understand EDNS. */
const WITHOUT_EDNS: ReadonlySet<string> = new Set(["FORMERR", "NOTIMP", "BADVERS"]);
/** Time to wait for a datagram's answer, in milliseconds, if the server does not accept TCP. */
const NO_TCP_MS = 3000;
/** How long the right answer is waited for behind a malformed one, in milliseconds. */
const AFTER_BAD_MS = 500;

/** The answer of a name server. */
export interface DnsAnswer {
  /** Records of the type in question. */
  readonly records: readonly RawDnsRecord[];
  /** Names that the one in question stands for, in order (CNAME). */
  readonly aliases: readonly string[];
}

/**
 * Asks a name server.
 *
 * @param network Where.
 * @param server The name server.
 * @param name The name, of labels that the DNS can hold.
 * @param type Number of the type.
 * @param deadline Ends it.
 * @returns The records of that type, of the last alias if the name has aliases; at least one.
 * @throws {ConnectError} With kind `name not found` if there is no such name, or it has no such record.
 * @throws {DnsError} If the server cannot or will not say.
 * @throws {TimeoutError} If it does not answer.
 */
export async function queryDns(
  network: Pick<Network, "connect" | "listenDatagram">,
  server: HostEndpoint,
  name: string,
  type: number,
  deadline: Deadline,
): Promise<DnsAnswer> {
  const peer = formatEndpoint(server);
  const typeName = dnsTypeName(type);
  const context = { operation: `look up ${typeName} of`, peer: name };
  const aliases: string[] = [];
  // A server that is asked for another zone's name may stop at the alias that leads there.
  for (let asked = name;;) {
    const message = await ask(network, server, asked, type, deadline);
    const found = follow(message.answers, asked, type, aliases, context);
    if (found.records.length > 0) return { records: found.records, aliases };
    if (message.rcode === "NXDOMAIN") {
      throw new ConnectError("name not found", { ...context, kind: "name not found" });
    }
    if (message.rcode !== "NOERROR") {
      throw new DnsError(`the name server ${peer} ${explain(message.rcode)}`, {
        ...context,
        rcode: message.rcode,
      });
    }
    if (fold(found.last) === fold(asked)) {
      throw new ConnectError(`no ${typeName} record`, { ...context, kind: "name not found" });
    }
    asked = found.last;
  }
}

/** One question; by TCP if the answer is cut, without EDNS if the server does not understand that (RFC 6891 §7). */
async function ask(
  network: Pick<Network, "connect" | "listenDatagram">,
  server: HostEndpoint,
  name: string,
  type: number,
  deadline: Deadline,
): Promise<DnsMessage> {
  let message: DnsMessage | undefined;
  for (const extended of [true, false]) {
    message = await byDatagram(network, server, name, type, extended, deadline);
    if (message.isTruncated) {
      message = await byTcp(network, server, name, type, extended, deadline);
      if (message.isTruncated) {
        throw new ProtocolError("the answer is cut, by TCP too", {
          operation: "look up",
          peer: formatEndpoint(server),
        });
      }
    }
    if (!WITHOUT_EDNS.has(message.rcode)) break;
  }
  return message!;
}

function explain(rcode: string): string {
  const words: Readonly<Record<string, string>> = {
    SERVFAIL: "failed to look it up",
    REFUSED: "refuses to say",
    FORMERR: "did not understand the question",
    NOTIMP: "cannot answer such a question",
  };
  return `${words[rcode] ?? "gave an error"} (${rcode})`;
}

/** Follows the aliases of a name, which it adds to a list, to the records of a type. */
function follow(
  answers: readonly RawDnsRecord[],
  name: string,
  type: number,
  aliases: string[],
  context: { readonly operation: string; readonly peer: string },
): { readonly records: RawDnsRecord[]; readonly last: string } {
  let last = name;
  while (true) {
    const own = answers.filter((record) => fold(record.name) === fold(last));
    const records = own.filter((record) => type === DNS_TYPES.ANY || record.type === type);
    const alias = own.find((record) => record.type === DNS_TYPES.CNAME);
    if (records.length > 0 || alias === undefined) return { records, last };
    last = String(alias.value);
    const seen = [context.peer, ...aliases].map(fold);
    if (seen.includes(fold(last)) || aliases.length >= MAX_ALIASES) {
      const reason = "its aliases (CNAME) lead in a circle";
      throw new DnsError(reason, { ...context, rcode: "SERVFAIL" });
    }
    aliases.push(last);
  }
}

function fold(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

/** Whether a message answers this very question. */
function answersTo(message: DnsMessage, id: number, name: string, type: number): boolean {
  if (!message.isResponse || message.id !== id) return false;
  // A server that did not understand the question need not repeat it.
  if (message.question === undefined) return message.rcode !== "NOERROR";
  return fold(message.question.name) === fold(name) && message.question.type === type;
}

function randomId(): number {
  return crypto.getRandomValues(new Uint16Array(1))[0]!;
}

async function byDatagram(
  network: Pick<Network, "connect" | "listenDatagram">,
  server: HostEndpoint,
  name: string,
  type: number,
  extended: boolean,
  deadline: Deadline,
): Promise<DnsMessage> {
  const id = randomId();
  const query = encodeQuery(id, name, type, { extended });
  const address = { transport: "udp", hostname: server.hostname, port: server.port } as const;
  const hostname = parseIp(server.hostname)?.version === 6 ? "::" : "0.0.0.0";
  const socket = network.listenDatagram({ transport: "udp", hostname, port: 0 });
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  let timer: ReturnType<typeof setTimeout> | undefined;
  let fallback: ReturnType<typeof setTimeout> | undefined;
  let sent = 0;
  let isOver = false;
  const send = (): void => {
    socket.send(query, address).catch(failed.reject);
    const pause = RETRY_MS[sent++];
    if (pause === undefined) return;
    timer = setTimeout(() => {
      // A socket for datagrams does not learn that a port is closed; a connection does. A server may do without
      // TCP, so its answer is waited for a little longer.
      if (sent === 1) {
        isThere(network, server, deadline).catch((error) => {
          if (!isOver) fallback = setTimeout(() => failed.reject(error), NO_TCP_MS - RETRY_MS[0]);
        });
      }
      send();
    }, pause);
  };
  try {
    send();
    const receiving = (async (): Promise<DnsMessage> => {
      const buffer = new Uint8Array(65_536);
      while (true) {
        const [bytes, sender] = await socket.receive(buffer);
        if (!isFrom(sender, address)) continue;
        try {
          const message = decodeUnlessForged(bytes, id);
          if (message !== undefined && answersTo(message, id, name, type)) return message;
        } catch (error) {
          // The right answer may still be on its way.
          fallback ??= setTimeout(
            () => failed.reject(malformedBy(error, server, name)),
            AFTER_BAD_MS,
          );
        }
      }
    })();
    receiving.catch(() => {});
    return await deadline.wait(Promise.race([receiving, failed.promise]), () => {});
  } finally {
    clearTimeout(timer);
    clearTimeout(fallback);
    isOver = true;
    socket.close();
  }
}

/** Adds the name server and the question to the error of a malformed message. */
function malformedBy(error: unknown, server: HostEndpoint, name: string): unknown {
  if (!(error instanceof ProtocolError)) return error;
  return new ProtocolError(error.reason, {
    operation: "look up",
    peer: formatEndpoint(server),
    hint: `it was asked for ${escapeControls(name, { maxLength: 260 })}`,
    cause: error,
  });
}

/** Anyone can send a datagram that looks like the server's: those with another id are ignored. */
function decodeUnlessForged(bytes: Uint8Array, id: number): DnsMessage | undefined {
  if (bytes.length < 2 || bytes[0]! * 256 + bytes[1]! !== id) return undefined;
  return decodeMessage(bytes);
}

/** Rejects if the server refuses connections; whatever else happens says nothing. */
async function isThere(
  network: Pick<Network, "connect">,
  server: HostEndpoint,
  deadline: Deadline,
): Promise<void> {
  try {
    closeQuietly(await connect(network, server, deadline));
  } catch (error) {
    if (!(error instanceof ConnectError) || error.kind !== "refused") return;
    throw new ConnectError("connection refused: no name server is there", {
      operation: "look up",
      peer: formatEndpoint(server),
      kind: "refused",
      cause: error,
    });
  }
}

async function connect(
  network: Pick<Network, "connect">,
  { hostname, port }: HostEndpoint,
  { signal, remainingMs }: Deadline,
) {
  return await connectHost(
    network,
    { transport: "tcp", hostname, port },
    { signal, timeoutMs: Math.max(1, Math.min(remainingMs, 30_000)) },
  );
}

async function byTcp(
  network: Pick<Network, "connect">,
  server: HostEndpoint,
  name: string,
  type: number,
  extended: boolean,
  deadline: Deadline,
): Promise<DnsMessage> {
  const id = randomId();
  const query = encodeQuery(id, name, type, { extended });
  const connection = await connect(network, server, deadline);
  try {
    const reader = new ByteReader(connection, { deadline, peer: formatEndpoint(server) });
    await writeAll(connection, Uint8Array.of(query.length >> 8, query.length & 255, ...query));
    const [high = 0, low = 0] = await reader.readExact(2);
    const bytes = await reader.readExact(high * 256 + low);
    let message: DnsMessage;
    try {
      message = decodeMessage(bytes);
    } catch (error) {
      throw malformedBy(error, server, name);
    }
    if (answersTo(message, id, name, type)) return message;
    throw new ProtocolError("the answer is to another question", {
      operation: "look up",
      peer: formatEndpoint(server),
    });
  } catch (error) {
    if (error instanceof TimeoutError) deadline.throwIfExpired();
    throw error;
  } finally {
    closeQuietly(connection);
  }
}
