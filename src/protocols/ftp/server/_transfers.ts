/**
 * The server's side of transfers: one at a time, while the session keeps reading commands.
 *
 * @module
 */

import { closeQuietly, delay } from "../../../net/internal.ts";
import {
  type Connection,
  Deadline,
  DisconnectedError,
  escapeForDisplay,
  InjectionError,
  type SecureConnection,
  TimeoutError,
  toNetwrightError,
  writeAll,
} from "../../../net/mod.ts";
import { TreeError } from "../../../stores/mod.ts";
import type { CommandSession } from "../../wire/mod.ts";
import type { DataSide } from "./_data_side.ts";
import { faultyEnd } from "./fault.ts";
import type { FtpServerOptions } from "./server_options.ts";

/** Bytes that are read at once. */
const PIECE_BYTES = 128 * 1024;

/** Interval at which the server is notified of a running transfer, in milliseconds. */
const BUSY_MS = 200;
/** How long after the end of an upload the control connection is watched for its end, in milliseconds. */
const LAST_WORD_MS = 1;

/** A transfer. */
export interface ServerTransfer {
  /** The preliminary reply. */
  readonly opening: string;
  /** Does it, and counts. */
  run(data: ServerData): Promise<void>;
  /** Called with the result. */
  onEnd?(bytes: number, complete: boolean): void;
}

/** The data of a transfer. */
export interface ServerData {
  /** Sends. */
  send(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
  /** Receives, to the end; pieces are valid until the next. */
  receive(): AsyncGenerator<Uint8Array>;
}

/** Makes transfers. */
export class ServerTransfers {
  readonly #session: CommandSession;
  readonly #side: DataSide;
  readonly #options: FtpServerOptions;
  #current:
    | { readonly done: Promise<void>; readonly isConnected: boolean; abort(): void }
    | undefined;

  constructor(session: CommandSession, side: DataSide, options: FtpServerOptions) {
    this.#session = session;
    this.#side = side;
    this.#options = options;
  }

  /** Whether one is under way. */
  get isBusy(): boolean {
    return this.#current !== undefined;
  }

  /** Waits for the one that is under way. */
  async wait(): Promise<void> {
    await this.#current?.done;
  }

  /** Waits for the one that is under way, unless the client has not connected for it: that one is aborted. */
  async finish(): Promise<void> {
    if (this.#current?.isConnected === false) await this.abort();
    else await this.wait();
  }

  /** Aborts the current one, and waits until the client was notified. */
  async abort(): Promise<void> {
    this.#current?.abort();
    await this.wait();
  }

  /** Begins one; it runs while further commands are read. */
  async begin(transfer: ServerTransfer): Promise<void> {
    const { faults = [] } = this.#options;
    if (faults.some(({ kind }) => kind === "no-data")) this.#side[Symbol.dispose]();
    if (!this.#side.isReady) {
      await this.#session.reply(425, "Use EPSV or PASV first.");
      return;
    }
    await this.#session.reply(150, transfer.opening);
    await this.#session.flush();
    let connection: Connection | undefined;
    let isAborted = false;
    const aborted = Promise.withResolvers<void>();
    const abort = (): void => {
      isAborted = true;
      aborted.resolve();
      this.#side[Symbol.dispose]();
      if (connection !== undefined) closeQuietly(connection);
    };
    const run = async (): Promise<void> => {
      let bytes = 0;
      // A slow client may take long for data that the system has already accepted from us.
      const busy = setInterval(() => this.#options.onBusy?.(), BUSY_MS);
      let reply: [code: number, text: string] = [226, "Transfer complete."];
      try {
        connection = await this.#side.connect();
        if (isAborted) closeQuietly(connection);
        const data = this.#dataOf(connection, {
          aborted: aborted.promise,
          isAborted: () => isAborted,
          count: (count) => bytes += count,
        });
        await transfer.run(data);
        // With TLS this distinguishes a complete file from one that was cut off.
        await connection.closeWrite();
      } catch (error) {
        reply = isAborted ? [426, "Transfer aborted."] : failureOf(error, connection !== undefined);
        if (reply[0] === 451) this.#options.onError?.(error);
      }
      clearInterval(busy);
      if (connection !== undefined) closeQuietly(connection);
      if (this.#current?.abort === abort) this.#current = undefined;
      transfer.onEnd?.(bytes, reply[0] === 226);
      if (faults.some(({ kind }) => kind === "no-reply")) return;
      await this.#session.reply(...reply);
      await this.#session.flush();
    };
    const done = run();
    // The control connection may be gone by then, which its reader notices.
    done.catch(() => {});
    this.#current = {
      done,
      abort,
      get isConnected() {
        return connection !== undefined;
      },
    };
  }

