/**
 * The NNTP client (RFC 3977; 8.5 of the book's list).
 *
 * @module
 */

import { checkOptions } from "../../../net/internal.ts";
import {
  escapeControls,
  ReplyError,
  type ServerAddress,
  UsageError,
  verbatim,
} from "../../../net/mod.ts";
import { type CapabilityList, command, type CommandLine, type Reply } from "../../wire/mod.ts";
import { formatServerDate, parseServerDate } from "../codec/dates.ts";
import {
  type GroupBirth,
  type GroupDescription,
  isGroupName,
  type ListedGroup,
  type NewsGroupSummary,
  parseActiveLine,
  parseActiveTimesLine,
  parseCountsLine,
  parseGroupReply,
  parseNewsgroupsLine,
} from "../codec/groups.ts";
import { isMessageId } from "../codec/message_id.ts";
import { type ArticleRange, formatRange, parseNumber } from "../codec/numbers.ts";
import { OverviewFormat, type OverviewRecord } from "../codec/overview.ts";
import { Wildmat } from "../codec/wildmat.ts";
import { NNTP_CLIENT_RULES, type NntpClientOptions, nntpServer } from "./client_options.ts";
import { offerArticles, type OfferedArticle, type OfferResult } from "./feed.ts";
import { batchesOf, flattened, malformedReply, readBatches, readEntries } from "./lines.ts";
import {
  articleCommand,
  type ArticlePart,
  type ArticleReference,
  retrieveArticle,
  retrieveArticles,
  type RetrievedArticle,
} from "./retrieve_articles.ts";
import { pipelinedOverviews, type RangeOverview } from "./overviews.ts";
import { NntpSession } from "./session.ts";

/** Number and identifier of an article. */
export interface ArticleIdentity {
  /** Its number in the selected group; 0 if it was requested by its identifier. */
  readonly number: number;
  /** Its identifier, with brackets; empty if the server does not say. */
  readonly messageId: string;
}

/** A field of an article. */
export interface HeaderValue {
  /** Number of the article; 0 if it was requested by its identifier. */
  readonly number: number;
  /** The value of the field, unfolded and undecoded. */
  readonly value: string;
}

/**
 * Reads and posts news.
 *
 * @example Print the subjects of the last hundred articles
 * ```ts
 * import { NntpClient } from "@netwright/netwright/nntp";
 * async function subjects(url: string, group: string): Promise<string[]> {
 *   await using client = await NntpClient.connect(url);
 *   const { high } = await client.selectGroup(group);
 *   const found: string[] = [];
 *   for await (const { subject } of client.overview({ first: high - 99 })) found.push(subject);
 *   await client.quit();
 *   return found;
 * }
 * ```
 */
export class NntpClient implements AsyncDisposable {
  readonly #session: NntpSession;
  #format: OverviewFormat | undefined;

  private constructor(session: NntpSession) {
    this.#session = session;
  }

  /**
   * Connects, starts TLS and logs in, as the options say.
   * @param server The server: `host`, `host:port`, a URL such as `nntps://user:password@host`, or an endpoint. The port is
   *   119 by default, or 563 of `nntps`.
   * @param options How to connect.
   * @returns The client, ready to read.
   * @throws {ConnectError|TimeoutError} If the server cannot be reached.
   * @throws {TlsError} If TLS was demanded and cannot be had, or the certificate is not trusted.
   * @throws {ReplyError} If the server refuses us or our credentials.
   * @throws {UnsupportedError} If no mechanism can be used, also because a password would go over the network in clear text.
   */
  static async connect(
    server: ServerAddress,
    options: NntpClientOptions = {},
  ): Promise<NntpClient> {
    checkOptions(options, NNTP_CLIENT_RULES);
    return new NntpClient(await NntpSession.open(nntpServer(server, options)));
  }

  /** The server's capabilities; empty if it is older than RFC 3977. */
  get capabilities(): CapabilityList {
    return this.#session.capabilities;
  }

