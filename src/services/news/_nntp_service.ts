/**
 * Hosts newsgroups.
 *
 * @module
 */

import { escapeForDisplay } from "../../net/mod.ts";
import { type GroupAccess, handleNntp, type NewsSubmission } from "../../protocols/nntp/mod.ts";
import { makeWritableFolder, modifiedAt, openMaildir, replaceFile } from "../../stores/internal.ts";
import { MemoryNews, type NewsStore, SpoolNews } from "../../stores/mod.ts";
import { describeError } from "../core/error_text.ts";
import type { Service } from "../core/service.ts";
import { accountsOf } from "../core/accounts.ts";
import type { NewsConfiguration } from "./_news_configuration.ts";

/** The group of a server without a file of groups. */
const DEFAULT_GROUP = { name: "local.test", description: "Tests" };
/** How often old articles are removed, in milliseconds. */
const EXPIRY_MS = 60 * 60 * 1000;
/** How soon that is tried again, in milliseconds. */
const RETRY_MS = 60 * 1000;
/** How long identifiers of articles are remembered at least, in milliseconds (RFC 5537 §3.3). */
const DAY_MS = 24 * 60 * 60 * 1000;
const REMEMBERED_MS = 10 * DAY_MS;

/**
 * Hosts newsgroups.
 *
 * @param configuration The groups, the users and the limits.
 * @returns The service.
 * @throws {NetwrightError} If the spool cannot be written, or a group cannot be called so.
 */
export async function nntpService(configuration: NewsConfiguration): Promise<Service> {
  const { users: stored, keepMs = Infinity, submissions } = configuration;
  const store = await openStore(configuration);
  const submit = submissions === undefined ? undefined : await submitterTo(submissions);
  const users = stored && accountsOf(new Map(Object.entries(stored)));
  const removeOld = expiryOf(store, configuration);
  return {
    name: "nntp",
    busy: new TextEncoder().encode("400 too many clients; try again in a moment\r\n"),
    async handle(connection, context): Promise<void> {
      const onError = (error: unknown) => context.log?.(escapeForDisplay(describeError(error)));
      // The greeting does not wait for it.
      const removal = removeOld(context.now()).catch(onError);
      await handleNntp(connection, {
        store,
        users,
        loginFor: configuration.loginFor,
        posting: configuration.posting,
        feeding: configuration.feeding,
        access: (group, user) => accessTo(group, user, configuration),
        ...(submit !== undefined && { submit }),
        name: configuration.name,
        maxArticleBytes: configuration.maxBytes,
        // Identifiers of older articles were forgotten: such articles would be taken for new ones.
        maxAgeMs: Math.max(keepMs, REMEMBERED_MS),
        tls: configuration.tls,
        isSecure: configuration.isSecure,
        insecureAuth: configuration.insecureAuth,
        now: () => context.now(),
        // The server ends silent sessions.
        timeoutMs: Infinity,
        beforeClosing: (say) => context.beforeClosing?.(say),
        signal: context.signal,
        onArticle({ messageId, user = "somebody", groups }) {
          context.log?.(escapeForDisplay(`${messageId} by ${user} in ${groups.join(", ")}`));
        },
        onRefused: (user) => context.log?.(escapeForDisplay(`refused ${user}: wrong password`)),
        onError,
      });
      await removal;
    },
  };
}

async function openStore({ spool, name, groups }: NewsConfiguration): Promise<NewsStore> {
  const store = spool === undefined
    ? new MemoryNews({ name })
    : await SpoolNews.open(spool, { name });
  await store.setGroup(
    ...Object.entries(groups ?? {}).map(([name, { description, status }]) => ({
      ...{ name, description, status },
    })),
  );
  if ((await store.groups()).length === 0) await store.setGroup(DEFAULT_GROUP);
  return store;
}

/** A client's rights in a group. */
function accessTo(
  group: string,
  user: string | undefined,
  { groups = {}, users }: NewsConfiguration,
): GroupAccess {
  const rules = Object.hasOwn(groups, group) ? groups[group] : undefined;
  const isOf = (list: readonly string[] | undefined, otherwise: boolean) =>
    list === undefined ? otherwise : user !== undefined && list.includes(user);
  const read = isOf(rules?.readers, true);
  const isOpen = users === undefined;
  return {
    read,
    post: read && (isOpen || user !== undefined) && isOf(rules?.posters, true),
    approve: isOf(rules?.moderators, isOpen),
  };
}

/**
 * Removes old articles once an hour, of all processes that share the spool: the age of a file says when it was last
 * done. After a failure it is tried again.
 */
function expiryOf(
  store: NewsStore,
  { spool, groups = {}, keepMs = Infinity }: NewsConfiguration,
): (now: Date) => Promise<void> {
  const limits = Object.values(groups).map((rules) => rules.keepMs ?? keepMs);
  const isLimited = Math.min(keepMs, ...limits) < Infinity;
  const mark = spool === undefined ? undefined : `${spool}/expired`;
  let next = 0;
  return async (now) => {
    if (!isLimited || now.getTime() < next) return;
    next = now.getTime() + RETRY_MS;
    const last = mark === undefined ? undefined : await modifiedAt(mark);
    // A time in the future does not count.
    const age = now.getTime() - (last ?? -Infinity);
    if (age >= 0 && age < EXPIRY_MS) return;
    const keep = (group: string) =>
      (Object.hasOwn(groups, group) ? groups[group]!.keepMs : undefined) ?? keepMs;
    // An article may be dated up to a day ahead.
    await store.expire(keep, REMEMBERED_MS + DAY_MS);
    next = now.getTime() + EXPIRY_MS;
    if (mark !== undefined) await replaceFile(mark, new Uint8Array(0));
  };
}

/** Puts articles that wait for a moderator into a Maildir. */
async function submitterTo(folder: string): Promise<(submission: NewsSubmission) => Promise<void>> {
  await makeWritableFolder(folder);
  const inbox = (await (await openMaildir(folder)).folder("INBOX"))!;
  return async ({ text }) => void await inbox.append(text);
}
