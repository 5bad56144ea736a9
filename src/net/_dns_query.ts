/**
 * One question to one name server (RFC 1035, RFC 7766): by a datagram, and by TCP if the answer is too long for one.
 *
 * @module
 */

import { ByteReader } from "./byte_reader.ts";
import { closeQuietly } from "./close.ts";
import type { Deadline } from "./deadline.ts";
import { dial, writeAll } from "./dial.ts";
import {
  decodeMessage,
  DNS_TYPES,
  type DnsMessage,
  type DnsRecord,
  encodeQuery,
} from "./_dns_message.ts";
import { formatEndpoint, type HostEndpoint } from "./endpoint.ts";
import { ConnectError, DnsError, ProtocolError, TimeoutError } from "./errors.ts";
import { isFrom } from "./is_from.ts";
import { parseIp } from "./ip.ts";
import type { Network } from "./network.ts";

/** Whether a name is one of a type that can be asked for. */
export function isDnsType(name: string): name is keyof typeof DNS_TYPES {
  return Object.hasOwn(DNS_TYPES, name) && name !== "OPT";
}

/** Pauses in milliseconds before a datagram is sent again. */
const RETRY_MS = [1000, 2000, 3000] as const;
/** Aliases that are followed within one answer. */
const MAX_ALIASES = 16;

/**
 * Asks a name server.
 *
 * @param network Where.
 * @param server The name server.
 * @param name The name, of labels that the DNS can hold.
 * @param type Name of the type.
 * @param deadline Ends it.
 * @returns The records of that type, those of the last of its aliases if it has some.
 * @throws {ConnectError} With kind `name not found` if there is no such name, or it has no such record.
 * @throws {DnsError} If the server cannot or will not say.
 * @throws {TimeoutError} If it does not answer.
 */
export async function queryDns(
  network: Pick<Network, "connect" | "listenDatagram">,
  server: HostEndpoint,
  name: string,
  type: keyof typeof DNS_TYPES,
  deadline: Deadline,
): Promise<DnsRecord[]> {
  const peer = formatEndpoint(server);
  const number = DNS_TYPES[type];
  let message = await byDatagram(network, server, name, number, deadline);
  if (message.isTruncated) message = await byTcp(network, server, name, number, deadline);
  const context = { operation: `look up ${type} of`, peer: name };
  if (message.rcode === "NXDOMAIN") {
    throw new ConnectError("name not found", { ...context, kind: "name not found" });
  }
  if (message.rcode !== "NOERROR") {
    throw new DnsError(`the name server ${peer} ${explain(message.rcode)}`, {
      ...context,
      rcode: message.rcode,
    });
  }
  const records = follow(message.answers, name, number, context.operation);
  if (records.length > 0) return records;
  throw new ConnectError(`no ${type} record`, { ...context, kind: "name not found" });
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

/** The records of a type that a name has, by its aliases. */
function follow(
  answers: readonly DnsRecord[],
  name: string,
  type: number,
  operation: string,
): DnsRecord[] {
  let current = fold(name);
  const seen = new Set<string>();
  for (let steps = 0; steps <= MAX_ALIASES; steps++) {
    const own = answers.filter((record) =>
      fold(record.name) === current && (type === DNS_TYPES.ANY || record.type === type)
    );
    if (own.length > 0) return own;
    const alias = answers.find((record) =>
      fold(record.name) === current && record.type === DNS_TYPES.CNAME
    );
    if (alias === undefined) return [];
    seen.add(current);
    current = fold(String(alias.value));
    if (seen.has(current)) break;
  }
  throw new DnsError("its aliases (CNAME) lead in a circle", {
    operation,
    peer: name,
    rcode: "SERVFAIL",
  });
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
  deadline: Deadline,
): Promise<DnsMessage> {
  const id = randomId();
  const query = encodeQuery(id, name, type);
  const address = { transport: "udp", hostname: server.hostname, port: server.port } as const;
  const hostname = parseIp(server.hostname)?.version === 6 ? "::" : "0.0.0.0";
  const socket = network.listenDatagram({ transport: "udp", hostname, port: 0 });
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sent = 0;
  const send = (): void => {
    socket.send(query, address).catch(failed.reject);
    const pause = RETRY_MS[sent++];
    if (pause === undefined) return;
    timer = setTimeout(() => {
      // A socket for datagrams is not told that nobody listens there; one for a connection is.
      if (sent === 1) isThere(network, server, deadline).catch(failed.reject);
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
        const message = decodeUnlessForged(bytes);
        if (message !== undefined && answersTo(message, id, name, type)) return message;
      }
    })();
    receiving.catch(() => {});
    return await deadline.wait(Promise.race([receiving, failed.promise]), () => {});
  } finally {
    clearTimeout(timer);
    socket.close();
  }
}

/** Anyone can send a datagram that looks as if the server had: what is malformed is passed over. */
function decodeUnlessForged(bytes: Uint8Array): DnsMessage | undefined {
  try {
    return decodeMessage(bytes);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
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
  return await dial(
    network as Network,
    { transport: "tcp", hostname, port },
    { signal, timeoutMs: Math.max(1, Math.min(remainingMs, 30_000)) },
  );
}

async function byTcp(
  network: Pick<Network, "connect">,
  server: HostEndpoint,
  name: string,
  type: number,
  deadline: Deadline,
): Promise<DnsMessage> {
  const id = randomId();
  const query = encodeQuery(id, name, type);
  const connection = await connect(network, server, deadline);
  try {
    const reader = new ByteReader(connection, { deadline, peer: formatEndpoint(server) });
    await writeAll(connection, Uint8Array.of(query.length >> 8, query.length & 255, ...query));
    const [high = 0, low = 0] = await reader.readExact(2);
    const message = decodeMessage(await reader.readExact(high * 256 + low));
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
