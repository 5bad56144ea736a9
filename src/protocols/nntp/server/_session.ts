/**
 * The state of a server's session: who the client is, and which group and article it has selected.
 *
 * @module
 */

import { trimBlanks } from "../../../net/internal.ts";
import { singleLine, type Tainted } from "../../../net/mod.ts";
import type { NewsGroup } from "../../../stores/mod.ts";
import type { CommandSession } from "../../wire/mod.ts";
import { isGroupName } from "../codec/groups.ts";
import { Wildmat } from "../codec/wildmat.ts";
import { BrokenText, Refusal } from "./_refusal.ts";
import type { GroupAccess, NntpServerOptions } from "./server_options.ts";

/** One session. */
export class NntpServerSession {
  readonly session: CommandSession;
  readonly options: NntpServerOptions;
  /** The server's name. */
  readonly name: string;
  /** The user who has logged in. */
  user: string | undefined;
  /** The name that AUTHINFO USER gave. */
  claimed: string | undefined;
  /** Failed attempts to log in. */
  failures = 0;
  isSecure: boolean;
  isCompressed = false;
  /** The selected group. */
  group: string | undefined;
  /** The number of the current article; it may not be there any more. */
  current: number | undefined;

  constructor(session: CommandSession, options: NntpServerOptions) {
    this.session = session;
    this.options = options;
    this.name = options.name ?? "localhost";
    this.isSecure = options.isSecure ?? false;
  }

  /** Whether a password may come in clear text. */
  get isConfidential(): boolean {
    return this.isSecure || this.options.insecureAuth === true;
  }

  /** Whether the client must log in before it does anything else. */
  get mustLogIn(): boolean {
    return this.options.loginFor === "everything" && this.user === undefined;
  }

  /** Whether articles may be posted now. */
  get mayPost(): boolean {
    const { posting, loginFor = "nothing" } = this.options;
    return posting !== false && (loginFor === "nothing" || this.user !== undefined);
  }

  /** Whether another server may feed articles now. */
  get mayFeed(): boolean {
    return this.options.feeding === true && !this.mustLogIn;
  }

  /** The rights in a group. */
  access(group: string): GroupAccess {
    const { options, user } = this;
    if (options.access !== undefined) return options.access(group, user);
    return { read: true, post: true, approve: user !== undefined || options.users === undefined };
  }

  /** Whether the client sees a group. */
  sees(group: string): boolean {
    return this.access(group).read;
  }

  /** The time now. */
  now(): Date {
    return this.options.now?.() ?? new Date();
  }

  /** Replies. */
  async reply(code: number, text: string): Promise<void> {
    await this.session.reply(code, text);
  }

  /**
   * Finds a group that the client may read.
   * @throws {Refusal} If there is none.
   */
  async requireGroup(name: string): Promise<NewsGroup> {
    if (!isGroupName(name)) throw new Refusal(501, "that is not the name of a group");
    const group = await this.options.store.group(name);
    if (group !== undefined && this.sees(name)) return group;
    if (group !== undefined && this.user === undefined && this.options.users !== undefined) {
      throw new Refusal(480, "log in to read this group");
    }
    throw new Refusal(411, "no such group");
  }

  /**
   * The selected group.
   * @throws {Refusal} If none is selected.
   */
  requireSelected(): string {
    if (this.group !== undefined && this.sees(this.group)) return this.group;
    throw new Refusal(412, "no group is selected");
  }

  /** The groups that the client sees, and that a wildmat matches, if it is given. */
  async groups(wildmat: string | undefined): Promise<readonly NewsGroup[]> {
    const patterns = wildmat === undefined ? undefined : parseWildmat(wildmat);
    return (await this.options.store.groups()).filter(({ name }) =>
      this.sees(name) && (patterns?.matches(name) ?? true)
    );
  }

  /**
   * Sends a text whose reply was sent already.
   * @throws {BrokenText} If it cannot be read to its end.
   */
  async sendText(text: AsyncIterable<Uint8Array>): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    const watched = async function* (): AsyncGenerator<Uint8Array> {
      try {
        yield* text;
      } catch (error) {
        failure = { error };
        throw error;
      }
    };
    try {
      await this.session.writeText(watched());
    } catch (error) {
      if (failure === undefined) throw error;
      this.options.onError?.(failure.error);
      throw new BrokenText();
    }
  }

  /** Discards the state from before TLS (RFC 4642 §2.2.2). */
  reset(): void {
    this.claimed = this.group = this.current = undefined;
  }
}

/** The words of an argument. */
export function wordsOf(argument: Tainted<string>): string[] {
  return trimBlanks(argument.validate(singleLine)).split(/[ \t]+/).filter((word) => word !== "");
}

/**
 * Reads a wildmat.
 * @throws {Refusal} If it is malformed.
 */
export function parseWildmat(text: string): Wildmat {
  try {
    return new Wildmat(text);
  } catch {
    // The client's mistake, whatever is wrong with it.
    throw new Refusal(501, "malformed wildmat");
  }
}