  #dataOf(
    connection: Connection,
    { aborted, isAborted, count }: {
      readonly aborted: Promise<void>;
      isAborted(): boolean;
      count(bytes: number): void;
    },
  ): ServerData {
    const { signal, idleTimeoutMs = 120_000, traffic } = this.#options;
    const waiting = (): Deadline =>
      new Deadline({ signal, idleTimeoutMs }, {
        operation: "transfer data",
        peer: this.#session.peer,
      });
    const onTimeout = (): void => closeQuietly(connection);
    const faulty = (pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) =>
      this.#withFault(pieces, aborted, onTimeout);
    // A client that is killed ends both connections at once, so that its upload is not complete.
    const checkEnd = async (): Promise<void> => {
      if ((connection as Partial<SecureConnection>).wasCut) {
        throw new DisconnectedError("the data ended without TLS's close_notify", {
          operation: "receive data",
        });
      }
      await delay(LAST_WORD_MS);
      if (isAborted()) throw new DisconnectedError("the client has gone");
    };
    return {
      async send(pieces) {
        using deadline = waiting();
        for await (const piece of faulty(pieces)) {
          await deadline.wait(writeAll(connection, piece), onTimeout);
          count(piece.length);
          if (traffic !== undefined) traffic.sent += piece.length;
        }
      },
      receive: () => faulty(receive()),
    };
    async function* receive(): AsyncGenerator<Uint8Array> {
      using deadline = waiting();
      const buffer = new Uint8Array(PIECE_BYTES);
      while (true) {
        const got = await deadline.wait(connection.read(buffer), onTimeout);
        if (got === null) return await checkEnd();
        count(got);
        if (traffic !== undefined) traffic.received += got;
        yield buffer.slice(0, got);
      }
    }
  }

  /** Passes data on until a fault that was asked for ends it. */
  async *#withFault(
    pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    aborted: Promise<void>,
    onTimeout: () => void,
  ): AsyncGenerator<Uint8Array> {
    const end = faultyEnd(this.#options.faults ?? []);
    let passed = 0;
    for await (const piece of pieces) {
      if (end === undefined || passed + piece.length <= end.bytes) {
        passed += piece.length;
        yield piece;
        continue;
      }
      if (end.bytes > passed) yield piece.subarray(0, end.bytes - passed);
      if (end.then === "cut") return;
      if (end.then === "close") closeQuietly(this.#session.connection);
      else {
        const { signal, idleTimeoutMs = 120_000 } = this.#options;
        using deadline = new Deadline({ signal, timeoutMs: idleTimeoutMs }, { operation: "hang" });
        await deadline.wait(aborted, onTimeout);
      }
      throw new DisconnectedError("a fault was asked for", { operation: "transfer data" });
    }
  }
}

function failureOf(error: unknown, isConnected: boolean): [code: number, text: string] {
  if (error instanceof TreeError) return treeReply(error);
  if (error instanceof InjectionError) return nameReply(error);
  if (!isConnected) {
    return [425, `No data connection${error instanceof TimeoutError ? " in time" : ""}.`];
  }
  const known = toNetwrightError(error, { operation: "transfer data" });
  if (known instanceof DisconnectedError || known instanceof TimeoutError) {
    return [426, `Transfer broken: ${known.reason}.`];
  }
  return [451, "Transfer failed: local error."];
}

/** The reply to a name that must not be used, such as one behind a symbolic link. */
export function nameReply({ reason }: InjectionError): [code: number, text: string] {
  return [553, `Name not allowed: ${escapeForDisplay(reason)}.`];
}

/** The reply to what cannot be done with a file. */
export function treeReply(error: TreeError): [code: number, text: string] {
  const text = `${error.reason[0]!.toUpperCase()}${error.reason.slice(1)}.`;
  return [error.kind === "full" ? 452 : error.kind === "unsupported" ? 504 : 550, text];
}
