/**
 * Queue of a user's requests to a chat server, sent one at a time: a line counts as delivered when its echo arrives.
 *
 * @module
 */

import { escapeControls } from "../../net/mod.ts";
import type { ChatNews } from "./news.ts";
import type { ChatEvent } from "./wire.ts";

/** Time in milliseconds in which a reply is expected. */
const REPLY_MS = 1000;
/** Maximum number of requests that wait. */
const MAX_WAITING = 10_000;
/** What our server says of a line that came too soon after others, and did not pass on. */
const TOO_FAST = /^not so fast/;

/** Something to be sent. */
interface Request {
  readonly event: ChatEvent;
  readonly text: string;
}

/** How a reply is matched to its request. */
const REPLIES: Readonly<Partial<Record<ChatEvent, readonly ChatNews["kind"][]>>> = {
  joinRequest: ["entered"],
  partRequest: ["left"],
  sendPublic: ["message"],
};

/**
 * Sends requests in their order, each when the one before was replied to. To a private line a server says nothing if
 * it succeeds, so that its delivery is unknown.
 */
export class Outbox {
  readonly #send: (event: ChatEvent, text: string) => void;
  readonly #report: (news: ChatNews) => void;
  readonly #awayMs: number;
  readonly #waiting: Request[] = [];
  #current: Request | undefined;
  /** Since when the current one is tried. */
  #since = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the server was asked whether it is there, after the current line. */
  #isProbing = false;
  #idle = Promise.withResolvers<void>();
  #isClosed = false;
  /** Number of lines that were not delivered. */
  undelivered = 0;

  /**
   * @param send Sends a datagram.
   * @param tell Called with each line that was not delivered.
   * @param awayMs Time in milliseconds after which a server that says nothing is no longer waited for.
   */
  constructor(
    send: (event: ChatEvent, text: string) => void,
    report: (news: ChatNews) => void,
    awayMs: number = 60_000,
  ) {
    this.#awayMs = awayMs;
    this.#send = send;
    this.#report = report;
    this.#idle.resolve();
  }

  /** Resolves when nothing waits any more. */
  get settled(): Promise<void> {
    return this.#idle.promise;
  }

  /** Adds a request. */
  add(event: ChatEvent, text: string): void {
    if (this.#isClosed || this.#waiting.length >= MAX_WAITING) {
      return this.#fail({ event, text });
    }
    if (this.#current === undefined && this.#waiting.length === 0) {
      this.#idle = Promise.withResolvers();
    }
    this.#waiting.push({ event, text });
    if (this.#current === undefined) this.#next();
  }

  #next(): void {
    clearTimeout(this.#timer);
    this.#current = this.#waiting.shift();
    if (this.#current === undefined) return this.#idle.resolve();
    this.#since = performance.now();
    this.#try();
  }

  #try(): void {
    const { event, text } = this.#current!;
    this.#isProbing = false;
    this.#send(event, text);
    if (event === "sendPublic") {
      this.#timer = setTimeout(() => this.#onSilence(), REPLY_MS);
    } else if (REPLIES[event] !== undefined) {
      this.#timer = setTimeout(() => this.#next(), REPLY_MS);
    } else this.#next();
  }

  /** Nothing came back: the line may be lost, or the server away. */
  #onSilence(): void {
    if (performance.now() - this.#since > this.#awayMs) {
      this.#fail(this.#current!);
      return this.#abandonAll();
    }
    if (this.#isProbing) return this.#try();
    this.#isProbing = true;
    this.#send("listChannels", "");
    this.#timer = setTimeout(() => this.#onSilence(), REPLY_MS);
  }

  #dropCurrent(): void {
    this.#fail(this.#current!);
    this.#next();
  }

  /** The server is away: no other line has to find that out again. */
  #abandonAll(): void {
    for (const request of this.#waiting.splice(0)) this.#fail(request);
    this.#next();
  }

  #fail({ event, text }: Request): void {
    if (!isSaid(event)) return;
    this.undelivered++;
    this.#report({
      kind: "error",
      text: `not delivered: ${escapeControls(text, { maxLength: 1000 })}`,
    });
  }

  /** Notes that the server listed a channel: whatever was sent before has arrived, or is lost. */
  onChannel(): void {
    if (this.#isProbing && this.#current?.event === "sendPublic") this.#dropCurrent();
  }

  /**
   * Handles a message of the server.
   * @param news The news.
   * @param isOwn Whether it is about this user.
   * @returns Whether the user need not see it: a line that came too soon is sent again.
   */
  onNews(news: ChatNews, isOwn: boolean): boolean {
    const current = this.#current;
    if (current === undefined) return false;
    if (news.kind === "error") {
      const isTooFast = TOO_FAST.test(news.text);
      if (isTooFast) this.#retryIn(REPLY_MS);
      else this.#next();
      return isTooFast;
    }
    if (REPLIES[current.event]?.includes(news.kind) && (news.kind !== "message" || isOwn)) {
      this.#next();
    }
    return false;
  }

  /** Sends the current request again soon, to a server that had forgotten us. */
  retry(): void {
    if (this.#current === undefined) return;
    this.#retryIn(REPLY_MS / 4);
  }

  #retryIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#try(), ms);
  }

  /** Reports every line that was not delivered. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const request of [this.#current, ...this.#waiting.splice(0)]) {
      if (request !== undefined) this.#fail(request);
    }
    this.#current = undefined;
    this.#idle.resolve();
  }
}

function isSaid(event: ChatEvent): boolean {
  return event === "sendPublic" || event === "sendPrivate";
}
