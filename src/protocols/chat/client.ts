/**
 * A client of the chat: one session with one server.
 *
 * @module
 */

import {
  checkOptions,
  CLIENT_RULES,
  closeQuietly,
  endpointOf,
  isFrom,
  type OptionRules,
} from "../../net/internal.ts";
import {
  type Address,
  type ClientOptions,
  type DatagramConnection,
  Deadline,
  escapeControls,
  formatEndpoint,
  type HostEndpoint,
  type Network,
  NetwrightError,
  type ServerAddress,
  systemNetwork,
  TimeoutError,
  toNetwrightError,
  UnsupportedError,
  wildcardAddress,
} from "../../net/mod.ts";
import { ChatGroups, type ChatGroupsOptions } from "./groups.ts";
import { CHAT_PORT } from "../../reference/usual_places.ts";
import { Outbox } from "./_outbox.ts";
import { type ChatNews, readNews } from "./news.ts";
import { type ChatEvent, decodeChat, encodeChat } from "./wire.ts";

/** How a session is begun. */
export interface ChatClientOptions extends ClientOptions {
  /** The user's nickname. */
  readonly nickname: string;
  /** Interval of keep-alive messages to the server, in milliseconds. @default {15_000} */
  readonly stillHereMs?: number | undefined;
  /** How long a server that says nothing is waited for before a line counts as not delivered, in milliseconds. @default {60_000} */
  readonly awayMs?: number | undefined;
  /** Options for joining the channels' groups, if the server has any. @default {not joined} */
  readonly groups?: ChatGroupsOptions | undefined;
}

const CHAT_CLIENT_RULES: OptionRules<ChatClientOptions> = {
  ...CLIENT_RULES,
  nickname: "any",
  stillHereMs: "time",
  awayMs: "time",
  groups: "any",
};

/** A request of the user. */
export type ChatRequest = Extract<
  ChatEvent,
  "joinRequest" | "partRequest" | "sendPublic" | "sendPrivate" | "listChannels" | "listUsers"
>;

/** How often the login is sent. */
const LOGIN_TRIES = 5;
/** How long answers are expected, in milliseconds. */
const ANSWER_MS = 5000;
/** News that wait to be read; more are lost, as datagrams may be. */
const MAX_NEWS = 10_000;

/**
 * Talks to a chat server. Datagrams may be lost: a request without a reply must be repeated by the caller; only the login
 * is repeated by the client itself, also when the server has forgotten it.
 *
 * @example Say something
 * ```ts
 * import { type HostEndpoint, systemNetwork } from "@netwright/netwright/net";
 * import { ChatClient } from "@netwright/netwright/chat";
 * async function say(server: HostEndpoint, channel: string, text: string): Promise<void> {
 *   await using client = await ChatClient.login(server, { nickname: "ann" });
 *   client.ask("joinRequest", channel);
 *   for await (const news of client.news()) {
 *     if (news.kind === "entered") client.ask("sendPublic", text);
 *     if (news.kind === "message" && news.from === "ann") return;
 *   }
 * }
 * ```
 */
export class ChatClient implements AsyncDisposable {
  /** The user's nickname. */
  readonly nickname: string;
  /** The server, as an endpoint. */
  readonly peer: string;
  readonly #socket: DatagramConnection;
  readonly #server: Address;
  readonly #news: ChatNews[] = [];
  #wake = Promise.withResolvers<void>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #channels: string[] = [];
  #receivedAt = performance.now();
  #channelsRequestedUntil = 0;
  #isIn = false;
  #forgottenAt = -Infinity;
  #loggedIn = Promise.withResolvers<void>();
  #ended = false;
  #failure: unknown;
  /** The groups of the channels; absent if they are not joined. */
  readonly #groups: ChatGroups | undefined;
  /** Requests, in order. */
  readonly #outbox: Outbox;
  #hasAnnouncedGroups = false;
  #closing: Promise<void> | undefined;

