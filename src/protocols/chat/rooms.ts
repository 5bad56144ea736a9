/**
 * The rooms of a chat: users, channels, and the messages to each. It has no network: users get messages by a
 * function.
 *
 * @module
 */

import { checkOptions, type OptionRules } from "../../net/internal.ts";
import { escapeControls } from "../../net/mod.ts";
import { CHAT_GROUP_PORT } from "../../reference/usual_places.ts";
import { type ChatEvent, splitChatText } from "./wire.ts";

/** Channels of the book's server. */
export const DEFAULT_CHANNELS: Readonly<Record<string, string>> = {
  CurrentEvents: "What happens in the world",
  Weather: "Rain or shine",
  Gardening: "For those with green thumbs",
  Hobbies: "Whatever fills the evenings",
  Pets: "Friends with fur and feathers",
};

/** Limits of {@link ChatRooms}. */
export interface ChatLimits {
  /** Users at once. @default {1000} */
  readonly maxUsers?: number | undefined;
  /** Users of one host at once. @default {100} */
  readonly maxPerHost?: number | undefined;
  /** Longest nickname in characters. @default {20} */
  readonly maxNickname?: number | undefined;
  /** Longest message in characters. @default {1000} */
  readonly maxText?: number | undefined;
  /** Messages of a user a second, on the average. @default {10} */
  readonly perSecond?: number | undefined;
  /** Messages of a user that may come at once. @default {40} */
  readonly burst?: number | undefined;
  /** How long a user may be silent, in milliseconds. @default {60_000} */
  readonly idleTimeoutMs?: number | undefined;
}

/** How a chat is set up. */
export interface ChatRoomsOptions extends ChatLimits {
  /** Channels: their titles and topics. @default {DEFAULT_CHANNELS} */
  readonly channels?: Readonly<Record<string, string>> | undefined;
  /** The group for the traffic of a channel, beside its users; part of the acknowledgements. */
  readonly groupOf?: ((title: string) => string | undefined) | undefined;
  /** Called with one line, safe to show, for each log-in, departure, join and part; not for messages. */
  readonly onAct?: ((text: string) => void) | undefined;
  /** The port of the groups; sent to each user who logs in. */
  readonly groupPort?: number | undefined;
  /** Sends the traffic of a channel to its group, instead of to each of its users that can receive it. */
  readonly toGroup?: ((group: string, event: ChatEvent, text: string) => void) | undefined;
}

/** The address of a user, and the way to send it messages. */
export interface ChatSeat {
  /** Identifies the address; a second login from there takes the place of the first. */
  readonly key: string;
  /** The host, for limits. */
  readonly host: string;
  /** Whether it is a connection: it joins no groups, and its end is noticed, so that it may be silent. */
  readonly isConnected?: boolean;
  /** Sends a message. */
  send(event: ChatEvent, text: string): void;
}

interface Channel {
  readonly title: string;
  readonly description: string;
  readonly group: string | undefined;
  readonly users: Set<User>;
}

interface User {
  readonly nickname: string;
  readonly seat: ChatSeat;
  /** In the order in which they were joined; the last is current. */
  channels: Channel[];
  readonly since: number;
  seen: number;
  tokens: number;
  refilled: number;
  warned: boolean;
}

/** What users do. */
type Act = (user: User, text: string) => void;

const ROOMS_RULES: OptionRules<ChatRoomsOptions> = {
  maxUsers: "count",
  maxPerHost: "count",
  maxNickname: "count",
  maxText: "count",
  perSecond: "any",
  burst: "count",
  idleTimeoutMs: "time",
  channels: "any",
  groupOf: "any",
  onAct: "any",
  groupPort: "port",
  toGroup: "any",
};

/** Users and channels; the whole state of a server of the book's chat. */
export class ChatRooms {
  readonly #options: ChatRoomsOptions;
  readonly #now: () => number;
  readonly #channels = new Map<string, Channel>();
  readonly #bySeat = new Map<string, User>();
  readonly #byNickname = new Map<string, User>();
  readonly #perHost = new Map<string, number>();

  /**
   * Opens the rooms, which are empty.
   * @param options Channels and limits.
   * @param now The time, in milliseconds.
   */
  constructor(options: ChatRoomsOptions = {}, now: () => number = () => performance.now()) {
    checkOptions(options, ROOMS_RULES);
    this.#options = options;
    this.#now = now;
    for (const [title, description] of Object.entries(options.channels ?? DEFAULT_CHANNELS)) {
      const group = options.groupOf?.(title);
      this.#channels.set(title.toLowerCase(), { title, description, group, users: new Set() });
    }
  }

