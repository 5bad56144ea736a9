/**
 * Articles that clients post (RFC 5537 §3.5), and those of other servers (§3.6).
 *
 * @module
 */

import { formatMailDate, type Header } from "../../../mime/mod.ts";
import { type NewArticle, NewsStoreError } from "../../../stores/mod.ts";
import { checkRemoval, removedBy } from "./_cancel.ts";
import { checkDate, newHeader, overviewOf, type ReceivedArticle } from "./_received_article.ts";
import { Unacceptable } from "./_refusal.ts";
import type { GroupAccess, NntpServerOptions } from "./server_options.ts";

/** The group in which cancel messages are kept, if it is there. */
const CANCEL_GROUP = "control.cancel";
/** Fields that only servers write (RFC 5537 §3.5, and older ones). */
const SERVER_FIELDS = ["injection-info", "injection-date", "xref"];
/** Most groups of an article. */
const MAX_GROUPS = 20;

/** Who posts, and with what rights. */
export interface Poster {
  /** The server. */
  readonly options: NntpServerOptions;
  /** The server's name. */
  readonly name: string;
  /** The user; undefined without a login. */
  readonly user: string | undefined;
  /** The rights in a group. */
  access(group: string): GroupAccess;
}

/** What became of an article. */
export interface Injected {
  /** Its identifier, with brackets. */
  readonly messageId: string;
  /** The groups that it is in; none if it waits for a moderator, or was a cancel message. */
  readonly groups: readonly string[];
  /** Whether it waits for a moderator. */
  readonly isSubmitted: boolean;
}

/**
 * Takes an article that a client posts.
 *
 * @param article The article.
 * @param poster Who posts it.
 * @returns What became of it.
 * @throws {Unacceptable} If it is refused.
 */
export async function injectArticle(article: ReceivedArticle, poster: Poster): Promise<Injected> {
  const { header, body } = article;
  const { options, name, user } = poster;
  const now = options.now?.() ?? new Date();
  if (header.get("injection-info") !== undefined || /\bPOSTED\b/.test(header.get("path") ?? "")) {
    throw new Unacceptable("it was posted already");
  }
  if (article.date !== undefined) checkDate(article.date, now, options.maxAgeMs ?? Infinity);
  const groups = await requireGroups(article, poster);
  const messageId = article.messageId ?? `<${crypto.randomUUID()}@${name}>`;
  const date = formatMailDate(now, 0);
  const missing = (article.messageId === undefined ? `Message-ID: ${messageId}\r\n` : "") +
    (article.date === undefined ? `Date: ${date}\r\n` : "");
  const removed = removedBy(header);
  if (removed !== undefined) {
    await checkRemoval(options.store, removed, { header, user, name });
  }
  if (await options.store.find(messageId) !== undefined) {
    throw new Unacceptable(`there is an article ${messageId} already`);
  }
  const moderated = groups.find(({ status }) => status === "m");
  if (moderated !== undefined && header.get("approved") === undefined) {
    return await submit(article, { messageId, missing, group: moderated.name }, options);
  }
  const account = user === undefined ? "" : `; posting-account=${quoted(user)}`;
  const trace = `Injection-Date: ${date}\r\nInjection-Info: ${name}${account}\r\n`;
  const path = `Path: ${name}!.POSTED!${pathTail(header)}\r\n`;
  const names = groups.map((group) => group.name);
  const stored = await add(poster, {
    messageId,
    groups: header.get("control") === undefined ? names : await cancelGroups(options),
    header: newHeader(header, ["path", ...SERVER_FIELDS], path, missing + trace),
    overview: overviewOf(header, messageId, date),
    removes: removed === undefined ? [] : [removed],
    body,
  });
  return { messageId, groups: stored, isSubmitted: false };
}

/** Gives an article to the moderator (RFC 5537 §3.5.1). */
async function submit(
  { header, body }: ReceivedArticle,
  { messageId, missing, group }: {
    readonly messageId: string;
    readonly missing: string;
    readonly group: string;
  },
  { submit }: NntpServerOptions,
): Promise<Injected> {
  if (submit === undefined) {
    throw new Unacceptable(`${group} is moderated, and articles for its moderator are not taken`);
  }
  const head = newHeader(header, ["path", ...SERVER_FIELDS], "", `${missing}\r\n`);
  await submit({
    group,
    messageId,
    text: (async function* () {
      yield head;
      yield* body;
    })(),
  });
  return { messageId, groups: [], isSubmitted: true };
}

