/**
 * A scripted name server.
 *
 * @module
 */

import { ByteReader, type Connection } from "../../src/net/mod.ts";

/** A record: name, type number, and its data as bytes. */
export type ZoneRecord = readonly [name: string, type: number, data: Uint8Array];

/** The records of a name. */
export interface Zone {
  /** 0 to 15; 0 if absent. */
  readonly rcode?: number;
  readonly records?: readonly ZoneRecord[];
  /** Whether a datagram says only that it was cut. */
  readonly isTruncated?: boolean;
  /** Whether the answer by TCP is cut as well. */
  readonly isCutByTcp?: boolean;
  /** Whether nothing is said at all. */
  readonly isSilent?: boolean;
  /** How many datagrams are lost before one is answered. */
  readonly lost?: number;
  /** Whether a question with EDNS is answered with FORMERR. */
  readonly knowsNoEdns?: boolean;
  /** Bytes that are missing at the end of a datagram that is cut; without it, it holds no records. */
  readonly cutBytes?: number;
  /** Bytes that are sent before the answer, with its identifier in front. */
  readonly before?: Uint8Array;
  /** Upper bits of the response code, in an OPT record. */
  readonly extendedRcode?: number;
  /** Class of the records. @default {1} */
  readonly class?: number;
}

/** Data of a record that is a name, in which `\.` is a dot within a label. */
export function nameData(name: string): Uint8Array {
  const labels = name.split(/(?<!\\)\./).filter((label) => label !== "");
  const bytes = labels.flatMap((label) => {
    const text = new TextEncoder().encode(label.replace(/\\(.)/g, "$1"));
    return [text.length, ...text];
  });
  return Uint8Array.from([...bytes, 0]);
}

/** A record of an address for examples. */
export function addressRecord(name: string, last = 1): ZoneRecord {
  return [name, 1, Uint8Array.of(192, 0, 2, last)];
}

/** Data of texts, each with its length in front. */
export function textData(...texts: readonly (string | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(texts.flatMap((text) => {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    return [bytes.length, ...bytes];
  }));
}

/** The server, for datagrams and TCP on one port. */
export class NameServer implements Disposable {
  /** Names that were asked for, with the type's number. */
  readonly asked: string[] = [];
  readonly #zones: Readonly<Record<string, Zone>>;
  readonly #socket: Deno.DatagramConn;
  readonly #listener: Deno.TcpListener;

  constructor(
    zones: Readonly<Record<string, Zone>>,
    hostname = "127.0.0.1",
    port = 0,
    { hasTcp = true }: { readonly hasTcp?: boolean } = {},
  ) {
    this.#zones = zones;
    this.#listener = Deno.listen({ hostname, port });
    const own = this.#listener.addr.port;
    this.#socket = Deno.listenDatagram({ transport: "udp", hostname, port: own });
    void this.#serveDatagrams();
    if (hasTcp) void this.#serveStreams();
    else this.#listener.close();
  }

  get port(): number {
    return (this.#socket.addr as Deno.NetAddr).port;
  }

  async #serveDatagrams(): Promise<void> {
    while (true) {
      const got = await this.#socket.receive().catch(() => undefined);
      if (got === undefined) return;
      const [query, sender] = got;
      const before = this.#zoneOf(query)?.before;
      if (before !== undefined) {
        await this.#socket.send(Uint8Array.of(query[0]!, query[1]!, ...before), sender);
      }
      const reply = this.#reply(query, true);
      if (reply !== undefined) await this.#socket.send(reply, sender).catch(() => {});
    }
  }

  async #serveStreams(): Promise<void> {
    for await (const connection of this.#listener) void this.#serveStream(connection);
  }

  async #serveStream(connection: Connection): Promise<void> {
    try {
      const reader = new ByteReader(connection);
      const [high = 0, low = 0] = await reader.readExact(2);
      const reply = this.#reply(await reader.readExact(high * 256 + low), false);
      if (reply !== undefined) {
        await connection.write(Uint8Array.of(reply.length >> 8, reply.length & 255, ...reply));
      }
    } catch {
      // One that only looked whether we are here.
    } finally {
      connection.close();
    }
  }

  #zoneOf(query: Uint8Array): Zone | undefined {
    const [name, type] = questionOf(query);
    return this.#zones[`${name} ${type}`] ?? this.#zones[name];
  }

  #reply(query: Uint8Array, isDatagram: boolean): Uint8Array | undefined {
    const [name, type, end] = questionOf(query);
    const question = query.subarray(12, end);
    this.asked.push(`${name} ${type}`);
    const zone = this.#zoneOf(query) ?? { rcode: 3 };
    if (zone.isSilent) return undefined;
    const isLost = isDatagram &&
      this.asked.filter((asked) => asked === `${name} ${type}`).length <= (zone.lost ?? 0);
    if (isLost) return undefined;
    const isCut = (isDatagram || zone.isCutByTcp === true) && zone.isTruncated === true;
    const isRefused = zone.knowsNoEdns === true && query[11] === 1;
    const hasRecords = !isRefused && (!isCut || zone.cutBytes !== undefined);
    const records = hasRecords ? zone.records ?? [] : [];
    const flags = 0x8180 | (isRefused ? 1 : zone.rcode ?? 0) | (isCut ? 0x0200 : 0);
    const bytes: number[] = [
      query[0]!,
      query[1]!,
      flags >> 8,
      flags & 255,
      0,
      1,
      0,
      records.length,
    ];
    bytes.push(0, 0, 0, zone.extendedRcode === undefined ? 0 : 1, ...question);
    for (const [owner, number, data] of records) {
      bytes.push(...nameData(owner), number >> 8, number & 255, 0, zone.class ?? 1, 0, 0, 1, 44);
      bytes.push(data.length >> 8, data.length & 255, ...data);
    }
    if (zone.extendedRcode !== undefined) {
      bytes.push(0, 0, 41, 4, 208, zone.extendedRcode, 0, 0, 0, 0, 0);
    }
    return Uint8Array.from(isCut ? bytes.slice(0, bytes.length - (zone.cutBytes ?? 0)) : bytes);
  }

  [Symbol.dispose](): void {
    this.#socket.close();
    try {
      this.#listener.close();
    } catch (error) {
      // One without TCP is closed already.
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }
}

/** The question, in small letters with dots in labels escaped, and where the question ends. */
function questionOf(query: Uint8Array): readonly [name: string, type: number, end: number] {
  const labels: string[] = [];
  let at = 12;
  for (let size; (size = query[at]!) > 0; at += size + 1) {
    const label = new TextDecoder().decode(query.subarray(at + 1, at + 1 + size));
    labels.push(label.replace(/[.\\]/g, "\\$&"));
  }
  return [labels.join(".").toLowerCase(), query[at + 1]! * 256 + query[at + 2]!, at + 5];
}
