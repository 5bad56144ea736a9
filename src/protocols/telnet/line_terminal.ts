/**
 * The terminal of a person at the other end of a Telnet connection, for a service that reads lines.
 *
 * @module
 */

import { checkOptions } from "../../net/internal.ts";
import {
  type Address,
  type Connection,
  formatEndpoint,
  LimitError,
  writeAll,
} from "../../net/mod.ts";
import type { TelnetSignal } from "./codes.ts";
import { LineBuffer, type Typed } from "./line_buffer.ts";
import { TelnetServer, type TelnetServerOptions } from "./telnet_server.ts";

/** How a {@link LineTerminal} reads, and its limits. */
export interface LineTerminalOptions
  extends Omit<TelnetServerOptions, "onSignal" | "wakesOnSignal"> {
  /** Maximum line length in characters; more is answered by a bell. @default {1000} */
  readonly maxLineLength?: number | undefined;
}

/** A wide terminal is none that a line can be wrapped for, a narrow one neither. */
const COLUMNS = { min: 20, max: 1000, usual: 80 } as const;
const BUFFER_BYTES = 4096;

/**
 * A person's terminal as a connection of whole lines, each ended by CR LF.
 *
 * A client that agrees to it sends characters one by one, and gets their echo; Backspace, Control-W,
 * Control-U, Control-R and Control-C edit the line, Control-D in an empty one ends the input. One that does not agree
 * edits its lines itself. Output of the service during a line goes above that line.
 *
 * @example Read a typed line
 * ```ts
 * import { LineReader, memoryNetwork } from "@netwright/netwright/net";
 * import { LineTerminal } from "@netwright/netwright/telnet";
 * const network = memoryNetwork();
 * using listener = network.listen({ port: 23 });
 * const accepted = listener.accept();
 * using person = await network.connect({ port: 23 });
 * using terminal = new LineTerminal(await accepted);
 * await person.write(new TextEncoder().encode("helo\x7flo\r\0"));
 * if (await new LineReader(terminal).readLine() !== "hello") throw new Error("not edited");
 * ```
 */
export class LineTerminal implements Connection {
  /** The connection that the lines come from. */
  readonly telnet: TelnetServer;
  /** Whether typed text is shown, if it is this side that shows it; off for secrets. */
  isEchoing = true;
  readonly #maxLineLength: number;
  readonly #line: LineBuffer;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #encoder = new TextEncoder();
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  /** Commands of the client in the bytes that were read last. */
  #signals: [name: TelnetSignal, at: number][] = [];
  /** Characters and commands that were not looked at yet. */
  readonly #input: (string | { readonly name: TelnetSignal })[] = [];
  /** Bytes of lines that were not read yet. */
  #ready = new Uint8Array(0);
  #hasEnded = false;
  /** The echo of the unfinished line, behind the last output. */
  #drawn = "";

  /**
   * Takes a connection over, and begins to negotiate.
   * @param connection Its bytes; closed together with this.
   * @param options How to read.
   * @throws {RangeError|TypeError} If an option is unknown or out of range.
   */
  constructor(connection: Connection, options: LineTerminalOptions = {}) {
    const { maxLineLength = 1000, ...telnet } = options;
    checkOptions({ maxLineLength }, { maxLineLength: "count" });
    this.#maxLineLength = maxLineLength;
    this.#line = new LineBuffer({ maxLength: maxLineLength });
    this.telnet = new TelnetServer(connection, {
      charsets: ["UTF-8"],
      ...telnet,
      wakesOnSignal: true,
      onSignal: (name, at) => this.#signals.push([name, at]),
    });
  }

  /** This end. */
  get localAddr(): Address {
    return this.telnet.localAddr;
  }

  /** The person's end. */
  get remoteAddr(): Address {
    return this.telnet.remoteAddr;
  }

  /** How many columns the person's window has; 80 if that is not known. */
  get columns(): number {
    const { columns = 0 } = this.telnet.windowSize ?? {};
    const { min, max, usual } = COLUMNS;
    return columns === 0 ? usual : Math.min(max, Math.max(min, columns));
  }

