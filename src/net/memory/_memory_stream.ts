/**
 * One direction of an in-memory connection, with the faults of a real one.
 *
 * @module
 */

import type { Address, Connection } from "../core/connection.ts";
import type { Clock } from "../core/clock.ts";
import type { Random } from "./_random.ts";

/** What goes wrong with one direction of a stream. */
export interface StreamFaults {
  /** Time that bytes travel, in milliseconds. @default {0} */
  readonly delayMs?: number;
  /** Random time on top, up to this many milliseconds; the order of bytes is kept. @default {0} */
  readonly jitterMs?: number;
  /** Bandwidth. @default {Infinity} */
  readonly bytesPerSecond?: number;
  /** Each read gives a random number of bytes up to this. */
  readonly maxReadBytes?: number;
  /** Each write takes a random number of bytes up to this. */
  readonly maxWriteBytes?: number;
  /** Bytes under way before a write waits. @default {65536} */
  readonly bufferBytes?: number;
  /** After so many bytes the connection is reset. */
  readonly resetAfterBytes?: number;
  /** After so many bytes the direction ends and the writer's writes fail. */
  readonly closeAfterBytes?: number;
  /** After so many bytes the direction ends. */
  readonly halfCloseAfterBytes?: number;
  /** After so many bytes nothing more arrives, not even the end. */
  readonly stallAfterBytes?: number;
}

/** What both directions of all connections of one network share. */
export interface StreamWorld {
  /** The network's time. */
  readonly clock: Clock;
  /** The network's chance. */
  readonly random: Random;
}

type Piece = Uint8Array | "end" | "reset";

/** Bytes from one end to the other, in order, with back-pressure. */
class Pipe {
  /** Called when a fault resets the connection as a whole. */
  onReset: () => void = () => {};
  readonly #world: StreamWorld;
  readonly #faults: StreamFaults;
  readonly #capacity: number;
  readonly #pieces: Piece[] = [];
  #queued = 0;
  #written = 0;
  #lastArrival = 0;
  #ended = false;
  #stalled = false;
  #broken = false;
  #reading: PromiseWithResolvers<void> | undefined;
  #room: PromiseWithResolvers<void> | undefined;
  #readerError: Error | undefined;
  #writerError: Error | undefined;

  constructor(world: StreamWorld, faults: StreamFaults) {
    this.#world = world;
    this.#faults = faults;
    this.#capacity = faults.bufferBytes ?? 65_536;
  }

