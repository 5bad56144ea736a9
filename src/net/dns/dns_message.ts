/**
 * Messages of the DNS (RFC 1035 §4), and the records in them.
 *
 * @module
 */

import { ProtocolError } from "../core/errors.ts";
import { formatIp } from "../address/ip.ts";
import { DNS_TYPES } from "./dns_types.ts";

/** Names of response codes (RFC 1035 §4.1.1, RFC 2136, RFC 6891). */
const RCODES = [
  ...["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"],
  ...["YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE"],
];

/** Bytes of an answer that we take in one datagram (RFC 9715). */
const UDP_BYTES = 1232;
const CLASS_IN = 1;
const MAX_NAME_BYTES = 255;

/** One record. */
export interface RawDnsRecord {
  /** Whose record it is, without the final dot. */
  readonly name: string;
  /** Number of the type. */
  readonly type: number;
  /** Time to live in seconds. */
  readonly ttl: number;
  /** The data: a text, or an object of its fields. */
  readonly value: unknown;
}

/** A name server's answer. */
export interface DnsMessage {
  readonly id: number;
  readonly rcode: string;
  readonly isResponse: boolean;
  readonly isTruncated: boolean;
  /** The question. */
  readonly question: { readonly name: string; readonly type: number } | undefined;
  readonly answers: readonly RawDnsRecord[];
}

/**
 * Writes a query that asks for recursion.
 *
 * @param id 0 to 65535.
 * @param name The name, of labels that the DNS can hold.
 * @param type Number of the type.
 * @param options Whether longer answers are offered (EDNS, RFC 6891), which some servers do not understand.
 * @returns The message.
 */
export function encodeQuery(
  id: number,
  name: string,
  type: number,
  { extended = true }: { readonly extended?: boolean } = {},
): Uint8Array {
  const labels = parseLabels(name) ?? [];
  const bytes: number[] = [id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, extended ? 1 : 0];
  for (const label of labels) bytes.push(label.length, ...label);
  bytes.push(0, type >> 8, type & 255, 0, CLASS_IN);
  if (extended) bytes.push(0, 0, DNS_TYPES.OPT, UDP_BYTES >> 8, UDP_BYTES & 255, 0, 0, 0, 0, 0, 0);
  return Uint8Array.from(bytes);
}

/**
 * Reads a name as zone files write it (RFC 1035 §5.1): dots divide its labels, `\.` is a dot within one, and `\DDD` a
 * byte.
 *
 * @param name The name in ASCII, with or without its last dot; `.` is the root.
 * @returns The labels; undefined if the DNS could hold no such name (RFC 1035 §2.3.4).
 */
export function parseLabels(name: string): number[][] | undefined {
  if (name === ".") return [];
  const labels: number[][] = [[]];
  for (let at = 0; at < name.length; at++) {
    const character = name[at]!;
    if (character === "." && at === name.length - 1) break;
    if (character === ".") labels.push([]);
    else if (character === "\\") {
      const digits = /^\d{3}/.exec(name.slice(at + 1, at + 4))?.[0];
      const byte = digits === undefined ? name.charCodeAt(at + 1) : Number(digits);
      if (!(byte <= 0xff)) return undefined;
      labels.at(-1)!.push(byte);
      at += digits === undefined ? 1 : 3;
    } else if (/[!-~]/.test(character)) labels.at(-1)!.push(character.charCodeAt(0));
    else return undefined;
  }
  const size = labels.reduce((sum, label) => sum + label.length + 1, 1);
  const isValid = size <= 255 && labels.every(({ length }) => length > 0 && length < 64);
  return isValid ? labels : undefined;
}

/**
 * Reads a message.
 *
 * @param bytes The message.
 * @returns The message; its answers are incomplete if it is truncated.
 * @throws {ProtocolError} If it is malformed.
 */
export function decodeMessage(bytes: Uint8Array): DnsMessage {
  const reader = new MessageReader(bytes);
  const [id, flags, questions, answers, authorities, additions] = [0, 0, 0, 0, 0, 0]
    .map(() => reader.number(2)) as [number, number, number, number, number, number];
  const isTruncated = (flags & 0x0200) !== 0;
  let question: DnsMessage["question"];
  for (let count = 0; count < questions; count++) {
    question = { name: reader.name(), type: reader.number(2) };
    reader.skip(2);
  }
  const records: RawDnsRecord[] = [];
  let rcode = flags & 15;
  try {
    for (let count = 0; count < answers; count++) {
      const record = reader.record();
      if (record !== undefined && "value" in record) records.push(record);
    }
    for (let count = 0; count < authorities + additions; count++) {
      const record = reader.record();
      if (record !== undefined && "extendedRcode" in record) rcode |= record.extendedRcode << 4;
    }
  } catch (error) {
    // Of a message that was cut only the beginning counts, which says that it was cut.
    if (!isTruncated || !(error instanceof ProtocolError)) throw error;
  }
  return {
    id,
    rcode: RCODES[rcode] ?? (rcode === 16 ? "BADVERS" : `RCODE${rcode}`),
    isResponse: (flags & 0x8000) !== 0,
    isTruncated,
    question,
    answers: records,
  };
}

