/**
 * The terminal of a program that the launcher has started, in the sandbox: bytes go through a port, as many as are asked
 * for.
 *
 * @module
 */

import { escapeControls, NetwrightError } from "../../net/mod.ts";
import type { BrokeredTerminal } from "../command/broker.ts";

/** A request; its answer has the same number. */
interface TerminalRequest {
  readonly id: number;
  readonly call: "read" | "write" | "echo" | "wait" | "end";
  /** Bytes to write. */
  readonly bytes?: Uint8Array;
  /** Most bytes of a read. */
  readonly count?: number;
}

/** An answer. */
interface TerminalAnswer {
  readonly id: number;
  /** Bytes that were read (null at the end), a count, a status, or whether the echo is off. */
  readonly value?: Uint8Array | null | number | boolean;
  /** What went wrong. */
  readonly error?: string;
}

/** Most requests that are not answered yet; more are ignored. */
const MAX_PENDING = 16;
/** Most bytes of one read. */
const MAX_BYTES = 65_536;

/**
 * Answers the requests of a sandbox; malformed ones are refused.
 *
 * @param port The launcher's end.
 * @param terminal The terminal.
 */
export function serveTerminal(port: MessagePort, terminal: BrokeredTerminal): void {
  let pending = 0;
  port.onmessage = ({ data }) => {
    const { id } = (data ?? {}) as TerminalRequest;
    // Each read holds a buffer.
    if (!Number.isSafeInteger(id) || pending >= MAX_PENDING) return;
    pending++;
    execute(data, terminal).finally(() => pending--).then(
      (value) => port.postMessage({ id, value } satisfies TerminalAnswer),
      (error) => {
        const reason = error instanceof NetwrightError ? error.reason : String(error);
        port.postMessage({ id, error: escapeControls(reason) } satisfies TerminalAnswer);
      },
    );
  };
}

async function execute(
  { call, bytes, count }: TerminalRequest,
  terminal: BrokeredTerminal,
): Promise<NonNullable<TerminalAnswer["value"]> | null> {
  if (call === "read" && Number.isSafeInteger(count) && count! > 0) {
    const buffer = new Uint8Array(Math.min(count!, MAX_BYTES));
    const length = await terminal.read(buffer);
    return length === null ? null : buffer.slice(0, length);
  }
  if (call === "write" && bytes instanceof Uint8Array) return await terminal.write(bytes);
  if (call === "echo") return await terminal.isEchoOff();
  if (call === "wait") return await terminal.ended;
  if (call === "end") {
    await terminal.end();
    return null;
  }
  throw new NetwrightError("the request is malformed");
}

/** The sandbox's end. */
export class PortTerminal implements BrokeredTerminal {
  readonly ended: Promise<number>;
  readonly #port: MessagePort;
  readonly #stop: () => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<TerminalAnswer["value"]>>();
  #nextId = 0;
  #closed = false;

  /**
   * @param port The sandbox's end.
   * @param stop Hangs up.
   */
  constructor(port: MessagePort, stop: () => void) {
    this.#port = port;
    this.#stop = stop;
    port.onmessage = ({ data }) => {
      const { id, value, error } = data as TerminalAnswer;
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(value);
      else waiting?.reject(new NetwrightError(error));
    };
    this.ended = this.#ask({ call: "wait" }) as Promise<number>;
    this.ended.catch(() => {});
  }

  async read(p: Uint8Array): Promise<number | null> {
    const bytes = await this.#ask({ call: "read", count: p.byteLength }) as Uint8Array | null;
    if (bytes === null) return null;
    p.set(bytes);
    return bytes.length;
  }

  async write(p: Uint8Array): Promise<number> {
    return await this.#ask({ call: "write", bytes: p.slice() }) as number;
  }

  async isEchoOff(): Promise<boolean> {
    return await this.#ask({ call: "echo" }) as boolean;
  }

  async end(): Promise<void> {
    await this.#ask({ call: "end" });
  }

  #ask(request: Omit<TerminalRequest, "id">): Promise<TerminalAnswer["value"]> {
    if (this.#closed) return Promise.resolve(null);
    const id = this.#nextId++;
    const waiting = Promise.withResolvers<TerminalAnswer["value"]>();
    this.#waiting.set(id, waiting);
    this.#port.postMessage({ ...request, id });
    return waiting.promise;
  }

  /** Hangs up; pending reads find the end. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stop();
    this.#port.close();
    for (const { resolve } of this.#waiting.values()) resolve(null);
    this.#waiting.clear();
  }
}
