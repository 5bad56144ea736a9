/**
 * Reading news at the terminal (8.5 of the book's list).
 *
 * @module
 */

import {
  composeMessage,
  type Entity,
  type Header,
  type Mailbox,
  mailboxesOf,
  type MessageDraft,
  partBytes,
} from "../../mime/mod.ts";
import {
  Deadline,
  DisconnectedError,
  escapeControls,
  LineReader,
  UsageError,
} from "../../net/mod.ts";
import type { NewsGroupSummary, NntpClient, OverviewRecord } from "../../protocols/nntp/mod.ts";
import { SmtpClient } from "../../protocols/smtp/mod.ts";
import { requireFolder } from "../../stores/internal.ts";
import type { Context } from "../command/context.ts";
import { endsCommand } from "../connect/in_turn.ts";
import { writerOf } from "../mail/draft.ts";
import { saveAttachments, showMessage, viewAttachment } from "../mail/shown_message.ts";
import { smtpClientOptions } from "../mail/smtp_connect.ts";
import { describeFailure, EXIT, printErrorLine } from "../terminal/failure.ts";
import { Table } from "../terminal/table.ts";
import { followupGroups, newArticle, readArticle, replyDraft } from "./article_draft.ts";
import type { ArticleChoice } from "./choice.ts";
import { chosenArticles } from "./chosen_articles.ts";
import { isRefusal, newsOpener } from "./connect.ts";
import { readNewsrc, updateNewsrc } from "./newsrc.ts";
import { indentation, threaded, type ThreadedArticle } from "./threads.ts";
import type { ReadPlan } from "./plans.ts";

/** A choice that leaves nothing out. */
const EVERYTHING: ArticleChoice = {
  last: undefined,
  range: undefined,
  sinceMs: undefined,
  subject: undefined,
  author: undefined,
  newsrc: undefined,
};
/** Maximum number of articles in the first list; others are listed on request. */
const MAX_LISTED = 30;
const MAX_LINE_BYTES = 65_536;

const HELP = [
  "NUMBER      read an article; Enter alone: the next unread one",
  "l [N[-M]]   list articles; N: not read",
  "p           read the article that the current one follows up",
  "f           reply to the current article in its groups",
  "r           reply to its author by mail (--smtp)",
  "s [N]       save the attachments of an article",
  "v N [PART]  show an attachment by --viewer",
  "u N         mark an article as unread",
  "c           mark all articles as read",
  "g GROUP     go to another group",
  "q           quit, and keep what you have read",
  "x           quit, and keep nothing",
];

/** The fields that are shown above the text of an article. */
export function fieldsOf(header: Header): readonly (readonly [string, string])[] {
  const from = mailboxesOf(header.addresses("from"))
    .map(({ name, address }) => name ? `${name} <${address}>` : address).join(", ");
  return [
    ["From", from],
    ["Newsgroups", header.text("newsgroups") ?? ""],
    ["Date", header.date?.date.toISOString() ?? header.get("date") ?? ""],
    ["Subject", header.text("subject") ?? ""],
  ];
}

/** The current article. */
interface Current {
  /** Its number in the group; undefined if it was found by its identifier. */
  readonly number: number | undefined;
  readonly article: Entity;
}

/** One person at one server. */
export class NewsReader {
  readonly #plan: ReadPlan;
  readonly #context: Context;
  readonly #open: () => Promise<{ readonly client: NntpClient }>;
  #client: NntpClient | undefined;
  #group: string;
  #summary: NewsGroupSummary | undefined;
  #articles: readonly ThreadedArticle[] = [];
  /** Marks of this session by group: whether each article was read. */
  readonly #marks = new Map<string, Map<number, boolean>>();
  /** Groups whose articles were all read, and the highest number. */
  readonly #caughtUp = new Map<string, number>();
  /** Articles that were read before. */
  #read: (number: number) => boolean = () => false;
  #current: Current | undefined;
  #failures = 0;
  /** A text that could not be sent. */
  #unsent = "";
  readonly #lines: LineReader;