  /** How many users there are. */
  get users(): number {
    return this.#bySeat.size;
  }

  /** How many users each channel has. */
  get occupancy(): Record<string, number> {
    return Object.fromEntries(
      [...this.#channels.values()].map(({ title, users }) => [title, users.size]),
    );
  }

  /**
   * Executes a request.
   * @param seat Who.
   * @param event What; undefined of a code that is not known.
   * @param text What with; anything.
   */
  receive(seat: ChatSeat, event: ChatEvent | undefined, text: string): void {
    if (event === "loginRequest") return this.#login(seat, text);
    const user = this.#bySeat.get(seat.key);
    if (user === undefined) return seat.send("error", "please log in");
    user.seen = this.#now();
    if (event === "stillHere") return;
    const act = event === undefined ? undefined : this.#acts[event];
    if (act === undefined) return seat.send("error", "unimplemented event code");
    if (event !== "logoff" && !this.#mayAct(user)) return;
    act(user, text);
  }

  /** Takes those away who were silent for too long; gives their nicknames. */
  dropSilent(): string[] {
    const { idleTimeoutMs = 60_000 } = this.#options;
    const limit = this.#now() - idleTimeoutMs;
    const silent = [...this.#bySeat.values()].filter(({ seen, seat }) =>
      seen < limit && !seat.isConnected
    );
    for (const user of silent) this.#leave(user);
    return silent.map(({ nickname }) => nickname);
  }

  readonly #acts: Partial<Record<ChatEvent, Act>> = {
    logoff: (user) => this.#leave(user),
    joinRequest: (user, text) => this.#join(user, text),
    partRequest: (user, text) => this.#part(user, text),
    sendPublic: (user, text) => this.#sendPublic(user, text),
    sendPrivate: (user, text) => this.#sendPrivate(user, text),
    listChannels: ({ seat }) => {
      for (const channel of this.#channels.values()) seat.send("channelItem", describe(channel));
    },
    listUsers: (user) => this.#listUsers(user),
  };

  #login(seat: ChatSeat, text: string): void {
    const { maxUsers = 1000, maxPerHost = 100, maxNickname = 20 } = this.#options;
    const nickname = text.trim();
    const there = this.#bySeat.get(seat.key);
    if (there?.nickname === nickname) {
      there.seen = this.#now();
      return this.#welcome(seat, nickname);
    }
    if (!isNickname(nickname, maxNickname)) {
      return seat.send("error", `a nickname has 1 to ${maxNickname} letters, digits, _ or -`);
    }
    if (this.#byNickname.has(nickname.toLowerCase())) {
      return seat.send("error", "nickname already in use");
    }
    if (there !== undefined) this.#leave(there);
    const ofHost = this.#perHost.get(seat.host) ?? 0;
    if (this.#bySeat.size >= maxUsers || ofHost >= maxPerHost) {
      return seat.send("error", "too many users");
    }
    const now = this.#now();
    const { burst = 40 } = this.#options;
    const user: User = {
      ...{ nickname, seat, channels: [], since: now, seen: now },
      ...{ tokens: burst, refilled: now, warned: false },
    };
    this.#bySeat.set(seat.key, user);
    this.#byNickname.set(nickname.toLowerCase(), user);
    this.#perHost.set(seat.host, ofHost + 1);
    this.#options.onAct?.(`${nickname} logs in from ${seat.key}`);
    this.#welcome(seat, nickname);
  }

  #welcome(seat: ChatSeat, nickname: string): void {
    const { groupPort } = this.#options;
    seat.send("loginAck", nickname);
    // Clients know the usual one.
    if (groupPort !== undefined && groupPort !== CHAT_GROUP_PORT) {
      seat.send("setMulticastPort", `${groupPort}`);
    }
  }

  #leave(user: User): void {
    this.#options.onAct?.(`${user.nickname} leaves`);
    this.#bySeat.delete(user.seat.key);
    this.#byNickname.delete(user.nickname.toLowerCase());
    const left = (this.#perHost.get(user.seat.host) ?? 1) - 1;
    if (left > 0) this.#perHost.set(user.seat.host, left);
    else this.#perHost.delete(user.seat.host);
    for (const channel of user.channels) {
      channel.users.delete(user);
      this.#toAll(channel, "userParts", `${channel.title} ${user.nickname}`);
    }
    user.channels = [];
  }

