/**
 * A session of a person at a terminal with a server.
 *
 * @module
 */

import { toNetwrightError, writeAll } from "../../net/mod.ts";
import { charsetOf } from "../../programs/dialogue/internal.ts";
import { LineBuffer, type Typed } from "../../protocols/telnet/internal.ts";
import type { TelnetClient } from "../../protocols/telnet/mod.ts";
import { describeFailure } from "../terminal/failure.ts";
import { onSignal } from "../terminal/interrupt.ts";
import { LineInput } from "../terminal/line_input.ts";
import type { Output } from "../terminal/output.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type EscapeResult, runEscapeLine } from "./escape_prompt.ts";
import type { SessionLog } from "./session_log.ts";
import { TerminalFilter } from "./terminal_filter.ts";

/** A session. */
export interface SessionOptions {
  /** The connection. */
  readonly client: TelnetClient;
  /** The server's name. */
  readonly peer: string;
  /** Where the person sits. */
  readonly terminal: Terminal;
  /** Where the server's output goes. */
  readonly stdout: Output;
  /** The character set of both directions. */
  readonly charset: string;
  /** The escape key, as the terminal sends it; undefined for none. */
  readonly escape: string | undefined;
  /** Records the session. */
  readonly log: SessionLog;
  /** Ends the session. */
  readonly signal: AbortSignal;
}

const BUFFER_BYTES = 65_536;
const INTERRUPT = "\x03";

/**
 * Lets a person and a server talk, until one of them ends it. The terminal is as before afterwards.
 *
 * @param options The session.
 * @returns Who ended it.
 * @throws {DisconnectedError} If the connection broke.
 */
export async function runSession(options: SessionOptions): Promise<"server" | "user"> {
  const { client, terminal, signal } = options;
  const session = new Session(options);
  const stop = (): void => client.close();
  signal.addEventListener("abort", stop, { once: true });
  using _resized = onSignal("SIGWINCH", () => {
    client.resize({ columns: terminal.columns, rows: terminal.rows });
  });
  terminal.setRaw(true);
  try {
    const output = session.showOutput().then(() => "server" as const);
    const input = session.sendInput();
    // The loser is not waited for.
    input.catch(() => {});
    output.catch(() => {});
    const first = await Promise.race([output, input]);
    // A terminal that is gone types nothing more.
    return first === "no input" ? await output : first;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    client.close();
    terminal.setRaw(false);
    await session.restore();
  }
}

class Session {
  readonly #options: SessionOptions;
  readonly #charset: ReturnType<typeof charsetOf>;
  readonly #filter = new TerminalFilter();
  readonly #line = new LineBuffer();
  readonly #decoder = new TextDecoder();
  readonly #keys: PushbackTerminal;
  readonly #input: LineInput;
  /** While the person is at the prompt, nothing else is shown. */
  #prompt: Promise<void> = Promise.resolve();

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#charset = charsetOf(options.charset);
    this.#keys = new PushbackTerminal(options.terminal);
    this.#input = new LineInput(this.#keys);
  }

  /** Shows the server's output, to its end. */
  async showOutput(): Promise<void> {
    const { client, stdout, log, peer } = this.#options;
    const buffer = new Uint8Array(BUFFER_BYTES);
    while (true) {
      let count: number | null;
      try {
        count = await client.read(buffer);
      } catch (error) {
        throw toNetwrightError(error, { operation: "read", peer });
      }
      await this.#prompt;
      if (count === null) return;
      const bytes = buffer.subarray(0, count);
      const text = this.#filter.filter(this.#charset.decode(bytes));
      log.add(text);
      if (stdout.isTerminal) await stdout.text(text);
      else await stdout.peerBytes(bytes.slice());
    }
  }

  /** Sends typed input, until the person quits. */
  async sendInput(): Promise<"user" | "no input"> {
    const { escape, peer } = this.#options;
    const buffer = new Uint8Array(4096);
    while (true) {
      const count = await this.#keys.read(buffer);
      if (count === null) return "no input";
      const bytes = buffer.slice(0, count);
      const at = escape === undefined ? -1 : bytes.indexOf(escape.charCodeAt(0));
      try {
        await this.#send(at < 0 ? bytes : bytes.subarray(0, at));
      } catch (error) {
        throw toNetwrightError(error, { operation: "send", peer });
      }
      if (at < 0) continue;
      this.#keys.unread(bytes.subarray(at + 1));
      const asked = this.#ask();
      this.#prompt = asked.then(() => {}, () => {});
      if (await asked) return "user";
    }
  }

  /** Runs lines of the prompt, until one leads back; gives whether the person quits. */
  async #ask(): Promise<boolean> {
    const { terminal } = this.#options;
    terminal.setRaw(false);
    await terminal.write("\r\n");
    try {
      while (true) {
        const { lines, quits = false, stays = false } = await this.#askOnce();
        for (const shown of lines) await terminal.write(`${shown}\r\n`);
        if (!stays) return quits;
      }
    } finally {
      terminal.setRaw(true);
    }
  }

  async #askOnce(): Promise<EscapeResult> {
    const { client, peer, escape = "", log } = this.#options;
    try {
      const line = await this.#input.read("telnet> ");
      const change = (file: string | undefined): void => log.change(file);
      return await runEscapeLine(line ?? "", { client, peer, escape, log: change });
    } catch (error) {
      return { lines: [describeFailure(error)], stays: true };
    }
  }

  async #send(bytes: Uint8Array): Promise<void> {
    const { client, terminal, log } = this.#options;
    if (bytes.length === 0) return;
    const text = this.#decoder.decode(bytes, { stream: true });
    if (client.isCharacterMode) {
      // The server edits lines now, also one that was begun before.
      return await writeAll(client, this.#charset.encode(text));
    }
    for (const part of text.split(/(\x03)/)) {
      const typed: Typed = { lines: [], shown: "", isEnd: false };
      this.#line.type(part, typed);
      if (!client.isEchoing) {
        await terminal.write(typed.shown);
        log.add(typed.shown);
      } else if (typed.shown.includes("\n")) await terminal.write("\r\n");
      for (const line of typed.lines) {
        await writeAll(client, this.#charset.encode(`${line}\r\n`));
      }
      if (part === INTERRUPT) await client.signal("ip");
      if (typed.isEnd) await client.closeWrite();
    }
  }

  /** Restores the terminal. */
  async restore(): Promise<void> {
    const { stdout } = this.#options;
    if (stdout.isTerminal) await stdout.text(this.#filter.restore());
  }
}

/** A terminal whose keys can be put back, for the next reader. */
class PushbackTerminal implements Terminal {
  readonly #terminal: Terminal;
  #waiting = new Uint8Array(0);

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get isTerminal(): boolean {
    return this.#terminal.isTerminal;
  }

  get columns(): number {
    return this.#terminal.columns;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  unread(bytes: Uint8Array): void {
    this.#waiting = bytes.slice();
  }

  setRaw(raw: boolean): void {
    this.#terminal.setRaw(raw);
  }

  async read(p: Uint8Array): Promise<number | null> {
    if (this.#waiting.length === 0) return await this.#terminal.read(p);
    const count = Math.min(p.length, this.#waiting.length);
    p.set(this.#waiting.subarray(0, count));
    this.#waiting = this.#waiting.slice(count);
    return count;
  }

  async write(text: string): Promise<void> {
    await this.#terminal.write(text);
  }
}
