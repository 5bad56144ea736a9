/**
 * Reading a mailbox at the terminal (8.2 of the book's list).
 *
 * @module
 */

import { type Entity, parseMessage } from "../../mime/mod.ts";
import { toBytes } from "../../net/internal.ts";
import { escapeControls, LimitError, LineReader, ReplyError, UsageError } from "../../net/mod.ts";
import type { Pop3Client, Pop3Size } from "../../protocols/pop3/mod.ts";
import { makeWritableFolder } from "../../stores/internal.ts";
import type { Context } from "../command/context.ts";
import type { AttachmentPlan } from "../mail/attachment_options.ts";
import { saveAttachments, showMessage, viewAttachment } from "../mail/shown_message.ts";
import { endsCommand } from "../connect/in_turn.ts";
import { describeFailure, EXIT, printErrorLine } from "../terminal/failure.ts";
import { Table } from "../terminal/table.ts";
import { openMailbox } from "./connect.ts";
import type { LoginPlan } from "../login/options.ts";
import { summariesOf, summaryOf } from "./summaries.ts";

/** Maximum size of a message that is shown, in bytes. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** Maximum number of messages in the first list; others are listed on request. */
const MAX_LISTED = 30;
const MAX_LINE_BYTES = 4096;

const HELP = [
  "NUMBER     read a message; Enter alone: the next one",
  "l [N[-M]]  list messages",
  "s N        save the attachments of message N",
  "v N [PART] show an attachment of message N by --viewer",
  "d N[-M] …  mark messages as deleted; u takes all marks away",
  "q          quit, and delete the marked messages on the server",
  "x          quit, and delete nothing",
];

/**
 * Reads commands, and shows, saves and deletes messages.
 *
 * @param server The mailbox.
 * @param plan Where attachments go.
 * @param context Where the person sits.
 * @returns The exit status.
 */
export async function readMail(
  server: LoginPlan,
  plan: AttachmentPlan,
  context: Context,
): Promise<number> {
  const { client, account } = await openMailbox(server, context);
  await using _ = client;
  if (plan.attachments !== undefined) await makeWritableFolder(plan.attachments);
  const reader = new MailReader(client, await client.list(), plan, context);
  return await reader.run(account);
}

/** One person at one mailbox. */
class MailReader {
  readonly #client: Pop3Client;
  readonly #messages: readonly Pop3Size[];
  readonly #plan: AttachmentPlan;
  readonly #context: Context;
  readonly #deleted = new Set<number>();
  /** The message that Enter shows. */
  #next = 1;
  #failures = 0;
  /** The last message that was read whole. */
  #last: { readonly number: number; readonly message: Entity } | undefined;

  constructor(
    client: Pop3Client,
    messages: readonly Pop3Size[],
    plan: AttachmentPlan,
    context: Context,
  ) {
    this.#client = client;
    this.#messages = messages;
    this.#plan = plan;
    this.#context = context;
  }

