/**
 * One transfer: command, data connection, data, and the reply to it all.
 *
 * @module
 */

import { closeQuietly } from "../../../net/internal.ts";
import {
  type Connection,
  Deadline,
  NetwrightError,
  ProtocolError,
  ReplyError,
  toNetwrightError,
  UnsupportedError,
  writeAll,
} from "../../../net/mod.ts";
import { isPositive, toReplyError } from "../../wire/internal.ts";
import { command, type CommandLine, type Reply } from "../../wire/mod.ts";
import { type FtpControl, UNKNOWN } from "./_control.ts";
import { FINAL_REPLY_MS, judge, KeepAlive, within } from "./_keep_alive.ts";
import {
  DataConnections,
  type DataOffer,
  demandsResumption,
  type Questions,
} from "./_data_connection.ts";

/** Bytes that are read at once. */
const PIECE_BYTES = 256 * 1024;
/** How long an upload that is given up waits for the server to listen, in milliseconds. */
const ABORT_MS = 1000;

/** The kind of transfer. */
export interface TransferPlan {
  /** The command. */
  readonly line: CommandLine;
  /** Text (TYPE A) or bytes (TYPE I). @default {"I"} */
  readonly type?: "A" | "I" | undefined;
  /** Where in the file the transfer begins (REST), in bytes. @default {0} */
  readonly offset?: number | undefined;
  /** The commands before it. */
  readonly questions?: Questions | undefined;
}

/** Makes transfers, one at a time. */
export class Transfers {
  readonly #control: FtpControl;
  readonly #data: DataConnections;
  #isBusy = false;
  /** One for all: zeroing a new one costs more than fetching a small file. */
  #buffer: Uint8Array | undefined;

  constructor(control: FtpControl) {
    this.#control = control;
    this.#data = new DataConnections(control);
  }

  /**
   * Keeps others from beginning while something else uses the session.
   * @returns Lets them again.
   */
  reserve(): Disposable {
    if (this.#isBusy) throw new TypeError("another transfer is under way");
    this.#isBusy = true;
    return {
      [Symbol.dispose]: () => {
        this.#isBusy = false;
      },
    };
  }

  /** Whether one is under way. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /**
   * Fetches data.
   * @returns Pieces that the caller owns; leaving early ends the transfer (ABOR).
   */
  async *fetch(plan: TransferPlan): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const { connection, keepAlive } = await this.#begin(plan, "in");
    let isWhole = false;
    try {
      using deadline = this.#deadline("receive data");
      const buffer = this.#buffer ??= new Uint8Array(PIECE_BYTES);
      while (true) {
        const count = await deadline.wait(connection.read(buffer), () => closeQuietly(connection));
        if (count === null) break;
        yield buffer.slice(0, count);
      }
      isWhole = true;
    } catch (error) {
      isWhole = true;
      throw await this.#end(connection, keepAlive, error);
    } finally {
      if (!isWhole) await this.#abort(connection, keepAlive, "in");
    }
    await this.#end(connection, keepAlive);
  }

  /**
   * Sends data.
   * @returns The server's last reply.
   */
  async store(
    plan: TransferPlan,
    content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<Reply> {
    const { connection, keepAlive } = await this.#begin(plan, "out");
    let broken: unknown;
    try {
      using deadline = this.#deadline("send data");
      const send = async (piece: Uint8Array): Promise<void> => {
        const onTimeout = (): void => closeQuietly(connection);
        try {
          await deadline.wait(writeAll(connection, piece), onTimeout);
        } catch (error) {
          throw broken = error;
        }
      };
      for await (const piece of content) await send(piece);
    } catch (error) {
      // An upload whose source failed must not become a file that looks complete.
      if (error !== broken) {
        await this.#abort(connection, keepAlive, "out");
        throw error;
      }
      throw await this.#end(connection, keepAlive, error);
    }
    await connection.closeWrite().catch(() => {
      // The reply reports whether everything has arrived.
    });
    return await this.#end(connection, keepAlive);
  }

  #deadline(operation: string): Deadline {
    const { options: { signal, timeoutMs = 60_000 }, channel } = this.#control;
    return new Deadline({ signal, idleTimeoutMs: timeoutMs }, { operation, peer: channel.peer });
  }

