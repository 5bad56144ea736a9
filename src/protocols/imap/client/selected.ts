/**
 * A session as one open mailbox sees it: nothing is sent for a mailbox that another has replaced.
 *
 * @module
 */

import type { ImapProvider } from "../codec/providers.ts";
import type { StatusResponse } from "../codec/response.ts";
import type { CommandRequest } from "./command_request.ts";
import type { ImapConnection } from "./connection.ts";
import type { ImapSession } from "./session.ts";

/** Whether a mailbox is open; ended by the next one. */
export interface Lifetime {
  /** Whether it is. */
  isOpen: boolean;
}

/** Sends commands for one mailbox. */
export class SelectedSession {
  readonly #session: ImapSession;
  readonly #lifetime: Readonly<Lifetime>;
  readonly #name: string;

  /**
   * Makes the view.
   * @param session The session.
   * @param lifetime Whether the mailbox is open.
   * @param name The name of the mailbox, for errors.
   */
  constructor(session: ImapSession, lifetime: Readonly<Lifetime>, name: string) {
    this.#session = session;
    this.#lifetime = lifetime;
    this.#name = name;
  }

  /** The capabilities of the server, in upper case. */
  get capabilities(): ReadonlySet<string> {
    return this.#session.capabilities;
  }

  /** The provider, if it is one whose habits are known. */
  get provider(): ImapProvider | undefined {
    return this.#session.provider;
  }

  /** Whether names of mailboxes are in UTF-8. */
  get hasUtf8Names(): boolean {
    return this.#session.hasUtf8Names;
  }

  /** Names of mailboxes as the server writes them, where we would write them in another way. */
  get rawNames(): ReadonlyMap<string, string> {
    return this.#session.rawNames;
  }

  /** Maximum length of a set of messages in a command, in characters. */
  get maxSetLength(): number {
    return this.#session.maxSetLength;
  }

  /** Maximum size of a response, in bytes. */
  get maxResponseBytes(): number {
    return this.#session.maxResponseBytes;
  }

  /** The connection, for lines outside commands. */
  get connection(): ImapConnection {
    return this.#session.connection;
  }

  /** The server, for errors. */
  get peer(): string {
    return this.#session.connection.peer;
  }

  /** Whether the mailbox is open. */
  get isOpen(): boolean {
    return this.#lifetime.isOpen && !this.#session.connection.isClosed;
  }

  /**
   * Checks that the mailbox is open.
   * @throws {TypeError} If another one was opened, or it was closed.
   */
  assertOpen(): void {
    if (this.#lifetime.isOpen) return;
    throw new TypeError(`the mailbox ${JSON.stringify(this.#name)} is not open any more`);
  }

  /**
   * Sends a command, if the mailbox is still open when its turn comes.
   * @param request The command.
   * @returns Its completion.
   */
  execute(request: CommandRequest): Promise<StatusResponse> {
    return this.#session.connection.execute({ ...request, onStart: () => this.assertOpen() });
  }
}