/** Reads the parts of a message in their order. */
class MessageReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  skip(count: number): void {
    this.take(count);
  }

  take(count: number): Uint8Array {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw malformed("it ends early");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  number(size: number): number {
    let value = 0;
    for (const byte of this.take(size)) value = value * 256 + byte;
    return value;
  }

  /** A name, which may go on at an earlier place; each such step must go further back, so it ends. */
  name(): string {
    const labels: string[] = [];
    let at = this.#at;
    let limit = this.#bytes.length;
    let length = 0;
    let isMoved = false;
    while (true) {
      const size = this.#bytes[at];
      if (size === undefined) throw malformed("a name ends early");
      if (size >= 0xc0) {
        const target = (size & 0x3f) * 256 + (this.#bytes[at + 1] ?? 0);
        if (!isMoved) this.#at = at + 2;
        isMoved = true;
        if (target >= Math.min(at, limit)) throw malformed("a name goes in a circle");
        limit = at = target;
        continue;
      }
      if (size >= 0x40) throw malformed("a label of an unknown kind");
      if (size === 0) break;
      length += size + 1;
      if (length > MAX_NAME_BYTES) throw malformed("a name is too long");
      if (at + 1 + size > this.#bytes.length) throw malformed("a name ends early");
      labels.push(showLabel(this.#bytes.subarray(at + 1, at + 1 + size)));
      at += size + 1;
    }
    if (!isMoved) this.#at = at + 1;
    return labels.join(".") || ".";
  }

  /** A record of the Internet; the upper bits of the response code (RFC 6891 §6.1.3); nothing of another class. */
  record(): RawDnsRecord | { readonly extendedRcode: number } | undefined {
    const name = this.name();
    const type = this.number(2);
    const recordClass = this.number(2);
    const ttl = this.number(4);
    const length = this.number(2);
    const end = this.#at + length;
    if (end > this.#bytes.length) throw malformed("a record ends early");
    if (type === DNS_TYPES.OPT || recordClass !== CLASS_IN) {
      this.#at = end;
      return type === DNS_TYPES.OPT ? { extendedRcode: ttl >>> 24 } : undefined;
    }
    const value = this.#value(type, end);
    if (this.#at > end) throw malformed("a record is longer than it says");
    this.#at = end;
    return { name, type, ttl, value };
  }

  #value(type: number, end: number): unknown {
    switch (type) {
      case DNS_TYPES.A:
        return this.#address(4, end);
      case DNS_TYPES.AAAA:
        return this.#address(6, end);
      case DNS_TYPES.NS:
      case DNS_TYPES.CNAME:
      case DNS_TYPES.PTR:
      case DNS_TYPES.DNAME:
        return this.name();
      case DNS_TYPES.MX:
        return { preference: this.number(2), exchange: this.name() };
      case DNS_TYPES.RP:
        return { mailbox: this.name(), texts: this.name() };
      case DNS_TYPES.AFSDB:
        return { subtype: this.number(2), hostname: this.name() };
      case DNS_TYPES.DS:
      case DNS_TYPES.CDS:
        return {
          keyTag: this.number(2),
          algorithm: this.number(1),
          digestType: this.number(1),
          digest: this.#hex(end),
        };
      case DNS_TYPES.SSHFP:
        return {
          algorithm: this.number(1),
          fingerprintType: this.number(1),
          fingerprint: this.#hex(end),
        };
      case DNS_TYPES.TLSA:
      case DNS_TYPES.SMIMEA:
        return {
          usage: this.number(1),
          selector: this.number(1),
          matchingType: this.number(1),
          data: this.#hex(end),
        };
      case DNS_TYPES.URI:
        return {
          priority: this.number(2),
          weight: this.number(2),
          target: showText(this.#rest(end)),
        };
      case DNS_TYPES.TXT:
      case DNS_TYPES.SPF:
      case DNS_TYPES.HINFO:
        return this.#texts(end);
      case DNS_TYPES.SOA:
        return {
          mname: this.name(),
          rname: this.name(),
          serial: this.number(4),
          refresh: this.number(4),
          retry: this.number(4),
          expire: this.number(4),
          minimum: this.number(4),
        };
      case DNS_TYPES.SRV:
        return {
          priority: this.number(2),
          weight: this.number(2),
          port: this.number(2),
          target: this.name(),
        };
      case DNS_TYPES.NAPTR:
        return {
          order: this.number(2),
          preference: this.number(2),
          flags: this.#text(),
          services: this.#text(),
          regexp: this.#text(),
          replacement: this.name(),
        };
      case DNS_TYPES.CAA:
        return {
          critical: (this.number(1) & 0x80) !== 0,
          tag: this.#text(),
          value: showText(this.#rest(end)),
        };
    }
    // RFC 3597 §5.
    const length = Math.max(0, end - this.#at);
    return `\\# ${length} ${this.#hex(end)}`.trimEnd();
  }

  #rest(end: number): Uint8Array {
    return this.take(Math.max(0, end - this.#at));
  }

  #hex(end: number): string {
    return [...this.#rest(end)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  #address(version: 4 | 6, end: number): string {
    const size = version === 4 ? 4 : 16;
    if (end - this.#at !== size) throw malformed("an address of a wrong length");
    let value = 0n;
    for (const byte of this.take(size)) value = value * 256n + BigInt(byte);
    return formatIp({ version, value });
  }

  #text(): string {
    return showText(this.take(this.number(1)));
  }

  #texts(end: number): string[] {
    const texts: string[] = [];
    while (this.#at < end) texts.push(this.#text());
    return texts;
  }
}

/** A label as zone files write it: dots within it, and bytes other than visible ASCII, are escaped (RFC 1035 §5.1). */
export function showLabel(bytes: Iterable<number>): string {
  let text = "";
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    if (character === "." || character === "\\") text += `\\${character}`;
    else if (byte > 0x20 && byte < 0x7f) text += character;
    else text += `\\${String(byte).padStart(3, "0")}`;
  }
  return text;
}

/** A text is UTF-8 nowadays; others stay readable byte by byte. */
function showText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return [...bytes].map((byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, "0")}`
    ).join("");
  }
}

function malformed(reason: string): ProtocolError {
  return new ProtocolError(`the name server's message is malformed: ${reason}`, {
    operation: "look up",
  });
}
