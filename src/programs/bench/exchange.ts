/**
 * The request and the response of one round trip.
 *
 * @module
 */

import { type ByteReader, DisconnectedError, ProtocolError } from "../../net/mod.ts";
import { readResponseHead, responseBody } from "../../protocols/http/internal.ts";

/** The description of a round trip, as plain data that can be posted to another thread. */
export type ExchangePlan =
  /** A message of so many bytes comes back from an echo server. */
  | { readonly kind: "echo"; readonly bytes: number }
  /** A document is fetched. */
  | {
    readonly kind: "http";
    readonly host: string;
    readonly target: string;
    readonly keepAlive: boolean;
  };

/** An answer that came. */
export interface Answer {
  /** Bytes of its body. */
  readonly bytes: number;
  /** Whether the connection can go on. */
  readonly isContinued: boolean;
  /** The defect of the response, if the connection is not to blame: `status 404`. */
  readonly fault?: string;
}

/** One kind of round trip. */
export interface Exchange {
  /** The request. */
  readonly request: Uint8Array;
  /**
   * Reads the response.
   * @throws {DisconnectedError|ProtocolError} If it does not, or if it is something else.
   */
  readAnswer(reader: ByteReader): Promise<Answer>;
}

/** Bytes that are read at once of a document that is not here as a whole. */
const BUFFER_BYTES = 64 * 1024;

/**
 * Prepares a round trip.
 *
 * @param plan Which.
 * @returns It.
 */
export function openExchange(plan: ExchangePlan): Exchange {
  return plan.kind === "echo" ? echoExchange(plan.bytes) : httpExchange(plan);
}

function echoExchange(bytes: number): Exchange {
  // The message ends with the only line feed, for servers that answer in lines.
  const request = Uint8Array.from({ length: bytes }, (_, i) => 97 + i % 26);
  request[bytes - 1] = 10;
  return {
    request,
    async readAnswer(reader) {
      for (let done = 0; done < bytes;) {
        if (reader.buffered === 0 && !await reader.fill()) throw ended();
        const piece = reader.available.subarray(0, bytes - done);
        for (let i = 0; i < piece.length; i++) {
          if (piece[i] !== request[done + i]) {
            throw new ProtocolError("something else came back", { operation: "echo" });
          }
        }
        reader.consume(piece.length);
        done += piece.length;
      }
      return { bytes, isContinued: true };
    },
  };
}

function httpExchange(
  { host, target, keepAlive }: Extract<ExchangePlan, { kind: "http" }>,
): Exchange {
  const connection = keepAlive ? "" : "Connection: close\r\n";
  const text = `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${connection}\r\n`;
  return {
    request: new TextEncoder().encode(text),
    async readAnswer(reader) {
      const head = await readResponseHead(reader, "GET");
      if (head === undefined) throw ended();
      let bytes = 0;
      if (head.framing.kind === "length" && head.framing.bytes <= reader.buffered) {
        // Short answers are mostly here as a whole.
        bytes = head.framing.bytes;
        reader.consume(bytes);
      } else {
        const body = responseBody(reader, head);
        const buffer = new Uint8Array(BUFFER_BYTES);
        for (let count; (count = await body.read(buffer)) !== null;) bytes += count;
      }
      const answer = { bytes, isContinued: keepAlive && head.keepAlive };
      return head.status < 400 ? answer : { ...answer, fault: `status ${head.status}` };
    },
  };
}

function ended(): DisconnectedError {
  return new DisconnectedError("the connection ended before the answer", { operation: "read" });
}
