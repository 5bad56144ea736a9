/**
 * Keep-alive of the control connection during a transfer, and the replies at its end.
 *
 * @module
 */

import { Deadline, ProtocolError } from "../../../net/mod.ts";
import { toReplyError } from "../../wire/internal.ts";
import { command, type Reply } from "../../wire/mod.ts";
import type { FtpControl } from "./_control.ts";

/** The longest interval that a timer takes, in milliseconds: some 25 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** Time for the server to report the result of a transfer that broke, in milliseconds. */
export const FINAL_REPLY_MS = 5000;

/** Keeps the control connection alive, and counts the replies that this brings. */
export class KeepAlive {
  readonly #control: FtpControl;
  #timer: ReturnType<typeof setInterval> | undefined;
  #sending: Promise<void> = Promise.resolve();
  #replies = 0;
  /** The reply to the transfer, where it came before the data. */
  last: Reply | undefined;

  constructor(control: FtpControl) {
    this.#control = control;
  }

  /** Begins to send NOOP now and then. */
  start(): void {
    const { options: { keepAliveMs = 30_000 }, channel } = this.#control;
    if (keepAliveMs > MAX_TIMER_MS || this.last !== undefined) return;
    this.#timer = setInterval(() => {
      if (channel.state !== "ready") return;
      this.#replies++;
      this.#sending = channel.sendWithoutWaiting(command`NOOP`).catch(() => {
        // Its end is noticed where the reply to the transfer is read.
      });
    }, keepAliveMs);
    Deno.unrefTimer(this.#timer);
  }

  /**
   * The reply to the transfer; those to NOOP come before or after it.
   * @param idleTimeoutMs How long the server may be silent, where data flows that we do not see.
   */
  async lastReply(idleTimeoutMs?: number): Promise<Reply> {
    clearInterval(this.#timer);
    if (this.last !== undefined) return this.last;
    await this.#sending;
    const { channel } = this.#control;
    let owed = this.#replies;
    let last = await channel.readReply(idleTimeoutMs);
    // 200 is never the end of a transfer; whatever else comes first is.
    for (; last.code === 200 && owed > 0; owed--) last = await channel.readReply(idleTimeoutMs);
    if (last.code === 200) {
      throw new ProtocolError("the server does not say what became of the transfer", {
        operation: "transfer data",
        peer: channel.peer,
      });
    }
    if (owed > 0) await this.#skipReplies(owed);
    return last;
  }

  /**
   * Skips late replies to NOOP, if there are any: some servers ignore commands during a transfer
   * (FluentFTP#387). The reply to PWD has a code of its own, so it shows where they end.
   */
  async #skipReplies(owed: number): Promise<void> {
    const { channel } = this.#control;
    await channel.sendWithoutWaiting(command`PWD`);
    for (let left = owed; left >= 0; left--) {
      const { code } = await within(FINAL_REPLY_MS, channel.readReply(), () => channel.close());
      if (code === 257) return;
    }
  }
}

/** Gives a last reply back, unless it is a refusal. */
export function judge(reply: Reply, peer: string): Reply {
  if (Number(reply.code) < 300) return reply;
  throw toReplyError(reply, "transfer data", peer);
}

/** Waits no longer than that. */
export async function within<T>(
  timeoutMs: number,
  promise: Promise<T>,
  onTimeout: () => void,
): Promise<T> {
  using deadline = new Deadline({ timeoutMs }, { operation: "end a transfer" });
  return await deadline.wait(promise, onTimeout);
}