  /** The server's greeting, cleaned to be shown. */
  get greeting(): string {
    return escapeControls(this.#session.greeting, { maxLength: 1000 });
  }

  /** Whether the server takes articles by {@link post}. */
  get mayPost(): boolean {
    return this.#session.mayPost;
  }

  /** Whether the connection is inside TLS. */
  get isSecure(): boolean {
    return this.#session.isSecure;
  }

  /** Whether the dialogue is compressed. */
  get isCompressed(): boolean {
    return this.#session.isCompressed;
  }

  /** Whether the session is over. */
  get isClosed(): boolean {
    return this.#session.channel.state === "closed";
  }

  /**
   * Selects a group: `GROUP`.
   * @param name Its name.
   * @returns How many articles it holds, and their lowest and highest number.
   * @throws {ReplyError} 411 if there is no such group, 480 if the server requires a login.
   */
  async selectGroup(name: string): Promise<NewsGroupSummary> {
    const text = await this.#text(command`GROUP ${checkGroup(name)}`, 211);
    const found = parseGroupReply(text);
    if (found === undefined) throw malformedReply(this.#session, text, "GROUP");
    // The server's text is not the place for names.
    return { ...found, name };
  }

  /**
   * Selects a group and lists the numbers of its articles: `LISTGROUP`.
   * @param name Its name; the selected one if absent.
   * @param range Which numbers; all if absent.
   * @returns The numbers, in order.
   * @throws {ReplyError} 411 if there is no such group, 412 if none is selected.
   */
  async listGroup(name?: string, range?: ArticleRange): Promise<readonly number[]> {
    if (range !== undefined && name === undefined) {
      throw new UsageError("a range of LISTGROUP requires a group");
    }
    const line = name === undefined
      ? command`LISTGROUP`
      : range === undefined
      ? command`LISTGROUP ${checkGroup(name)}`
      : command`LISTGROUP ${checkGroup(name)} ${checkRange(range)}`;
    return await Array.fromAsync(
      readEntries(this.#session, line, 211, (text) => parseNumber(text.replace(/[ \t]+$/, ""))),
    );
  }

  /**
   * Lists groups with their water marks: `LIST ACTIVE`.
   * @param wildmat Which groups; all if absent.
   * @returns The groups, as they come.
   * @throws {ReplyError} If the server refuses.
   */
  listActive(wildmat?: string): AsyncIterableIterator<ListedGroup> {
    // Servers older than RFC 2980 know only the bare command.
    const line = wildmat === undefined
      ? command`LIST`
      : command`LIST ACTIVE ${checkWildmat(wildmat)}`;
    return readEntries(this.#session, line, 215, parseActiveLine);
  }

  /**
   * Lists groups with the number of their articles: `LIST COUNTS` (RFC 6048 §2.2).
   * @param wildmat Which groups; all if absent.
   * @returns The groups, as they come.
   * @throws {ReplyError} If the server refuses, or does not know it.
   */
  listCounts(wildmat?: string): AsyncIterableIterator<ListedGroup> {
    return readEntries(this.#session, wildmatLine("COUNTS", wildmat), 215, parseCountsLine);
  }

  /**
   * Lists the topics of groups: `LIST NEWSGROUPS`.
   * @param wildmat Which groups; all if absent.
   * @returns The groups that have a description, as they come.
   * @throws {ReplyError} If the server refuses.
   */
  listNewsgroups(wildmat?: string): AsyncIterableIterator<GroupDescription> {
    return readEntries(this.#session, wildmatLine("NEWSGROUPS", wildmat), 215, parseNewsgroupsLine);
  }

  /**
   * Lists when groups were made: `LIST ACTIVE.TIMES`.
   * @param wildmat Which groups; all if absent.
   * @returns The groups whose age the server knows, as they come.
   * @throws {ReplyError} If the server refuses.
   */
  listActiveTimes(wildmat?: string): AsyncIterableIterator<GroupBirth> {
    return readEntries(
      this.#session,
      wildmatLine("ACTIVE.TIMES", wildmat),
      215,
      parseActiveTimesLine,
    );
  }

  /**
   * Requests another list, such as `HEADERS`, `MOTD`, `SUBSCRIPTIONS`, `DISTRIBUTIONS`, `DISTRIB.PATS`, `MODERATORS`.
   * @param keyword Which list.
   * @param argument Its argument, such as a wildmat; none if absent.
   * @returns Its lines.
   * @throws {ReplyError} If the server does not have it.
   */
  async list(keyword: string, argument?: string): Promise<readonly string[]> {
    if (!/^[A-Za-z0-9.-]{1,64}$/.test(keyword)) {
      throw new UsageError(`${JSON.stringify(keyword)} is not the name of a list`);
    }
    const batches = readBatches(this.#session, listLine(keyword.toUpperCase(), argument), 215);
    return (await Array.fromAsync(batches)).flat();
  }

  /**
   * Lists the facts about articles: `OVER`, or `XOVER` of servers older than RFC 3977.
   * @param articles A range of the selected group, or an identifier, if the server can (`OVER MSGID`).
   * @returns The records, as they come; none if the range is empty.
   * @throws {ReplyError} 412 if no group is selected, 430 if there is no such article.
   */
  overview(articles: ArticleRange | string): AsyncIterableIterator<OverviewRecord> {
    return flattened(this.#overview(articles, checkArticles(articles)));
  }

  /**
   * Lists the facts about articles of several ranges of the selected group; the requests for the next go out before the
   * records of the one before have come. No other command may be sent before the end; leaving before it ends the session.
   * @param ranges Which articles.
   * @returns The overview of each range, in this order.
   * @throws {ReplyError} 412 if no group is selected; the session is over then.
   * @throws {ProtocolError} If a record belongs to another range; the session is over then.
   */
  async *overviews(ranges: Iterable<ArticleRange>): AsyncGenerator<RangeOverview> {
    const checked = function* (): Generator<ArticleRange> {
      for (const range of ranges) {
        checkRange(range);
        yield range;
      }
    };
    yield* pipelinedOverviews(this.#session, checked(), await this.#overviewFormat());
  }

  async #overviewFormat(): Promise<OverviewFormat> {
    return this.#format ??= new OverviewFormat(
      await this.#session.optional(command`LIST OVERVIEW.FMT`, 215),
    );
  }

  async *#overview(
    articles: ArticleRange | string,
    text: string,
  ): AsyncGenerator<readonly OverviewRecord[]> {
    const format = await this.#overviewFormat();
    const verb = this.#session.capabilities.has("OVER") ? "OVER" : "XOVER";
    const line = { ...command`${verb} ${text}`, verb: "OVER" };
    const records = batchesOf(this.#session, line, 224, (text) => format.parse(text));
    yield* this.#ofRange(articles, records);
  }

  /**
   * Lists one field of articles: `HDR`, or `XHDR` of servers older than RFC 3977.
   * @param field The name of the field, or `:bytes`, `:lines`.
   * @param articles A range of the selected group, or an identifier.
   * @returns The values, as they come; none if the range is empty.
   * @throws {ReplyError} 412 if no group is selected, 430 if there is no such article.
   */
  header(field: string, articles: ArticleRange | string): AsyncIterableIterator<HeaderValue> {
    if (!/^:?[!-9;-~]{1,200}$/.test(field)) {
      throw new UsageError(`${JSON.stringify(field)} is not the name of a field`);
    }
    const isNew = this.#session.capabilities.has("HDR");
    const line = {
      ...command`${isNew ? "HDR" : "XHDR"} ${field} ${checkArticles(articles)}`,
      verb: "HDR",
    };
    const entries = batchesOf(this.#session, line, isNew ? 225 : 221, parseHeaderLine);
    return flattened(this.#ofRange(articles, entries));
  }

  /** A range without articles is an empty list, not an error. */
  async *#ofRange<T>(
    articles: ArticleRange | string,
    entries: AsyncGenerator<T>,
  ): AsyncGenerator<T> {
    try {
      yield* entries;
    } catch (error) {
      const isEmpty = error instanceof ReplyError && typeof articles !== "string" &&
        (error.code === 423 || error.code === 420);
      if (!isEmpty) throw error;
    }
  }

  /**
   * Streams an article: `ARTICLE`.
   * @param reference Its number in the selected group, or its identifier; the current article if absent.
   * @returns Pieces, lines ending with CRLF. Each is the caller's own.
   * @throws {ReplyError} 423 or 430 if there is no such article, 412 if no group is selected.
   * @throws {LimitError} If it is larger than the limit; the session is over then.
   */
  async *article(reference?: ArticleReference): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    yield* retrieveArticle(this.#session, "article", reference);
  }

  /**
   * Streams the header of an article: `HEAD`.
   * @param reference Which article, as of {@link article}.
   * @returns Pieces, as of {@link article}.
   * @throws As {@link article} does.
   */
  async *head(reference?: ArticleReference): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    yield* retrieveArticle(this.#session, "head", reference);
  }

  /**
   * Streams the body of an article, undecoded: `BODY`.
   * @param reference Which article, as of {@link article}.
   * @returns Pieces, as of {@link article}.
   * @throws As {@link article} does.
   */
  async *body(reference?: ArticleReference): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    yield* retrieveArticle(this.#session, "body", reference);
  }

  /**
   * Streams several articles; the requests for the next go out before the text of the one before has arrived. No other
   * command may be sent before the end; leaving before it ends the session.
   * @param references Which articles.
   * @param part What of them. @default {"article"}
   * @returns The articles in this order; each is to be read before the next is taken. One whose text is not read to the
   *   end is skipped.
   * @throws As {@link article} does, but no `ReplyError`: a refusal is part of the article.
   */
  async *articles(
    references: Iterable<ArticleReference>,
    part: ArticlePart = "article",
  ): AsyncGenerator<RetrievedArticle> {
    yield* retrieveArticles(this.#session, part, references);
  }

  /**
   * Checks whether an article is there, and makes it the current one: `STAT`.
   * @param reference Which article, as of {@link article}.
   * @returns Its number and identifier.
   * @throws {ReplyError} 423 or 430 if there is no such article.
   */
  async stat(reference?: ArticleReference): Promise<ArticleIdentity> {
    return this.#identity(await this.#text(articleCommand("STAT", reference), 223), "STAT");
  }

  /**
   * Makes the next article of the group the current one: `NEXT`.
   * @returns Its number and identifier; undefined if there is none.
   * @throws {ReplyError} 412 if no group is selected.
   */
  async next(): Promise<ArticleIdentity | undefined> {
    return await this.#step(command`NEXT`, 421);
  }

  /**
   * Makes the article before the current one: `LAST`.
   * @returns Its number and identifier; undefined if there is none.
   * @throws {ReplyError} 412 if no group is selected.
   */
  async last(): Promise<ArticleIdentity | undefined> {
    return await this.#step(command`LAST`, 422);
  }

  async #step(line: CommandLine, end: number): Promise<ArticleIdentity | undefined> {
    try {
      return this.#identity(await this.#text(line, 223), line.verb);
    } catch (error) {
      if (error instanceof ReplyError && error.code === end) return undefined;
      throw error;
    }
  }

  /**
   * Lists articles that came after a time: `NEWNEWS`. Many servers do not allow it.
   * @param wildmat In which groups.
   * @param since The time, by the server's clock.
   * @returns Their identifiers; those that are malformed are left out.
   * @throws {ReplyError} If the server refuses.
   */
  async newNews(wildmat: string, since: Date): Promise<readonly string[]> {
    const line = command`NEWNEWS ${checkWildmat(wildmat)} ${formatServerDate(since, " ")} GMT`;
    const parse = (text: string) => isMessageId(text) ? text : undefined;
    return await Array.fromAsync(readEntries(this.#session, line, 230, parse));
  }

  /**
   * Lists groups that were made after a time: `NEWGROUPS`.
   * @param since The time, by the server's clock.
   * @returns The groups.
   * @throws {ReplyError} If the server refuses.
   */
  async newGroups(since: Date): Promise<readonly ListedGroup[]> {
    const line = command`NEWGROUPS ${formatServerDate(since, " ")} GMT`;
    return await Array.fromAsync(readEntries(this.#session, line, 231, parseActiveLine));
  }

  /**
   * Asks for the server's time: `DATE`.
   * @returns The time.
   * @throws {ReplyError} If the server refuses.
   */
  async date(): Promise<Date> {
    const text = await this.#text(command`DATE`, 111);
    const date = parseServerDate(text);
    if (date === undefined) throw malformedReply(this.#session, text, "DATE");
    return date;
  }

  /**
   * Posts an article: `POST`.
   * @param text Its text: at least `From`, `Newsgroups` and `Subject`. Lines end with CRLF or LF.
   * @returns The server's reply, cleaned to be shown; some name the identifier in it.
   * @throws {ReplyError} 440 if posting is not allowed, 441 if it is refused.
   */
  async post(text: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
    const { channel } = this.#session;
    this.#session.assertIdle();
    await channel.send(command`POST`, [340]);
    const reply = await channel.sendText(text, [240]);
    return reply.lines[0]?.forDisplay() ?? "";
  }

  /**
   * Offers articles to a server that takes them from others, and sends the requested ones: by `CHECK` and `TAKETHIS` if it
   * knows them (RFC 4644), else by `IHAVE`.
   * @param articles The articles; their text must have a `Path`.
   * @returns What became of each, those that were not wanted first.
   * @throws {ReplyError} If the server takes none.
   */
  async *offer(
    articles: AsyncIterable<OfferedArticle> | Iterable<OfferedArticle>,
  ): AsyncGenerator<OfferResult> {
    yield* offerArticles(this.#session, articles);
  }

  /**
   * Ends the session: `QUIT`.
   * @throws {DisconnectedError|TimeoutError} If the server gives no reply.
   */
  async quit(): Promise<void> {
    this.#session.assertIdle();
    try {
      await this.#session.channel.send(command`QUIT`, [205]);
    } finally {
      await this.#session.channel.end();
    }
  }

  /** Closes the connection at once. */
  // deno-lint-ignore require-await
  async [Symbol.asyncDispose](): Promise<void> {
    this.#session[Symbol.dispose]();
  }

  /** Sends a command and gives the text of its reply. */
  async #text(line: CommandLine, code: number): Promise<string> {
    this.#session.assertIdle();
    const reply: Reply = await this.#session.channel.send(line, [code]);
    return reply.lines[0]?.validate(verbatim) ?? "";
  }

  #identity(text: string, verb: string): ArticleIdentity {
    const [digits, messageId = ""] = text.split(/[ \t]+/);
    const number = parseNumber(digits);
    if (number === undefined) throw malformedReply(this.#session, text, verb);
    return { number, messageId: isMessageId(messageId) ? messageId : "" };
  }
}

function wildmatLine(keyword: string, wildmat: string | undefined): CommandLine {
  return listLine(keyword, wildmat === undefined ? undefined : checkWildmat(wildmat));
}

function listLine(keyword: string, argument: string | undefined): CommandLine {
  return argument === undefined ? command`LIST ${keyword}` : command`LIST ${keyword} ${argument}`;
}

function parseHeaderLine(line: string): HeaderValue | undefined {
  const [, digits, value = ""] = /^(\d+)(?:[ \t](.*))?$/s.exec(line) ?? [];
  const number = parseNumber(digits);
  return number === undefined ? undefined : { number, value };
}

function checkGroup(name: string): string {
  if (isGroupName(name)) return name;
  throw new UsageError(`no group can be called ${JSON.stringify(name.slice(0, 200))}`);
}

function checkWildmat(text: string): string {
  return new Wildmat(text).text;
}

function checkRange(range: ArticleRange): string {
  for (const number of [range.first, range.last ?? 0]) {
    if (Number.isSafeInteger(number) && number >= 0) continue;
    throw new UsageError(`the number of an article must be 0 or more, not ${number}`);
  }
  return formatRange(range);
}

function checkArticles(articles: ArticleRange | string): string {
  if (typeof articles !== "string") return checkRange(articles);
  if (isMessageId(articles)) return articles;
  throw new UsageError(`${JSON.stringify(articles.slice(0, 200))} is not a message ID`);
}
