/**
 * Transfers from server to server (FXP): one listens, the other connects to it.
 *
 * @module
 */

import { closeQuietly } from "../../../net/internal.ts";
import { NetwrightError, ProtocolError, ReplyError, UnsupportedError } from "../../../net/mod.ts";
import { command, type CommandLine, type Reply } from "../../wire/mod.ts";
import { FINAL_REPLY_MS, judge, KeepAlive, within } from "./_keep_alive.ts";
import type { FtpControl } from "./_control.ts";
import { portOf } from "./_data_connection.ts";
import {
  type DataAddress,
  formatExtendedAddress,
  formatHostPort,
  parseExtendedPort,
  parseHostPort,
} from "../codec/data_address.ts";

/** One of the two sides. */
interface Side {
  readonly control: FtpControl;
  readonly line: CommandLine;
}

/**
 * Copies a file.
 *
 * @param source The server that has the file.
 * @param from Its path there.
 * @param target The server that receives it.
 * @param to Its path there.
 * @param patienceMs Maximum duration in milliseconds, for the progress is unknown. @default {an hour}
 * @throws {ReplyError} If either refuses.
 * @throws {UnsupportedError} If data is to be inside TLS: both would wait for the other to begin.
 */
export async function copyBetween(
  source: FtpControl,
  from: string,
  target: FtpControl,
  to: string,
  patienceMs: number = 3_600_000,
): Promise<void> {
  if (source.protectsData || target.protectsData) {
    throw new UnsupportedError("data inside TLS cannot go from server to server", {
      operation: "copy from server to server",
      peer: target.channel.peer,
      hint: "let it come by here",
    });
  }
  const [sending, receiving] = [
    { control: source, line: command`RETR ${from}` },
    { control: target, line: command`STOR ${to}` },
  ];
  await source.setType("I");
  await target.setType("I");
  // The sender listens, so that a missing file keeps no server waiting.
  try {
    await agree(source, target);
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error;
    await agreeTheOtherWay(target, source, error);
    return await transfer(receiving, sending, patienceMs);
  }
  await transfer(sending, receiving, patienceMs);
}

/** One listens, the other gets its address: the host that we are connected to, whatever it reports itself. */
async function agree(passive: FtpControl, active: FtpControl): Promise<void> {
  const { remoteAddr } = passive.channel.connection;
  if (!("hostname" in remoteAddr)) {
    throw new UnsupportedError("this server has no address that another one could connect to", {
      operation: "copy from server to server",
      peer: passive.channel.peer,
    });
  }
  const address: DataAddress = {
    hostname: remoteAddr.hostname,
    port: await listeningPort(passive),
  };
  const isExtended = await active.optional(command`EPRT ${formatExtendedAddress(address)}`);
  if (isExtended === undefined) {
    await active.channel.send(command`PORT ${formatHostPort(address)}`);
  }
}

async function agreeTheOtherWay(
  passive: FtpControl,
  active: FtpControl,
  first: ReplyError,
): Promise<void> {
  try {
    await agree(passive, active);
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error;
    throw new NetwrightError("neither server sends data to the other one", {
      operation: "copy from server to server",
      peer: passive.channel.peer,
      cause: first,
      hint: "most connect to their client only; let it come by here",
    });
  }
}

async function listeningPort(control: FtpControl): Promise<number> {
  const extended = await control.optional(command`EPSV`);
  const reply = extended ?? await control.channel.send(command`PASV`, [227]);
  const port = extended === undefined
    ? portOf(reply, (text) => parseHostPort(text)?.port)
    : portOf(reply, parseExtendedPort);
  if (port !== undefined) return port;
  throw new ProtocolError("the reply names no port", {
    operation: "copy from server to server",
    peer: control.channel.peer,
    received: String(reply.code),
  });
}

/** Both begin at once: one that listens may say nothing until the other has come. */
async function transfer(passive: Side, active: Side, patienceMs: number): Promise<void> {
  const sides = [passive, active].map((side) => new Transfer(side, patienceMs));
  const failed = Promise.withResolvers<void>();
  const ends = sides.map(async (side) => {
    try {
      await side.ended;
    } catch (error) {
      await side.forget();
      failed.resolve();
      throw error;
    }
  });
  const all = Promise.allSettled(ends);
  await Promise.race([all, failed.promise]);
  // The other server must not wait any longer.
  await Promise.all(sides.map((side) => side.abandon()));
  const errors = (await all).flatMap((end) => end.status === "rejected" ? [end.reason] : []);
  // A server's reply is more specific than the error of our closing.
  if (errors.length > 0) throw errors.find((error) => error instanceof ReplyError) ?? errors[0];
}

/** One side's part of a transfer. */
class Transfer {
  readonly #control: FtpControl;
  /** Resolves when the server says that all is done. */
  readonly ended: Promise<Reply>;
  readonly #patienceMs: number;
  #isOver = false;

  constructor({ control, line }: Side, patienceMs: number) {
    this.#control = control;
    this.#patienceMs = patienceMs;
    this.ended = this.#run(line).finally(() => {
      this.#isOver = true;
    });
  }

  async #run(line: CommandLine): Promise<Reply> {
    const { channel } = this.#control;
    const reply = await channel.send(line, [125, 150, 226, 250]);
    if (Number(reply.code) >= 200) return reply;
    return judge(await new KeepAlive(this.#control).lastReply(this.#patienceMs), channel.peer);
  }

  /** Cancels the agreed transfer, so that neither server waits any more. */
  async forget(): Promise<void> {
    await this.#control.optional(command`ABOR`).catch((error) => {
      if (!(error instanceof NetwrightError)) throw error;
    });
  }

  /** Ends it, if it is not over. */
  async abandon(): Promise<void> {
    if (this.#isOver) return;
    const { channel } = this.#control;
    const over = this.ended.then(() => {}, () => {});
    try {
      await within(FINAL_REPLY_MS, over, () => {});
    } catch {
      // Replies cannot be assigned to commands any more.
      closeQuietly(channel);
      await over;
    }
  }
}
