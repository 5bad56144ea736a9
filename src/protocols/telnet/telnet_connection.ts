/**
 * A connection over a connection: clean data, with Telnet's commands taken out and put in.
 *
 * @module
 */

import { closeQuietly, concat } from "../../net/internal.ts";
import {
  type Address,
  type Connection,
  formatEndpoint,
  LimitError,
  writeAll,
} from "../../net/mod.ts";
import type { Speaker, Transcript } from "../wire/mod.ts";
import { COMMAND, IAC, OPTION, optionName, type TelnetSignal, type Verb } from "./codes.ts";
import { encodeTelnet, TelnetDecoder } from "./decoder.ts";
import { Negotiator, type Side } from "./negotiator.ts";

/** Options that both ends of a {@link TelnetConnection} have. */
export interface TelnetConnectionOptions {
  /** Maximum number of negotiations of the peer; one more ends the connection. @default {10000} */
  readonly maxNegotiations?: number | undefined;
  /** Maximum size of a subnegotiation in bytes. @default {8192} */
  readonly maxSubnegotiationBytes?: number | undefined;
  /** Records negotiations, not data. */
  readonly transcript?: Transcript | undefined;
  /**
   * Called when the peer sent a command, such as `brk` or `ayt`, or a mark behind a prompt (`ga`, `eor`).
   * @param at How many bytes of the data that is read now came before it.
   */
  readonly onSignal?: ((name: TelnetSignal, at: number) => void) | undefined;
  /** Whether a read resolves to 0 when commands came and no data. @default {false} */
  readonly wakesOnSignal?: boolean | undefined;
  /** Called when an option began or ended: on this side (`us`), or on the peer's. */
  readonly onOption?: ((side: Side, option: number, isOn: boolean) => void) | undefined;
}

/** Answers that a peer has not taken yet; one that negotiates and does not read fills no memory. */
const MAX_PENDING_BYTES = 65_536;
/** Most data that one write takes. */
const MAX_WRITE_BYTES = 65_536;

/** Keys that interrupt a program at a terminal: Control-C, Control-Z and Control-\, and how many bytes are typed at most. */
const INTERRUPTS = [0x03, 0x1a, 0x1c] as const;
const MAX_KEYS = 256;
/** How long the answer to an interrupt may take, in milliseconds. */
const SYNCH_MS = 2000;
const CR = 13;

/** The policy of one end. */
export interface TelnetRole {
  /** This end in a transcript, and the peer. */
  readonly speakers: { readonly us: Speaker; readonly peer: Speaker };
  /** Whether an option may be performed when the peer proposes it. */
  accepts(side: Side, option: number): boolean;
  /** An option began or ended. */
  changed?(side: Side, option: number, isOn: boolean): void;
  /** The content of a subnegotiation. */
  subnegotiation(option: number, content: Uint8Array): void;
  /** A command of the peer. */
  signal?(name: TelnetSignal): void;
}

