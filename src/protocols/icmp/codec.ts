/**
 * Echo messages of ICMP (RFC 792) and ICMPv6 (RFC 4443 §4).
 *
 * @module
 */

/** An echo request or reply. */
export interface IcmpEcho {
  /** Whose request it is. */
  readonly identifier: number;
  /** Which request. */
  readonly sequence: number;
  /** Data that comes back unchanged. */
  readonly data: Uint8Array;
}

const TYPES = { 4: { request: 8, reply: 0 }, 6: { request: 128, reply: 129 } } as const;

/**
 * Writes an echo request.
 *
 * @param version Of IP.
 * @param echo What to send.
 * @returns The message. The checksum of ICMPv6 is left to the kernel, which knows the addresses in it.
 */
export function encodeEchoRequest(version: 4 | 6, echo: IcmpEcho): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 + echo.data.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = TYPES[version].request;
  view.setUint16(4, echo.identifier);
  view.setUint16(6, echo.sequence);
  bytes.set(echo.data, 8);
  if (version === 4) view.setUint16(2, internetChecksum(bytes));
  return bytes;
}

/**
 * Reads an echo reply.
 *
 * @param version Of IP.
 * @param message The message, without the header of IP.
 * @returns The reply, or undefined if the message is another.
 */
export function decodeEchoReply(version: 4 | 6, message: Uint8Array): IcmpEcho | undefined {
  if (message.length < 8 || message[0] !== TYPES[version].reply || message[1] !== 0) {
    return undefined;
  }
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  return {
    identifier: view.getUint16(4),
    sequence: view.getUint16(6),
    data: message.subarray(8),
  };
}

/**
 * Reads which request an error is about.
 *
 * @param version Of IP.
 * @param message The beginning of the request, as an error brings it back.
 * @returns Its identifier and number; undefined if it is not an echo request.
 */
export function sequenceOfRequest(
  version: 4 | 6,
  message: Uint8Array,
): Pick<IcmpEcho, "identifier" | "sequence"> | undefined {
  if (message.length < 8 || message[0] !== TYPES[version].request) return undefined;
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  return { identifier: view.getUint16(4), sequence: view.getUint16(6) };
}

/**
 * Adds bytes up as the Internet protocols do (RFC 1071).
 *
 * @param bytes Any number; an odd one counts as if a zero followed.
 * @returns The checksum of 16 bits; that of a message with its checksum in it is 0.
 *
 * @example The RFC's own numbers
 * ```ts
 * import { internetChecksum } from "./codec.ts";
 * const sum = internetChecksum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7));
 * if (sum !== (~0xddf2 & 0xffff)) throw new Error(sum.toString(16));
 * ```
 */
export function internetChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes[at]! << 8 | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
