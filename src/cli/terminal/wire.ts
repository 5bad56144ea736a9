/**
 * The recorder behind `--wire`: what goes over any connection, as a readable dialogue.
 *
 * @module
 */

import { closeQuietly } from "../../net/internal.ts";
import { type Address, type Connection, type Network, overrideNetwork } from "../../net/mod.ts";
import { Transcript } from "../../protocols/wire/mod.ts";
import type { Output } from "./output.ts";

/** Longest line that is shown whole; a longer one is shown in pieces. */
const MAX_LINE_BYTES = 1000;

/**
 * Makes the transcript that `--wire` shows.
 *
 * @param stderr Where the lines go.
 * @returns A transcript; its lines go out in order.
 */
export function wireTranscript(stderr: Output): Transcript {
  return new Transcript((speaker, text) => {
    // A failing standard error cannot be reported anywhere.
    stderr.line(`${speaker}: ${text}`).catch(() => {});
  });
}

/**
 * Records all that goes over the connections of a network.
 *
 * @param network The network.
 * @param transcript Where the dialogue goes.
 * @returns The same network, recorded; connections inside TLS are recorded by {@link recordConnection}.
 */
export function recordDatagrams(network: Network, transcript: Transcript): Network {
  return overrideNetwork(network, {
    listenDatagram(options) {
      const socket = network.listenDatagram(options);
      const decoder = new TextDecoder();
      return {
        addr: socket.addr,
        async receive(p?: Uint8Array): Promise<[Uint8Array, Address]> {
          const [bytes, sender] = await socket.receive(p);
          transcript.record("S", decoder.decode(bytes));
          return [bytes, sender];
        },
        async send(p: Uint8Array, addr: Address): Promise<number> {
          transcript.record("C", decoder.decode(p));
          return await socket.send(p, addr);
        },
        joinMulticastV4: (group, at) => socket.joinMulticastV4(group, at),
        joinMulticastV6: (group, at) => socket.joinMulticastV6(group, at),
        close: () => closeQuietly(socket),
      };
    },
  });
}

/**
 * Records what goes over one connection, line by line.
 *
 * @param connection The connection.
 * @param transcript Where the dialogue goes.
 * @returns The connection, recorded.
 */
export function recordConnection(connection: Connection, transcript: Transcript): Connection {
  const sent = new LineSplitter((line) => transcript.record("C", line));
  const received = new LineSplitter((line) => transcript.record("S", line));
  return {
    localAddr: connection.localAddr,
    remoteAddr: connection.remoteAddr,
    async read(p) {
      const count = await connection.read(p);
      if (count === null) received.end();
      else received.add(p.subarray(0, count));
      return count;
    },
    async write(p) {
      const count = await connection.write(p);
      sent.add(p.subarray(0, count));
      return count;
    },
    async closeWrite() {
      sent.end();
      await connection.closeWrite();
    },
    close() {
      sent.end();
      received.end();
      closeQuietly(connection);
    },
    [Symbol.dispose]() {
      this.close();
    },
  };
}

/** Cuts bytes into lines for showing. */
class LineSplitter {
  readonly #show: (line: string) => void;
  readonly #decoder = new TextDecoder();
  #line: number[] = [];

  constructor(show: (line: string) => void) {
    this.#show = show;
  }

  add(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === 10) this.#flush();
      else if (this.#line.push(byte) >= MAX_LINE_BYTES) this.#flush();
    }
  }

  end(): void {
    if (this.#line.length > 0) this.#flush();
  }

  #flush(): void {
    if (this.#line.at(-1) === 13) this.#line.pop();
    this.#show(this.#decoder.decode(Uint8Array.from(this.#line)));
    this.#line = [];
  }
}
