/**
 * Questions to the kernel about its links, addresses and sockets (netlink(7)).
 *
 * @module
 */

import { LimitError, ProtocolError } from "../../net/mod.ts";
import { errno, libc } from "../libc/libc.ts";
import { SOCK_CLOEXEC } from "../libc/linux.ts";
import { systemCallError } from "../libc/system_call_error.ts";

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const HEADER_BYTES = 16;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
/** A request for all that there is. */
const REQUEST_ALL = 0x301;
/** The kernel's own pieces are 32 KiB at most. */
const BUFFER_BYTES = 65_536;
/** Most messages of an answer. */
const MAX_MESSAGES = 100_000;

/** A message of the kernel, or an attribute in one. */
export interface NetlinkItem {
  /** Which kind. */
  readonly type: number;
  /** Its content. */
  readonly data: Uint8Array;
}

/** The request to the kernel. */
export interface NetlinkRequest {
  /** Which part of the kernel. @default {0, links and addresses} */
  readonly protocol?: number;
  /** The request, such as RTM_GETLINK. */
  readonly type: number;
  /** What follows its header. @default {a `rtgenmsg` of any family} */
  readonly body?: Uint8Array;
}

/**
 * Asks for all that the kernel knows of a kind.
 *
 * @param asked What.
 * @returns The messages of its answer.
 * @throws {UnsupportedError} If this is not Linux.
 * @throws {CapabilityError} If the process may not load the C library.
 * @throws {SystemCallError} If the kernel refuses.
 */
export function askKernel(
  { protocol = 0, type, body = new Uint8Array(4) }: NetlinkRequest,
): NetlinkItem[] {
  const context = { operation: "ask the kernel" };
  const fd = libc().socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
  if (fd < 0) throw systemCallError(errno(), context);
  try {
    const request = new Uint8Array(HEADER_BYTES + body.length);
    request.set(body, HEADER_BYTES);
    const view = new DataView(request.buffer);
    view.setUint32(0, request.length, true);
    view.setUint16(4, type, true);
    view.setUint16(6, REQUEST_ALL, true);
    if (Number(libc().sendto(fd, request, BigInt(request.length), 0, null, 0)) < 0) {
      throw systemCallError(errno(), context);
    }
    const messages: NetlinkItem[] = [];
    const buffer = new Uint8Array(BUFFER_BYTES);
    while (messages.length < MAX_MESSAGES) {
      const count = Number(libc().recvfrom(fd, buffer, BigInt(buffer.length), 0, null, null));
      if (count < 0) throw systemCallError(errno(), context);
      for (const message of parseMessages(buffer.slice(0, count))) {
        if (message.type === NLMSG_DONE) return messages;
        if (message.type !== NLMSG_ERROR) messages.push(message);
        else {throw systemCallError(
            -new DataView(message.data.slice().buffer).getInt32(0, true),
            context,
          );}
      }
    }
    throw new LimitError("the kernel answers without end", { ...context, limit: MAX_MESSAGES });
  } finally {
    libc().close(fd);
  }
}

/**
 * Divides the kernel's data into messages.
 *
 * @param bytes The bytes of one read.
 * @returns The messages, without their headers.
 * @throws {ProtocolError} If a length is wrong.
 */
export function parseMessages(bytes: Uint8Array): NetlinkItem[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const messages: NetlinkItem[] = [];
  for (let at = 0; at + HEADER_BYTES <= bytes.length;) {
    const length = view.getUint32(at, true);
    if (length < HEADER_BYTES || at + length > bytes.length) throw wrongLength();
    const type = view.getUint16(at + 4, true);
    messages.push({ type, data: bytes.subarray(at + HEADER_BYTES, at + length) });
    at += Math.ceil(length / 4) * 4;
  }
  return messages;
}

/**
 * Finds the attributes of a message.
 *
 * @param bytes The message after its fixed part, or a nested attribute.
 * @returns The last of each type.
 * @throws {ProtocolError} If a length is wrong.
 */
export function parseAttributes(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const attributes = new Map<number, Uint8Array>();
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = view.getUint16(at, true);
    if (length < 4 || at + length > bytes.length) throw wrongLength();
    // The two highest bits say how to read it.
    attributes.set(view.getUint16(at + 2, true) & 0x3fff, bytes.subarray(at + 4, at + length));
    at += Math.ceil(length / 4) * 4;
  }
  return attributes;
}

function wrongLength(): ProtocolError {
  return new ProtocolError("the kernel's answer has a wrong length", {
    operation: "ask the kernel",
  });
}