  /** Takes a token of the user's; a user without one gets one warning. */
  #mayAct(user: User): boolean {
    const { perSecond = 10, burst = 40 } = this.#options;
    const now = this.#now();
    user.tokens = Math.min(burst, user.tokens + (now - user.refilled) / 1000 * perSecond);
    user.refilled = now;
    if (user.tokens >= 1) {
      user.tokens--;
      user.warned = false;
      return true;
    }
    if (!user.warned) user.seat.send("error", "not so fast: this was not sent");
    user.warned = true;
    return false;
  }

  #find(user: User, text: string): Channel | undefined {
    const title = text.trim();
    const channel = this.#channels.get(title.toLowerCase());
    if (channel === undefined) {
      user.seat.send("error", `no channel named ${escapeControls(title, { maxLength: 80 })}`);
    }
    return channel;
  }

  #join(user: User, text: string): void {
    const channel = this.#find(user, text);
    if (channel === undefined) return;
    if (!channel.users.has(user)) {
      this.#toAll(channel, "userJoins", `${channel.title} ${user.nickname}`);
      channel.users.add(user);
      this.#options.onAct?.(`${user.nickname} joins ${channel.title}`);
    }
    user.channels = [...user.channels.filter((other) => other !== channel), channel];
    user.seat.send("joinAck", describe(channel));
  }

  #part(user: User, text: string): void {
    const current = user.channels.at(-1);
    const channel = text.trim() === "" && current !== undefined ? current : this.#find(user, text);
    if (channel === undefined) return;
    if (!channel.users.delete(user)) {
      return user.seat.send("error", `you are not in ${channel.title}`);
    }
    user.channels = user.channels.filter((other) => other !== channel);
    this.#options.onAct?.(`${user.nickname} parts ${channel.title}`);
    this.#toAll(channel, "userParts", `${channel.title} ${user.nickname}`);
    user.seat.send("partAck", describe(channel));
    const next = user.channels.at(-1);
    if (channel === current && next !== undefined) user.seat.send("joinAck", describe(next));
  }

  #sendPublic(user: User, text: string): void {
    const channel = user.channels.at(-1);
    if (channel === undefined) return user.seat.send("error", "no current channel");
    const clean = this.#cleaned(user, text);
    if (clean === undefined) return;
    this.#toAll(channel, "publicMessage", `${channel.title} ${user.nickname} ${clean}`);
  }

  #sendPrivate(user: User, text: string): void {
    const [name = "", message = ""] = splitChatText(text, 1);
    const other = this.#byNickname.get(name.toLowerCase());
    if (other === undefined) {
      return user.seat.send("error", `${escapeControls(name, { maxLength: 80 })}: not logged in`);
    }
    const clean = this.#cleaned(user, message);
    if (clean !== undefined) other.seat.send("privateMessage", `${user.nickname} ${clean}`);
  }

  /** The text for other users; undefined if it is empty, or too long. */
  #cleaned(user: User, text: string): string | undefined {
    const { maxText = 1000 } = this.#options;
    const clean = escapeControls(text.trimEnd());
    if (clean.length > maxText) {
      user.seat.send("error", `a message has up to ${maxText} characters`);
      return undefined;
    }
    return clean === "" ? undefined : clean;
  }

  #listUsers(user: User): void {
    const channel = user.channels.at(-1);
    if (channel === undefined) return user.seat.send("error", "no current channel");
    const now = this.#now();
    for (const { nickname, since, channels } of channel.users) {
      // The current channel comes first.
      const titles = channels.toReversed().map(({ title }) => title).join(" ");
      user.seat.send("userItem", `${nickname} ${Math.floor((now - since) / 1000)} ${titles}`);
    }
  }

  #toAll(channel: Channel, event: ChatEvent, text: string): void {
    const { toGroup } = this.#options;
    const { group, users } = channel;
    const hasGroup = group !== undefined && toGroup !== undefined;
    if (hasGroup) toGroup(group, event, text);
    for (const { seat } of users) if (!hasGroup || seat.isConnected) seat.send(event, text);
  }
}

function describe({ title, users, group, description }: Channel): string {
  return [title, users.size, ...(group === undefined ? [] : [group]), description].join(" ");
}

/** Letters and digits of any script: nothing that could pass for a blank, a command or a colour. */
function isNickname(text: string, maxLength: number): boolean {
  return text.length <= maxLength && /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_\-]*$/u.test(text);
}