  async run(account: string): Promise<number> {
    const { stdin, stdout, stderr, quiet } = this.#context;
    const isPrompting = stdin.isTerminal && stdout.isTerminal;
    await stdout.line(`${escapeControls(account)}: ${this.#messages.length} messages`);
    await this.#list(this.#messages.slice(-MAX_LISTED));
    const prompt = () => isPrompting ? stdout.text("pop> ") : Promise.resolve();
    await prompt();
    const lines = new LineReader(stdin, { maxLineBytes: MAX_LINE_BYTES });
    for await (const line of lines.lines()) {
      const words = line.trim().split(/\s+/).filter((word) => word !== "");
      if (words[0] === "x") return await this.#leave();
      if (words[0] === "q") {
        await this.#client.quit();
        if (!quiet) await stderr.line(`${this.#deleted.size} deleted`);
        return this.#failures === 0 ? EXIT.done : EXIT.partly;
      }
      try {
        await this.#execute(words);
      } catch (error) {
        // A refusal, a wrong word or a full disk does not end the session.
        if (this.#client.isClosed) {
          if (this.#deleted.size > 0) await stderr.line("nothing was deleted");
          throw error;
        }
        if (endsCommand(error, this.#context)) throw error;
        this.#failures++;
        await printErrorLine(describeFailure(error), "pop fetch", stderr);
      }
      await prompt();
    }
    // The end of the input does not confirm deletions.
    if (isPrompting) await stdout.line();
    return await this.#leave();
  }

  async #leave(): Promise<number> {
    if (this.#deleted.size > 0) await this.#client.reset();
    await this.#client.quit();
    return this.#failures === 0 ? EXIT.done : EXIT.partly;
  }

  async #execute([verb, ...words]: readonly string[]): Promise<void> {
    switch (verb) {
      case undefined:
        return await this.#read(this.#next);
      case "l":
        return await this.#list(words.length === 0 ? this.#messages : this.#selected(words));
      case "s":
        return await this.#save(this.#one(words));
      case "v":
        return await viewAttachment(
          await this.#message(this.#one(words.slice(0, 1))),
          words[1],
          this.#plan,
        );
      case "d":
        return await this.#delete(this.#selected(words));
      case "u":
        await this.#client.reset();
        this.#deleted.clear();
        return;
      case "h":
      case "?":
        for (const line of HELP) await this.#context.stdout.line(line);
        return;
      default:
        return await this.#read(this.#one([verb]));
    }
  }

  #one(words: readonly string[]): number {
    const [message, more] = this.#selected(words);
    if (message === undefined || more !== undefined) throw new UsageError("name one message");
    return message.number;
  }

  #selected(words: readonly string[]): Pop3Size[] {
    if (words.length === 0) throw new UsageError("name a message");
    const chosen = new Set<Pop3Size>();
    for (const word of words) {
      const [, first, last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(word) ?? [];
      if (first === undefined) {
        throw new UsageError(`${JSON.stringify(word)} is not a command; h lists them`);
      }
      const found = this.#messages.filter(({ number }) =>
        number >= Number(first) && number <= Number(last)
      );
      if (found.length === 0) throw new UsageError(`message ${word} does not exist`);
      for (const message of found) chosen.add(message);
    }
    return [...chosen];
  }

  async #list(messages: readonly Pop3Size[]): Promise<void> {
    const { stdout } = this.#context;
    const headings = ["number", "", "bytes", "date", "from", "subject"];
    const table = new Table(stdout, { headings, widths: [6, 1, 8, 10, 28, 0] });
    const present = messages.filter(({ number }) => !this.#deleted.has(number));
    const shown = summariesOf(this.#client, present);
    for (const { number, bytes } of messages) {
      if (this.#deleted.has(number)) await table.row(number, "D", bytes, "", "", "");
      else {
        const { value } = await shown.next();
        if (value === undefined) break;
        const day = value.date?.toISOString().slice(0, 10) ?? "";
        await table.row(number, "", bytes, day, value.from, value.subject);
      }
    }
    await shown.next();
    await table.end();
  }

  async #message(number: number): Promise<Entity> {
    if (this.#last?.number !== number) {
      const { bytes: size = 0 } = this.#messages.find((message) => message.number === number) ?? {};
      if (size > MAX_MESSAGE_BYTES) {
        throw new LimitError(`message ${number} is larger than ${MAX_MESSAGE_BYTES} bytes`, {
          operation: "read a message",
          limit: MAX_MESSAGE_BYTES,
          hint: "pop fetch URL NUMBER --to - prints it",
        });
      }
      const bytes = await toBytes(this.#client.retrieve(number), MAX_MESSAGE_BYTES);
      this.#last = { number, message: parseMessage(bytes, { wholeMessages: true }) };
    }
    return this.#last.message;
  }

  async #read(number: number): Promise<void> {
    const { stdout } = this.#context;
    if (!this.#messages.some((message) => message.number === number)) {
      return await stdout.line("no more messages");
    }
    this.#next = number + 1;
    const message = await this.#message(number);
    const { date, from, subject } = summaryOf(number, 0, message.header);
    await stdout.line(stdout.paint("bold", `message ${number}`));
    await showMessage(message, [
      ["From", from],
      ["To", message.header.text("to") ?? ""],
      ["Date", date?.toISOString() ?? ""],
      ["Subject", subject],
    ], stdout);
  }

  async #save(number: number): Promise<void> {
    const message = await this.#message(number);
    for (const path of await saveAttachments(message, `message ${number}`, this.#plan)) {
      await this.#context.stdout.line(path);
    }
  }

  async #delete(messages: readonly Pop3Size[]): Promise<void> {
    for (const { number } of messages) {
      if (this.#deleted.has(number)) continue;
      const [refusal] = await this.#client.delete(number);
      if (refusal instanceof ReplyError) throw refusal;
      this.#deleted.add(number);
    }
  }
}