/**
 * Takes an article of another server.
 *
 * @param article The article.
 * @param offered The identifier by which it was offered, with brackets.
 * @param poster The other server.
 * @returns What became of it.
 * @throws {Unacceptable} If it is rejected.
 */
export async function relayArticle(
  article: ReceivedArticle,
  offered: string,
  poster: Poster,
): Promise<Injected> {
  const { header, body, messageId, date } = article;
  const { options, name } = poster;
  if (messageId !== offered) throw new Unacceptable(`its Message-ID is not ${offered}`);
  const path = header.get("path");
  if (path === undefined || date === undefined) throw new Unacceptable("it has no Path or no Date");
  if (path.split("!").slice(0, -1).includes(name)) {
    throw new Unacceptable("it has been here already, as its Path says");
  }
  checkDate(date, options.now?.() ?? new Date(), options.maxAgeMs ?? Infinity);
  const groups: string[] = [];
  for (const group of article.groups) {
    const known = await options.store.group(group);
    if (known === undefined || known.status === "n") continue;
    if (known.status === "m" && header.get("approved") === undefined) {
      throw new Unacceptable(`it is not approved for ${group}`);
    }
    groups.push(group);
  }
  if (groups.length === 0) throw new Unacceptable("none of its groups is here");
  const removed = removedBy(header);
  const remover = { header, user: undefined, name: undefined };
  if (removed !== undefined) await checkRemoval(options.store, removed, remover);
  const stored = await add(poster, {
    messageId,
    groups: header.get("control") === undefined ? groups : await cancelGroups(options),
    header: newHeader(header, ["path", "xref"], `Path: ${name}!${path}\r\n`, ""),
    overview: overviewOf(header, messageId, ""),
    removes: removed === undefined ? [] : [removed],
    body,
  });
  return { messageId, groups: stored, isSubmitted: false };
}

async function add({ options, user }: Poster, article: NewArticle): Promise<readonly string[]> {
  try {
    const { places, messageId } = await options.store.add(article);
    const groups = [...places.keys()];
    options.onArticle?.({ messageId, user, groups });
    return groups;
  } catch (error) {
    // Another client was faster.
    if (error instanceof NewsStoreError) throw new Unacceptable(error.reason);
    throw error;
  }
}

/** The groups of an article that a client may post to; at least one must be here. */
async function requireGroups({ header, groups }: ReceivedArticle, poster: Poster) {
  const { options: { store, maxGroups = MAX_GROUPS } } = poster;
  if (groups.length > maxGroups) throw new Unacceptable(`it has more than ${maxGroups} groups`);
  const known = [];
  for (const name of groups) {
    const group = await store.group(name);
    const access = poster.access(name);
    if (group === undefined || !access.read) continue;
    if (group.status === "n" || !access.post) {
      throw new Unacceptable(`articles cannot be posted to ${name}`);
    }
    if (group.status === "m" && header.get("approved") !== undefined && !access.approve) {
      throw new Unacceptable(`only its moderator approves articles for ${name}`);
    }
    known.push(group);
  }
  if (known.length > 0) return known;
  throw new Unacceptable(`unknown group ${groups.join(", ").slice(0, 200)}`);
}

async function cancelGroups({ store }: NntpServerOptions): Promise<string[]> {
  return await store.group(CANCEL_GROUP) === undefined ? [] : [CANCEL_GROUP];
}

/** The end of a Path that the client wrote, or the usual one. */
function pathTail(header: Header): string {
  const tail = header.get("path")?.split("!").at(-1) ?? "";
  return /^[A-Za-z0-9._-]+$/.test(tail) ? tail : "not-for-mail";
}

function quoted(text: string): string {
  return `"${text.replace(/[\r\n\0]/g, " ").replace(/["\\]/g, "\\$&")}"`;
}