  constructor(plan: ReadPlan, context: Context) {
    this.#plan = plan;
    this.#context = context;
    this.#open = newsOpener(plan.server, context);
    this.#group = plan.server.group!;
    this.#lines = new LineReader(context.stdin, { maxLineBytes: MAX_LINE_BYTES });
  }

  /** Reads commands until the person leaves. */
  async run(): Promise<number> {
    const { stdin, stdout, stderr } = this.#context;
    const isPrompting = stdin.isTerminal && stdout.isTerminal;
    try {
      const { newsrc } = this.#plan;
      // A wrong path is not to be noticed at the end only.
      if (newsrc !== undefined) {
        await requireFolder(newsrc.slice(0, newsrc.lastIndexOf("/") + 1) || ".");
      }
      await this.#enter(this.#group);
      const prompt = () => isPrompting ? stdout.text("news> ") : Promise.resolve();
      await prompt();
      for (let line; (line = await this.#readLine()) !== undefined; await prompt()) {
        const words = line.trim().split(/\s+/).filter((word) => word !== "");
        if (words[0] === "x") return await this.#leave(false);
        if (words[0] === "q") return await this.#leave(true);
        try {
          await this.#execute(words);
        } catch (error) {
          // A refusal, a wrong word or a full disk does not end the session.
          if (endsCommand(error, this.#context)) throw error;
          // A slip of the person is none of the command.
          if (!(error instanceof UsageError)) this.#failures++;
          await printErrorLine(describeFailure(error), "news read", stderr);
        }
      }
      if (isPrompting) await stdout.line();
      return await this.#leave(true);
    } catch (error) {
      // An evening's marks are not lost to an interrupt.
      if (this.#context.signal.aborted) await this.#keep();
      throw error;
    } finally {
      await this.#client?.[Symbol.asyncDispose]();
    }
  }

  /** Waits for a line; an interrupt ends the wait. */
  async #readLine(): Promise<string | undefined> {
    using deadline = new Deadline({ signal: this.#context.signal }, {
      operation: "read a command",
    });
    return await deadline.wait(this.#lines.readLine(), () => {});
  }

  async #leave(keeps: boolean): Promise<number> {
    if (keeps) await this.#keep();
    if (this.#client?.isClosed === false) await this.#client.quit();
    return this.#failures === 0 ? EXIT.done : EXIT.partly;
  }

  /** Writes the marks. */
  async #keep(): Promise<void> {
    const { newsrc } = this.#plan;
    if (newsrc === undefined || this.#marks.size + this.#caughtUp.size === 0) return;
    await updateNewsrc(newsrc, (file) => {
      for (const [group, high] of this.#caughtUp) file.markRead(group, 1, high);
      for (const [group, marks] of this.#marks) {
        for (const [number, isRead] of marks) {
          if (isRead) file.markRead(group, number);
          else file.markUnread(group, number);
        }
      }
    });
  }

  /** Does something with the server; once more if the connection was lost while the person read. */
  async #with<T>(act: (client: NntpClient) => Promise<T>): Promise<T> {
    const isFresh = this.#client === undefined || this.#client.isClosed;
    try {
      return await act(await this.#connected());
    } catch (error) {
      if (isFresh || !(error instanceof DisconnectedError)) throw error;
      return await act(await this.#connected());
    }
  }

  async #connected(): Promise<NntpClient> {
    if (this.#client?.isClosed !== false) {
      this.#client = (await this.#open()).client;
      if (this.#summary !== undefined) await this.#client.selectGroup(this.#group);
    }
    return this.#client;
  }

  /** Enters a group, and lists its new articles. */
  async #enter(group: string): Promise<void> {
    const { newsrc: file, all, last } = this.#plan;
    const newsrc = await readNewsrc(file);
    const old = this.#summary;
    // A connection that comes anew meanwhile must not go back to the old group.
    this.#summary = undefined;
    const [summary, records] = await this.#with(async (client) => {
      const found = await client.selectGroup(group);
      const choice = { ...EVERYTHING, last, newsrc: all ? undefined : file };
      const list = await Array.fromAsync(chosenArticles(client, group, choice));
      return [found, list] as [NewsGroupSummary, OverviewRecord[]];
    }).catch(async (error) => {
      // The server may have selected the new group: the next command connects anew, and selects the old one.
      this.#summary = old;
      await this.#client?.[Symbol.asyncDispose]();
      throw error;
    });
    this.#group = group;
    this.#summary = summary;
    this.#current = undefined;
    this.#read = (number) => newsrc.isRead(group, number);
    const shown = all ? records : records.filter(({ number }) => !this.#isRead(number));
    this.#articles = threaded(shown);
    const { stdout } = this.#context;
    const unread = shown.filter(({ number }) => !this.#isRead(number)).length;
    await stdout.line(`${escapeControls(group)}: ${summary.count} articles, ${unread} unread`);
    await this.#list(this.#articles.slice(0, MAX_LISTED));
    if (this.#articles.length > MAX_LISTED) {
      await stdout.line(`… ${this.#articles.length - MAX_LISTED} more; l lists all`);
    }
  }

  #isRead(number: number): boolean {
    return this.#marks.get(this.#group)?.get(number) ??
      (number <= (this.#caughtUp.get(this.#group) ?? 0) || this.#read(number));
  }

  #mark(number: number, isRead: boolean): void {
    const marks = this.#marks.get(this.#group) ?? new Map<number, boolean>();
    this.#marks.set(this.#group, marks.set(number, isRead));
  }

  async #execute([verb, ...words]: readonly string[]): Promise<void> {
    const { stdout } = this.#context;
    switch (verb) {
      case undefined:
        return await this.#readNext();
      case "l":
        return await this.#list(words.length === 0 ? this.#articles : this.#selected(words[0]!));
      case "p":
        return await this.#readParent();
      case "f":
      case "r":
        return await this.#reply(verb === "r");
      case "s": {
        const { article } = await this.#one(words[0]);
        for (const path of await saveAttachments(article, "the article", this.#plan)) {
          await stdout.line(path);
        }
        return;
      }
      case "v":
        return await viewAttachment((await this.#one(words[0])).article, words[1], this.#plan);
      case "u":
        return this.#mark(numberOf(words[0]), false);
      case "c":
        this.#caughtUp.set(this.#group, this.#summary!.high);
        this.#marks.delete(this.#group);
        return await stdout.line("all articles are marked as read");
      case "g":
        if (words.length !== 1) throw new UsageError("name a group");
        return await this.#enter(words[0]!);
      case "h":
      case "?":
        for (const line of HELP) await stdout.line(line);
        return;
      default:
        return await this.#show(numberOf(verb));
    }
  }

  async #readNext(): Promise<void> {
    const at = this.#articles.findIndex(({ record }) => record.number === this.#current?.number);
    const order = [...this.#articles.slice(at + 1), ...this.#articles.slice(0, at + 1)];
    const next = order.find(({ record }) => !this.#isRead(record.number));
    if (next === undefined) return await this.#context.stdout.line("no more unread articles");
    try {
      await this.#show(next.record.number);
    } catch (error) {
      // An article that expired or was cancelled is not met again.
      if (isRefusal(error, 423, 430)) this.#mark(next.record.number, true);
      throw error;
    }
  }

  async #readParent(): Promise<void> {
    const parent = this.#current?.article.header.messageIds("references").at(-1);
    if (parent === undefined) throw new UsageError("the current article follows up no other");
    const known = this.#articles.find(({ record }) => record.messageId === parent);
    if (known !== undefined) return await this.#show(known.record.number);
    const article = await this.#with((client) => readArticle(client, parent));
    this.#current = { number: undefined, article };
    await showMessage(article, fieldsOf(article.header), this.#context.stdout);
  }

  /** The current article, or another one. */
  async #one(word: string | undefined): Promise<Current> {
    if (word === undefined) {
      if (this.#current === undefined) throw new UsageError("name an article");
      return this.#current;
    }
    const number = numberOf(word);
    if (this.#current?.number !== number) {
      // Replies must not go to another one than the person has asked for.
      this.#current = undefined;
      const article = await this.#with((client) => readArticle(client, number));
      this.#current = { number, article };
    }
    return this.#current!;
  }

  async #show(number: number): Promise<void> {
    const { stdout } = this.#context;
    const { article } = await this.#one(`${number}`);
    await stdout.line(stdout.paint("bold", `article ${number}`));
    await showMessage(article, fieldsOf(article.header), stdout);
    this.#mark(number, true);
  }

  #selected(word: string): readonly ThreadedArticle[] {
    const [, first, last = first] = /^(\d{1,16})(?:-(\d{1,16}))?$/.exec(word) ?? [];
    if (first === undefined) throw new UsageError("l takes a number, or a range such as 3-7");
    return this.#articles.filter(({ record: { number } }) =>
      number >= Number(first) && number <= Number(last)
    );
  }

  async #list(articles: readonly ThreadedArticle[]): Promise<void> {
    const headings = ["number", "", "date", "from", "subject"];
    const table = new Table(this.#context.stdout, { headings, widths: [6, 1, 10, 24, 0] });
    for (const { record, depth } of articles) {
      const { number, date, author, subject } = record;
      const day = date?.toISOString().slice(0, 10) ?? "";
      const mark = this.#isRead(number) ? "" : "N";
      await table.row(number, mark, day, author, indentation(depth) + subject);
    }
    await table.end();
  }

  /** Lets the person write a reply, and posts or mails it. */
  async #reply(byMail: boolean): Promise<void> {
    const { from, mail } = this.#plan;
    if (this.#current === undefined) throw new UsageError("read an article first");
    if (from === undefined) throw new UsageError("a reply requires --from");
    if (byMail && mail === undefined) throw new UsageError("a reply by mail requires --smtp");
    const { article } = this.#current;
    const groups = byMail ? [] : followupGroups(article);
    const writer: Mailbox = writerOf({ from });
    const recipients = (await replyDraft(article, writer, undefined)).to ?? [];
    if (byMail && recipients.length === 0) {
      throw new UsageError("the article has no address for a reply");
    }
    const text = await this.#readText();
    const { stdout } = this.#context;
    if (text === undefined || text.trim() === "") return await stdout.line("nothing was sent");
    // What cannot be sent is not lost.
    this.#unsent = text;
    const draft = await replyDraft(article, writer, text);
    if (byMail) await this.#mail(draft);
    else {
      const { to: _, cc: __, ...rest } = draft;
      const bytes = partBytes(newArticle(rest, groups, undefined));
      const reply = await this.#with((client) => client.post([bytes]));
      await stdout.line(`posted to ${escapeControls(groups.join(", "))}: ${reply}`);
    }
    this.#unsent = "";
  }

  async #mail(draft: MessageDraft): Promise<void> {
    const bytes = partBytes(composeMessage(draft));
    const to = mailboxesOf(draft.to ?? []).map(({ address }) => address);
    const from = mailboxesOf(draft.from ?? [])[0]!.address;
    const options = await smtpClientOptions(this.#plan.mail!, this.#context);
    await using client = await SmtpClient.connect(this.#plan.mail!.target.endpoint, options);
    const { rejected } = await client.send({ envelope: { from, to }, message: bytes });
    for (const { address, reply } of rejected) {
      throw new UsageError(`${address} was refused: ${reply.text}`);
    }
    await this.#context.stdout.line(`sent to ${escapeControls(to.join(", "))}`);
  }

  /** Reads a text; undefined if the person gave it up. */
  async #readText(): Promise<string | undefined> {
    const { stdout } = this.#context;
    await stdout.line("Write the reply. A line of one dot sends it, a line of ~q gives it up.");
    let text = this.#unsent;
    if (text !== "") {
      await stdout.line("Your last text was not sent, and comes first:");
      for (const line of text.trimEnd().split("\n")) await stdout.line(escapeControls(line));
    }
    while (true) {
      const line = await this.#readLine();
      if (line === ".") return text;
      if (line === "~q") this.#unsent = "";
      if (line === undefined || line === "~q") return undefined;
      text += `${line}\n`;
    }
  }
}

function numberOf(word: string | undefined): number {
  if (word !== undefined && /^\d{1,16}$/.test(word)) return Number(word);
  throw new UsageError(
    word === undefined
      ? "name an article"
      : `${JSON.stringify(word)} is not a command; h lists them`,
  );
}
