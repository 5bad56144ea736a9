/**
 * The state of a server's session, and how a client comes to its mailbox.
 *
 * @module
 */

import { trimBlanks } from "../../../net/internal.ts";
import { escapeControls, singleLine, type Tainted } from "../../../net/mod.ts";
import { writeLines } from "../../wire/internal.ts";
import type { CommandSession, VerbHandler } from "../../wire/mod.ts";
import { checkApop, checkAuth, checkPass, type LoginOutcome, mechanismsFor } from "./login.ts";
import { OpenMailbox } from "./_open_mailbox.ts";
import type { Pop3Mailbox, Pop3ServerOptions } from "./server_options.ts";

/** One session. */
export class Pop3ServerSession {
  readonly #session: CommandSession;
  readonly #options: Pop3ServerOptions;
  /** The timestamp in the greeting, if APOP is offered. */
  readonly #timestamp: string | undefined;
  #isSecure: boolean;
  /** The name that USER gave. */
  #name: string | undefined;
  #failures = 0;
  #open: OpenMailbox | undefined;

  constructor(session: CommandSession, options: Pop3ServerOptions) {
    this.#session = session;
    this.#options = options;
    this.#isSecure = options.isSecure ?? false;
    this.#timestamp = options.users.password === undefined
      ? undefined
      : `<${crypto.randomUUID()}@${options.name ?? "localhost"}>`;
  }

  /** Greets the client. */
  async greet(): Promise<void> {
    const stamp = this.#timestamp === undefined ? "" : ` ${this.#timestamp}`;
    await this.#session.reply("+OK", `${this.#options.name ?? "localhost"} POP3 Netwright${stamp}`);
  }

  /** What each verb does. */
  readonly verbs: Readonly<Record<string, VerbHandler>> = {
    CAPA: () => this.#capabilities(),
    STLS: (argument) => this.#startTls(text(argument)),
    // A name may hold spaces; those at its ends are a slip.
    USER: (argument) => this.#loggedOut(() => this.#user(text(argument))),
    // A password may begin and end with spaces.
    PASS: (argument) => this.#loggedOut(() => this.#pass(argument.validate(singleLine))),
    APOP: (argument) => this.#loggedOut(() => this.#apop(text(argument))),
    AUTH: (argument) => this.#loggedOut(() => this.#auth(text(argument))),
    // Headers are sent unchanged in either mode.
    UTF8: () => this.#loggedOut(() => this.#session.reply("+OK", "headers are sent as UTF-8")),
    LANG: (argument) => this.#language(text(argument)),
    STAT: () => this.#inMailbox((open) => open.stat()),
    LIST: (argument) => this.#inMailbox((open) => open.list(text(argument), "sizeBytes")),
    UIDL: (argument) => this.#inMailbox((open) => open.list(text(argument), "uid")),
    RETR: (argument) => this.#inMailbox((open) => open.retrieve(text(argument))),
    TOP: (argument) => this.#inMailbox((open) => open.top(text(argument))),
    DELE: (argument) => this.#inMailbox((open) => open.delete(text(argument))),
    NOOP: () => this.#inMailbox(() => this.#session.reply("+OK")),
    RSET: () => this.#inMailbox((open) => open.reset()),
    QUIT: async () => {
      if (this.#open !== undefined) return await this.#open.quit();
      await this.#session.reply("+OK", "goodbye");
      return "quit";
    },
  };

  /** Closes the mailbox; nothing is deleted. */
  close(): void {
    this.#open?.close(0);
  }

  /** Whether a password may come in clear text. */
  get #isConfidential(): boolean {
    return this.#isSecure || this.#options.insecureAuth === true;
  }

  async #loggedOut(act: () => Promise<"quit" | void>): Promise<"quit" | void> {
    if (this.#open === undefined) return await act();
    await this.#session.reply("-ERR", "already logged in");
  }

  async #inMailbox(act: (open: OpenMailbox) => Promise<"quit" | void>): Promise<"quit" | void> {
    if (this.#open !== undefined) return await act(this.#open);
    await this.#session.reply("-ERR", "log in first");
  }