  private constructor(network: Network, server: HostEndpoint, options: ChatClientOptions) {
    this.nickname = options.nickname;
    this.peer = formatEndpoint(server);
    this.#server = { transport: "udp", hostname: server.hostname, port: server.port };
    this.#socket = network.listenDatagram(wildcardAddress(server));
    this.#groups = options.groups && new ChatGroups(network, server.hostname, options.groups, {
      onEvent: (event, text) => this.#receiveNews(event, text),
      onTrouble: (text) => this.#report({ kind: "error", text }),
    });
    this.#outbox = new Outbox(
      (event, text) => this.#send(event, text),
      (news) => this.#report(news),
      options.awayMs,
    );
    void this.#receive();
  }

  /**
   * Logs in.
   * @param server The server, by address or name; of a name's answers only the port is checked. The port is 2027 by default.
   * @param options Nickname, longest time for the login (default 10 seconds), signal.
   * @returns The session.
   * @throws {TimeoutError} If no server answers.
   * @throws {NetwrightError} If it refuses the nickname.
   */
  static async login(
    server: ServerAddress,
    options: ChatClientOptions,
  ): Promise<ChatClient> {
    checkOptions(options, CHAT_CLIENT_RULES);
    const { network = systemNetwork() } = options;
    const endpoint = endpointOf(server, "chat", CHAT_PORT);
    if (!("hostname" in endpoint)) {
      throw new UnsupportedError("the chat needs a UDP port", { operation: "log in" });
    }
    const client = new ChatClient(network, { ...endpoint, transport: "udp" }, options);
    try {
      await client.#login(options);
      client.#keepHere(options);
      return client;
    } catch (error) {
      client.#close();
      throw error;
    }
  }

  /** The channels that one is in, the current one last. */
  get channels(): readonly string[] {
    return this.#channels;
  }

  async #login({ signal, timeoutMs = 10_000 }: ChatClientOptions): Promise<void> {
    using deadline = new Deadline({ signal, timeoutMs }, { operation: "log in", peer: this.peer });
    const ask = (): void => this.#send("loginRequest", this.nickname);
    const again = setInterval(ask, timeoutMs / LOGIN_TRIES);
    try {
      ask();
      await deadline.wait(this.#loggedIn.promise, () => {});
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
      throw new TimeoutError("no chat server answers", {
        operation: "log in",
        peer: this.peer,
        cause: error,
      });
    } finally {
      clearInterval(again);
    }
  }

  #keepHere({ stillHereMs = 15_000 }: ChatClientOptions): void {
    let reported = false;
    this.#timer = setInterval(() => {
      this.#send("stillHere", "");
      const seconds = Math.round((performance.now() - this.#receivedAt) / 1000);
      // The former gets no reply: this checks whether the server is there.
      this.#send("listChannels", "");
      const isSilent = seconds * 1000 > stillHereMs * 2.5;
      if (isSilent && !reported) this.#report({ kind: "silent", seconds });
      reported = isSilent;
    }, stillHereMs);
  }

  /**
   * Sends a request; the reply comes as news, if nothing is lost. Requests are sent in their order, each after the reply to
   * the one before; a line that does not come back is reported as an error: `not delivered`.
   * @param request What.
   * @param text What with: a channel, a text, or a nickname and a text.
   */
  ask(request: ChatRequest, text: string = ""): void {
    if (request === "listChannels") this.#channelsRequestedUntil = performance.now() + ANSWER_MS;
    this.#outbox.add(request, text);
  }

  /** Resolves when every request was sent or reported as not delivered. */
  get settled(): Promise<void> {
    return this.#outbox.settled;
  }

  /** Number of lines that were not delivered so far. */
  get undelivered(): number {
    return this.#outbox.undelivered;
  }

  #send(event: ChatEvent, text: string): void {
    if (this.#ended) return;
    this.#socket.send(encodeChat(event, text), this.#server).catch((error) => {
      this.#fail(toNetwrightError(error, { operation: "send", peer: this.peer }));
    });
  }

  /** The server's news, as they arrive, until the session ends. */
  async *news(): AsyncGenerator<ChatNews> {
    while (true) {
      const next = this.#news.shift();
      if (next !== undefined) yield next;
      else if (this.#failure !== undefined) throw this.#failure;
      else if (this.#ended) return;
      else await this.#wake.promise;
    }
  }

  #report(news: ChatNews): void {
    if (this.#news.length < MAX_NEWS) this.#news.push(news);
    this.#stir();
  }

  #stir(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  #fail(error: unknown): void {
    if (this.#ended) return;
    this.#failure = error;
    this.#loggedIn.reject(error);
    this.#close();
  }

  async #receive(): Promise<void> {
    this.#loggedIn.promise.catch(() => {});
    const buffer = new Uint8Array(65_536);
    while (!this.#ended) {
      try {
        const [bytes, sender] = await this.#socket.receive(buffer);
        if (!isFrom(sender, this.#server)) continue;
        this.#receivedAt = performance.now();
        const datagram = decodeChat(bytes);
        if (datagram?.event === undefined) continue;
        const { event, text } = datagram;
        this.#handle(event, text.validate((said) => escapeControls(said, { maxLength: 4000 })));
      } catch (error) {
        this.#fail(toNetwrightError(error, { operation: "receive", peer: this.peer }));
      }
    }
  }

  #handle(event: ChatEvent, text: string): void {
    if (event === "loginAck") {
      this.#isIn = true;
      return this.#loggedIn.resolve();
    }
    if (event === "error") return this.#receiveError(text);
    if (event === "setMulticastPort") this.#groups?.setPort(text);
    else this.#receiveNews(event, text);
  }

  #receiveNews(event: ChatEvent, text: string): void {
    const news = readNews(event, text);
    if (news === undefined) return;
    if (news.kind === "entered" || news.kind === "left") {
      this.#channels = this.#channels.filter((other) => other !== news.channel);
      if (news.kind === "entered") this.#channels.push(news.channel);
      if (news.group !== undefined) {
        return void this.#moveTo(news.kind, news.channel, news.group).then(() => {
          this.#report(news);
          this.#outbox.onNews(news, false);
        });
      }
    }
    // A group gets news about all of its members, including the user's own.
    if ((news.kind === "joined" || news.kind === "parted") && news.nickname === this.nickname) {
      return;
    }
    if (news.kind === "channel") this.#outbox.onChannel();
    // Other replies only show whether the server is there.
    if (news.kind === "channel" && performance.now() >= this.#channelsRequestedUntil) return;
    this.#report(news);
    this.#outbox.onNews(news, news.kind === "message" && this.#isOwn(news.from));
  }

  /** Enters or leaves the group of a channel. */
  async #moveTo(kind: "entered" | "left", channel: string, group: string): Promise<void> {
    if (kind === "left") return await this.#groups?.leave(channel);
    if (this.#groups !== undefined) return await this.#groups.enter(channel, group);
    if (this.#hasAnnouncedGroups) return;
    this.#hasAnnouncedGroups = true;
    const text = `lines in ${channel} go to ${group}; use --multicast to receive them`;
    this.#report({ kind: "error", text });
  }

  /** A restarted server has no users: login and channels are requested again. */
  #receiveError(text: string): void {
    if (text !== "please log in") {
      if (!this.#isIn) this.#loggedIn.reject(this.#refusal(text));
      const news = { kind: "error", text } as const;
      if (!this.#outbox.onNews(news, false)) this.#report(news);
      return;
    }
    const now = performance.now();
    if (!this.#isIn || now - this.#forgottenAt < ANSWER_MS) return;
    this.#forgottenAt = now;
    this.#send("loginRequest", this.nickname);
    for (const channel of this.#channels) this.#send("joinRequest", channel);
    this.#report({ kind: "again" });
    this.#outbox.retry();
  }

  #isOwn(nickname: string): boolean {
    return nickname.toLowerCase() === this.nickname.toLowerCase();
  }

  #refusal(text: string): NetwrightError {
    return new NetwrightError(text, { operation: "log in", peer: this.peer });
  }

  #close(): void {
    if (this.#ended) return;
    this.#outbox.close();
    this.#ended = true;
    clearInterval(this.#timer);
    closeQuietly(this.#socket);
    this.#closing = this.#groups?.close();
    this.#stir();
  }

  /** Logs off. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) {
      // Its arrival is not confirmed; the server removes silent users.
      await this.#socket.send(encodeChat("logoff"), this.#server).catch(() => {});
    }
    this.#close();
    await this.#closing;
  }
}