  /**
   * Reads bytes of whole lines, one at a time: whether the next one is echoed is decided when it is read.
   * @throws {LimitError} If a line that is not echoed here is too long.
   */
  async read(p: Uint8Array): Promise<number | null> {
    if (p.byteLength === 0) return 0;
    while (this.#ready.length === 0) {
      if (this.#input.length === 0) {
        if (this.#hasEnded) return null;
        await this.#receive();
      }
      await this.#take();
    }
    const count = Math.min(p.byteLength, this.#ready.length);
    p.set(this.#ready.subarray(0, count));
    this.#ready = this.#ready.subarray(count);
    return count;
  }

  /** Receives characters and commands, in order. */
  async #receive(): Promise<void> {
    const count = await this.telnet.read(this.#buffer);
    const bytes = this.#buffer.subarray(0, count ?? 0);
    let done = 0;
    for (const [name, at] of this.#signals.splice(0)) {
      this.#input.push(this.#decoder.decode(bytes.subarray(done, at), { stream: true }), { name });
      done = at;
    }
    this.#input.push(this.#decoder.decode(bytes.subarray(done), { stream: true }));
    this.#hasEnded ||= count === null;
    // A line that the end cuts off counts as one, as without Telnet.
    if (count === null && this.#line.text !== "") this.#input.push("\n");
  }

  /** Takes input up to the end of a line, and echoes it. */
  async #take(): Promise<void> {
    const typed: Typed = { lines: [], shown: "", isEnd: false };
    while (this.#input.length > 0 && typed.lines.length === 0 && !typed.isEnd) {
      const next = this.#input.shift()!;
      if (typeof next === "string") {
        const rest = this.#line.type(next, typed, 1);
        if (rest !== "") this.#input.unshift(rest);
      } else if (next.name === "ip" || next.name === "brk") this.#line.interrupt(typed);
      else if (next.name === "ec") this.#line.eraseCharacter(typed);
      else if (next.name === "el") this.#line.eraseLine(typed);
    }
    if (typed.isEnd) {
      this.#input.length = 0;
      this.#hasEnded = true;
    }
    if (typed.isOverflow === true && !this.telnet.isEchoing) throw this.#tooLong();
    this.#ready = this.#encoder.encode(typed.lines.map((line) => `${line}\r\n`).join(""));
    if (typed.shown !== "" && this.telnet.isEchoing) await this.#show(typed.shown);
  }

  /** A client that edits lines itself gets no bell. */
  #tooLong(): LimitError {
    const limit = this.#maxLineLength;
    return new LimitError(`a line is longer than ${limit} characters`, {
      operation: "read a line",
      peer: formatEndpoint(this.remoteAddr),
      limit,
    });
  }

  async #show(shown: string): Promise<void> {
    // Of a secret only the end of the line is shown.
    const text = this.isEchoing ? shown : shown.replace(/[^\r\n\x07]/g, "");
    this.#drawn = this.isEchoing ? this.#line.shown : "";
    if (text === "") return;
    await writeAll(this.telnet, this.#encoder.encode(text));
  }

  /** Writes text of the service; a line that is being typed is taken away before, and shown again behind it. */
  async write(p: Uint8Array): Promise<number> {
    const drawn = this.#drawn;
    if (drawn === "" || !this.telnet.isEchoing) {
      await writeAll(this.telnet, p);
      return p.length;
    }
    this.#drawn = "";
    const isEnded = p.at(-1) === LF;
    const before = this.#encoder.encode(this.#isPlain ? "\r\n" : "\r\x1b[K");
    const after = isEnded ? this.#encoder.encode(drawn) : new Uint8Array(0);
    if (isEnded) this.#drawn = drawn;
    const whole = new Uint8Array(before.length + p.length + after.length);
    whole.set(before);
    whole.set(p, before.length);
    whole.set(after, before.length + p.length);
    await writeAll(this.telnet, whole);
    return p.length;
  }

  /** Whether the terminal may not understand how a line is cleared. */
  get #isPlain(): boolean {
    const [type] = this.telnet.terminalTypes;
    return type === undefined || type === "dumb" || type === "unknown" || type === "network";
  }

  /** Ends our direction. */
  async closeWrite(): Promise<void> {
    await this.telnet.closeWrite();
  }

  /** Ends both directions at once. */
  close(): void {
    this.telnet.close();
  }

  /** Ends both directions at once. */
  [Symbol.dispose](): void {
    this.close();
  }
}

const LF = 10;