  async #capabilities(): Promise<void> {
    const { users, tls } = this.#options;
    const mechanisms = this.#open === undefined
      ? await mechanismsFor(users, this.#isConfidential)
      : [];
    const lines = [
      "TOP",
      "UIDL",
      "RESP-CODES",
      "AUTH-RESP-CODE",
      "PIPELINING",
      "EXPIRE NEVER",
      "UTF8 USER",
      "LANG",
      ...tls !== undefined && !this.#isSecure && this.#open === undefined ? ["STLS"] : [],
      ...mechanisms.includes("PLAIN") ? ["USER"] : [],
      ...mechanisms.length > 0 ? [`SASL ${mechanisms.join(" ")}`] : [],
      "IMPLEMENTATION Netwright",
    ];
    await this.#session.reply("+OK", "capability list follows");
    await writeLines(this.#session, lines);
  }

  async #startTls(argument: string): Promise<void> {
    const { tls } = this.#options;
    if (tls === undefined || this.#isSecure || this.#open !== undefined) {
      return await this.#session.reply("-ERR", "STLS is not offered");
    }
    if (argument !== "") return await this.#session.reply("-ERR", "STLS takes no argument");
    await this.#session.reply("+OK", "begin TLS negotiation");
    await this.#session.upgrade(tls);
    // All that was said in clear text may have been said by another (RFC 2595 §4).
    this.#isSecure = true;
    this.#name = undefined;
  }

  async #language(argument: string): Promise<void> {
    if (argument === "") {
      await this.#session.reply("+OK", "language list follows");
      return await writeLines(this.#session, ["en English"]);
    }
    const isKnown = argument === "*" || /^(?:en(?:-.*)?|i-default)$/i.test(argument);
    await this.#session.reply(
      isKnown ? "+OK" : "-ERR",
      isKnown ? "en English" : "no such language",
    );
  }

  async #user(name: string): Promise<void> {
    if (!this.#isConfidential) return await this.#demandTls();
    if (name === "") return await this.#session.reply("-ERR", "USER takes a name");
    this.#name = name;
    await this.#session.reply("+OK", "send PASS");
  }

  async #pass(password: string): Promise<"quit" | void> {
    if (!this.#isConfidential) return await this.#demandTls();
    const name = this.#name;
    this.#name = undefined;
    if (name === undefined) return await this.#session.reply("-ERR", "send USER first");
    return await this.#logIn(await checkPass(this.#options.users, name, password), name);
  }

  async #demandTls(): Promise<void> {
    await this.#session.reply(
      "-ERR",
      "[AUTH] passwords in clear text require TLS: send STLS first",
    );
  }

  async #apop(argument: string): Promise<"quit" | void> {
    if (this.#timestamp === undefined) {
      return await this.#session.reply("-ERR", "APOP is not offered");
    }
    const outcome = await checkApop(this.#options.users, this.#timestamp, argument);
    return await this.#logIn(outcome, argument.split(" ")[0]!);
  }

  async #auth(argument: string): Promise<"quit" | void> {
    const { users } = this.#options;
    if (argument === "") {
      // What clients used before CAPA.
      await this.#session.reply("+OK", "mechanism list follows");
      return await writeLines(this.#session, await mechanismsFor(users, this.#isConfidential));
    }
    const outcome = await checkAuth(this.#session, argument, users, this.#isConfidential);
    return await this.#logIn(outcome, "name" in outcome ? outcome.name ?? "" : "");
  }

  /** Opens the mailbox after a successful login. */
  async #logIn(outcome: LoginOutcome, name: string): Promise<"quit" | void> {
    const { maxFailures = 3, onRefused, open } = this.#options;
    if ("reply" in outcome) {
      await this.#session.reply(...outcome.reply);
      if (!outcome.isFailure) return;
      onRefused?.(escapeControls(name, { maxLength: 200 }));
      return ++this.#failures >= maxFailures ? "quit" : undefined;
    }
    const { user } = outcome;
    let box: Pop3Mailbox | undefined;
    try {
      box = await open(user);
    } catch (error) {
      this.#options.onError?.(error);
      return await this.#session.reply("-ERR", "[SYS/TEMP] the mailbox cannot be opened");
    }
    if (box === undefined) {
      return await this.#session.reply("-ERR", "[IN-USE] another session has the mailbox open");
    }
    this.#open = new OpenMailbox(this.#session, this.#options, user, box);
    await this.#session.reply("+OK", `${box.messages.length} messages`);
  }
}

/** An argument without spaces around it. */
function text(argument: Tainted<string>): string {
  return trimBlanks(argument.validate(singleLine));
}