  /** Agrees on a data connection and gives the command. */
  async #begin(
    { line, type = "I", offset = 0, questions }: TransferPlan,
    direction: "in" | "out",
  ): Promise<{ readonly connection: Connection; readonly keepAlive: KeepAlive }> {
    if (this.#isBusy) throw new TypeError("another transfer is under way");
    this.#isBusy = true;
    let offer: DataOffer | undefined;
    try {
      const { channel } = this.#control;
      await this.#control.setType(type);
      offer = await this.#data.offer(questions);
      if (offset > 0) await this.#restart(offset);
      const reply = await channel.send(line, [125, 150, 226, 250]);
      const keepAlive = new KeepAlive(this.#control);
      if (Number(reply.code) >= 200) {
        if (direction === "out") {
          throw new ProtocolError("the server accepted the file before it was sent", {
            operation: `complete ${line.verb}`,
            peer: channel.peer,
          });
        }
        // Some servers leave out the first reply: what there is came or comes by the data connection all the same.
        keepAlive.last = reply;
      }
      const connection = await this.#accept(offer, keepAlive);
      keepAlive.start();
      return { connection, keepAlive };
    } catch (error) {
      offer?.[Symbol.dispose]();
      this.#isBusy = false;
      throw explained(error);
    }
  }

  /** Takes the data connection, unless the server says before that it cannot connect. */
  async #accept(offer: DataOffer, keepAlive: KeepAlive): Promise<Connection> {
    const { channel } = this.#control;
    const accepted = offer.accept();
    if (offer.isActive !== true || keepAlive.last !== undefined) return await accepted;
    try {
      while (true) {
        const first = await Promise.race([accepted, channel.readable()]);
        if (first !== undefined) return first;
        const reply = await channel.readReply();
        if (Number(reply.code) < 200) continue;
        if (!isPositive(reply.code)) {
          throw toReplyError(reply, "open the data connection", channel.peer);
        }
        // An empty file may be over before its connection was taken.
        keepAlive.last = reply;
        return await accepted;
      }
    } catch (error) {
      offer[Symbol.dispose]();
      await accepted.then(closeQuietly, () => {});
      throw error;
    }
  }

  /** Sets where the next transfer begins. */
  async #restart(offset: number): Promise<void> {
    const { channel } = this.#control;
    try {
      await channel.send(command`REST ${offset}`, [350]);
    } catch (error) {
      if (!(error instanceof ReplyError && UNKNOWN.includes(Number(error.code)))) throw error;
      throw new UnsupportedError("the server cannot resume transfers", {
        operation: "resume",
        peer: channel.peer,
        cause: error,
      });
    }
  }

  /** Reads the result of the transfer; returns the more specific one of two errors. */
  async #end(connection: Connection, keepAlive: KeepAlive): Promise<Reply>;
  async #end(connection: Connection, keepAlive: KeepAlive, broken: unknown): Promise<unknown>;
  async #end(connection: Connection, keepAlive: KeepAlive, broken?: unknown): Promise<unknown> {
    const { channel, options } = this.#control;
    closeQuietly(connection);
    try {
      if (broken === undefined) return judge(await keepAlive.lastReply(), channel.peer);
      if (options.signal?.aborted) return broken;
      const reply = await within(FINAL_REPLY_MS, keepAlive.lastReply(), () => channel.close());
      const context = { operation: "transfer data", peer: channel.peer };
      if (isPositive(reply.code)) return toNetwrightError(broken, context);
      return toReplyError(reply, "transfer data", channel.peer);
    } catch (error) {
      if (broken === undefined) throw explained(error);
      return broken;
    } finally {
      this.#isBusy = false;
    }
  }

  /**
   * Aborts a transfer. At the end of an upload's data the server takes the file for complete:
   * so ABOR comes first, and a moment for servers that listen while they transfer.
   */
  async #abort(
    connection: Connection,
    keepAlive: KeepAlive,
    direction: "in" | "out",
  ): Promise<void> {
    const { channel } = this.#control;
    if (direction === "in") closeQuietly(connection);
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      if (channel.state !== "ready") return;
      timer = setTimeout(() => closeQuietly(connection), ABORT_MS);
      const rest = async (): Promise<void> => {
        await channel.sendWithoutWaiting(command`ABOR`);
        // One for the transfer, whole or not, and one for ABOR.
        await keepAlive.lastReply();
        closeQuietly(connection);
        await channel.readReply();
      };
      await within(FINAL_REPLY_MS, rest(), () => channel.close());
    } catch (error) {
      // Replies cannot be assigned to commands any more.
      if (!(error instanceof NetwrightError)) throw error;
      channel.close();
    } finally {
      clearTimeout(timer);
      closeQuietly(connection);
      this.#isBusy = false;
    }
  }
}

function explained(error: unknown): unknown {
  return error instanceof ReplyError ? demandsResumption(error) ?? error : error;
}