/** One end of a Telnet connection (RFC 854); {@link TelnetClient} and {@link TelnetServer} are the two. */
export abstract class TelnetConnection implements Connection {
  readonly localAddr: Address;
  readonly remoteAddr: Address;
  /** The state of all options. */
  protected readonly negotiator: Negotiator;
  /** Absent if only a read can find out. */
  readonly onceReadable?: (callback: () => void) => void;
  readonly #connection: Connection;
  readonly #decoder: TelnetDecoder;
  readonly #transcript: Transcript | undefined;
  readonly #maxNegotiations: number;
  #negotiations = 0;
  readonly #wakesOnSignal: boolean;
  /** Number of commands that came. */
  #signals = 0;
  /** Until when the rest of a Synch may come. */
  #synchUntil = 0;
  /** Answers to be sent. */
  #answers: Uint8Array[] = [];
  #pendingBytes = 0;
  /** Writes go out whole, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * Takes a connection over.
   * @param connection Its bytes; closed together with this.
   * @param options Limits and callbacks.
   */
  constructor(connection: Connection, options: TelnetConnectionOptions) {
    this.#connection = connection;
    this.localAddr = connection.localAddr;
    this.remoteAddr = connection.remoteAddr;
    this.#transcript = options.transcript;
    this.#wakesOnSignal = options.wakesOnSignal ?? false;
    this.#maxNegotiations = options.maxNegotiations ?? 10_000;
    if (connection.onceReadable !== undefined) {
      this.onceReadable = (callback) => connection.onceReadable!(callback);
    }
    this.negotiator = new Negotiator({
      accepts: (side, option) => this.role.accepts(side, option),
      send: (verb, option) => {
        this.#record("us", `IAC ${verb.toUpperCase()} ${optionName(option)}`);
        this.answer(Uint8Array.of(IAC, COMMAND[verb], option));
      },
      changed: (side, option, isOn) => {
        if (option === OPTION.binary && side === "peer") this.#decoder.isBinary = isOn;
        this.role.changed?.(side, option, isOn);
        options.onOption?.(side, option, isOn);
      },
    });
    const peer = formatEndpoint(connection.remoteAddr);
    const { maxSubnegotiationBytes } = options;
    this.#decoder = new TelnetDecoder({
      negotiation: (verb, option) => this.#negotiated(verb, option),
      subnegotiation: (option, content) => {
        this.#count();
        const size = `IAC SB ${optionName(option)} [${content.length} bytes] IAC SE`;
        this.#record("peer", size);
        this.role.subnegotiation(option, content);
      },
      signal: (name, at) => {
        if (name !== "nop" && name !== "ga" && name !== "eor") this.#count();
        this.#record("peer", `IAC ${name.toUpperCase()}`);
        this.#signals++;
        this.role.signal?.(name);
        options.onSignal?.(name, at);
      },
    }, { maxSubnegotiationBytes, peer });
  }

  /** The policy of this end. */
  protected abstract readonly role: TelnetRole;

  /** Whether an option is agreed on: performed by this side (`us`), or by the peer. */
  isOn(side: Side, option: number): boolean {
    return this.negotiator.isOn(side, option);
  }

  /**
   * Reads data.
   * @throws {LimitError} If the peer negotiates too much; the connection is closed.
   */
  async read(p: Uint8Array): Promise<number | null> {
    if (p.byteLength === 0) return 0;
    while (true) {
      const count = await this.#connection.read(p);
      if (count === null) return null;
      let length: number;
      const hasMoved = this.#signals;
      try {
        length = this.#decoder.decode(this.#withoutMark(p, count));
        this.flush();
      } catch (error) {
        this.close();
        throw error;
      }
      if (length > 0 || this.#wakesOnSignal && hasMoved !== this.#signals) return length;
    }
  }

  /**
   * Takes the rest of a Synch away: the system keeps its IAC, which is urgent data, apart from the others (RFC 854), and
   * leaves the data mark. It comes when output was interrupted.
   */
  #withoutMark(p: Uint8Array, count: number): Uint8Array {
    const isMark = p[0] === COMMAND.dm && performance.now() < this.#synchUntil &&
      this.#decoder.isAtData && !(count > 1 && p[1]! >= 0x80 && p[1]! < 0xc0);
    if (!isMark) return p.subarray(0, count);
    this.#synchUntil = 0;
    p.copyWithin(0, 1, count);
    return p.subarray(0, count - 1);
  }

  /** Writes data; at most 64 KiB of it are taken at once. */
  async write(p: Uint8Array): Promise<number> {
    let data = p.subarray(0, MAX_WRITE_BYTES);
    // A line end stays whole.
    if (data.length < p.length && data.at(-1) === CR) data = data.subarray(0, -1);
    if (data.length < MAX_KEYS && INTERRUPTS.some((key) => data.includes(key))) {
      this.#synchUntil = performance.now() + SYNCH_MS;
    }
    await this.#send(encodeTelnet(data, this.negotiator.isOn("us", OPTION.binary)));
    return data.length;
  }

  /**
   * Sends a command, such as `ip` (interrupt process) or `ayt` (are you there).
   * @param name The command.
   */
  async signal(name: TelnetSignal): Promise<void> {
    this.#record("us", `IAC ${name.toUpperCase()}`);
    if (name === "ip" || name === "ao" || name === "brk") {
      this.#synchUntil = performance.now() + SYNCH_MS;
    }
    await this.#sendUrgently(Uint8Array.of(IAC, COMMAND[name]));
  }

  /** Sends a command that may have to overtake data (Synch, RFC 854): in the stream, where a socket has no other way. */
  async #sendUrgently(command: Uint8Array): Promise<void> {
    await this.#send(command);
  }

  async closeWrite(): Promise<void> {
    await this.#turn;
    await this.#connection.closeWrite();
  }

  close(): void {
    closeQuietly(this.#connection);
  }

  /** Ends both directions at once. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Keeps bytes to be sent with the next {@link flush}. */
  protected answer(bytes: Uint8Array): void {
    this.#answers.push(bytes);
    this.#pendingBytes += bytes.length;
  }

  /** Keeps a subnegotiation to be sent with the next {@link flush}. */
  protected answerWith(option: number, content: Uint8Array): void {
    const text = `IAC SB ${optionName(option)} [${content.length} bytes] IAC SE`;
    this.#record("us", text);
    this.answer(concat([
      Uint8Array.of(IAC, COMMAND.sb, option),
      // Nothing but IAC is doubled in it.
      encodeTelnet(content, true),
      Uint8Array.of(IAC, COMMAND.se),
    ]));
  }

  /**
   * Sends the collected answers; reading does not wait for that.
   * @throws {LimitError} If the peer has not taken the answers of before.
   */
  protected flush(): void {
    if (this.#answers.length === 0) return;
    if (this.#pendingBytes > MAX_PENDING_BYTES) {
      throw this.#tooMuch("the peer negotiates without reading the answers", MAX_PENDING_BYTES);
    }
    const bytes = concat(this.#answers);
    this.#answers = [];
    // A connection that is broken is noticed by the next read.
    this.#send(bytes).catch(() => {}).finally(() => this.#pendingBytes -= bytes.length);
  }

  #send(bytes: Uint8Array): Promise<void> {
    const turn = this.#turn.then(() => writeAll(this.#connection, bytes));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  #negotiated(verb: Verb, option: number): void {
    this.#count();
    this.#record("peer", `IAC ${verb.toUpperCase()} ${optionName(option)}`);
    this.negotiator.receive(verb, option);
  }

  #record(side: Side, text: string): void {
    this.#transcript?.record(this.role.speakers[side], text);
  }

  #count(): void {
    if (++this.#negotiations <= this.#maxNegotiations) return;
    throw this.#tooMuch(
      `the peer sent more than ${this.#maxNegotiations} negotiations`,
      this.#maxNegotiations,
    );
  }

  #tooMuch(reason: string, limit: number): LimitError {
    const peer = formatEndpoint(this.remoteAddr);
    return new LimitError(reason, { operation: "negotiate", peer, limit });
  }
}