  async write(p: Uint8Array): Promise<number> {
    while (true) {
      if (this.#writerError !== undefined) throw this.#writerError;
      if (this.#broken) throw new Deno.errors.BrokenPipe("Broken pipe (in memory)");
      if (this.#ended) throw new Deno.errors.BrokenPipe("The direction was ended (in memory)");
      if (p.length === 0) return 0;
      if (!this.#stalled && this.#queued < this.#capacity) break;
      await (this.#room ??= Promise.withResolvers()).promise;
    }
    const faults = this.#faults;
    const room = Math.min(
      p.length,
      this.#capacity - this.#queued,
      this.#partial(faults.maxWriteBytes),
    );
    const cut = this.#nextFault();
    const count = cut === undefined ? room : Math.min(room, cut.at - this.#written);
    if (count > 0) {
      this.#written += count;
      this.#queued += count;
      this.#send(p.slice(0, count), count);
    }
    if (cut !== undefined && this.#written >= cut.at) this.#strike(cut.kind);
    return count > 0 ? count : await this.write(p);
  }

  #nextFault(): { at: number; kind: "reset" | "close" | "half-close" | "stall" } | undefined {
    const { resetAfterBytes, closeAfterBytes, halfCloseAfterBytes, stallAfterBytes } = this.#faults;
    const faults = [
      { at: resetAfterBytes ?? Infinity, kind: "reset" },
      { at: closeAfterBytes ?? Infinity, kind: "close" },
      { at: halfCloseAfterBytes ?? Infinity, kind: "half-close" },
      { at: stallAfterBytes ?? Infinity, kind: "stall" },
    ] as const;
    const first = faults.reduce((a, b) => b.at < a.at ? b : a);
    return first.at === Infinity ? undefined : first;
  }

  #strike(kind: "reset" | "close" | "half-close" | "stall"): void {
    if (kind === "stall") this.#stalled = true;
    else if (kind === "half-close") this.end();
    else if (kind === "close") {
      this.end();
      this.#broken = true;
    } else {
      this.#broken = true;
      this.#send("reset", 0);
    }
  }

  #partial(max: number | undefined): number {
    return max === undefined ? Infinity : 1 + Math.floor(this.#world.random() * max);
  }

  #send(piece: Piece, bytes: number): void {
    const { delayMs = 0, jitterMs = 0, bytesPerSecond = Infinity } = this.#faults;
    const { clock, random } = this.#world;
    const wait = delayMs + (jitterMs > 0 ? random() * jitterMs : 0);
    const spent = bytes / bytesPerSecond * 1000;
    if (wait === 0 && spent === 0 && this.#lastArrival <= clock.now()) return this.#arrive(piece);
    this.#lastArrival = Math.max(this.#lastArrival, clock.now() + wait) + spent;
    clock.at(this.#lastArrival, () => this.#arrive(piece));
  }

  #arrive(piece: Piece): void {
    this.#pieces.push(piece);
    this.#wakeReader();
    if (piece === "reset") this.onReset();
  }

  /** Ends the direction after the written bytes. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (!this.#stalled) this.#send("end", 0);
    this.#wakeWriter();
  }

  async read(p: Uint8Array): Promise<number | null> {
    if (p.length === 0) return 0;
    if (this.#reading !== undefined) throw new Deno.errors.Busy("Another read is under way");
    while (true) {
      if (this.#readerError !== undefined) throw this.#readerError;
      const piece = this.#pieces[0];
      if (piece === "end") return null;
      if (piece === "reset") {
        throw new Deno.errors.ConnectionReset("Connection reset by peer (in memory)");
      }
      if (piece !== undefined) return this.#take(piece, p);
      this.#reading = Promise.withResolvers();
      await this.#reading.promise;
    }
  }

  #take(piece: Uint8Array, p: Uint8Array): number {
    const count = Math.min(p.length, piece.length, this.#partial(this.#faults.maxReadBytes));
    p.set(piece.subarray(0, count));
    if (count === piece.length) this.#pieces.shift();
    else this.#pieces[0] = piece.subarray(count);
    this.#queued -= count;
    this.#wakeWriter();
    return count;
  }

  /** The reading end was closed: its reads fail, and so do the other end's writes. */
  closeReader(error: Error): void {
    this.#readerError = error;
    this.#broken = true;
    this.#wakeReader();
    this.#wakeWriter();
  }

  /** The writing end was closed: its writes fail, earlier ones still arrive. */
  closeWriter(error: Error): void {
    this.#writerError = error;
    this.end();
    this.#wakeWriter();
  }

  /** The connection was reset: writes fail, and the reader gets the error after the bytes that arrived. */
  reset(): void {
    this.#broken = true;
    this.#pieces.push("reset");
    this.#wakeReader();
    this.#wakeWriter();
  }

  #wakeReader(): void {
    this.#reading?.resolve();
    this.#reading = undefined;
  }

  #wakeWriter(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }
}

/** One end of an in-memory connection. */
class MemoryConnection implements Connection {
  readonly localAddr: Address;
  readonly remoteAddr: Address;
  readonly #incoming: Pipe;
  readonly #outgoing: Pipe;
  #closed = false;

  constructor(localAddr: Address, remoteAddr: Address, incoming: Pipe, outgoing: Pipe) {
    this.localAddr = localAddr;
    this.remoteAddr = remoteAddr;
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  read(p: Uint8Array): Promise<number | null> {
    return this.#incoming.read(p);
  }

  write(p: Uint8Array): Promise<number> {
    return this.#outgoing.write(p);
  }

  closeWrite(): Promise<void> {
    this.#outgoing.end();
    return Promise.resolve();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#incoming.closeReader(new Deno.errors.Interrupted("operation canceled"));
    this.#outgoing.closeWriter(new Deno.errors.BadResource("Bad resource ID"));
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Makes both ends of a connection.
 *
 * @param world The network's time and chance.
 * @param client The client's address.
 * @param server The server's address.
 * @param toServer Faults of the client's output.
 * @param toClient Faults of the server's output.
 * @returns The client's end and the server's end.
 */
export function memoryConnection(
  world: StreamWorld,
  client: Address,
  server: Address,
  toServer: StreamFaults,
  toClient: StreamFaults,
): [client: Connection, server: Connection] {
  const up = new Pipe(world, toServer);
  const down = new Pipe(world, toClient);
  up.onReset = () => down.reset();
  down.onReset = () => up.reset();
  return [
    new MemoryConnection(client, server, down, up),
    new MemoryConnection(server, client, up, down),
  ];
}
