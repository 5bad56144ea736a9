/**
 * IMAP (RFC 9051, RFC 3501): client and server.
 *
 * @module
 */

export { type AppendedMessage, type AppendedUids, imapResponseCode } from "./client/append.ts";
export {
  ImapClient,
  type ImapNamespace,
  type KnownMailbox,
  type OpenOptions,
} from "./client/client.ts";
export type { ImapClientOptions } from "./client/client_options.ts";
export type { ImapText } from "./client/download.ts";
export type { FetchItems, ImapMessage } from "./client/fetch.ts";
export type { IdleOptions } from "./client/idle.ts";
export type { ListedMailbox, ListOptions, MailboxStatus } from "./client/list.ts";
export type { CopiedMessages, FlagChange, ImapMailbox, Resynchronized } from "./client/mailbox.ts";
export type { MailboxChange } from "./client/mailbox_state.ts";
export { type WatchedChange, watchMailbox, type WatchOptions } from "./client/watch.ts";
export type { ImapThread, SearchSummary, SortKey } from "./client/search.ts";
export { allParts, type ImapPart } from "./codec/body_structure.ts";
export type { ImapEnvelope } from "./codec/envelope.ts";
export type { FetchData, FetchedSection, GmailData } from "./codec/fetch_data.ts";
export type { ImapProvider } from "./codec/providers.ts";
export type { SearchQuery } from "./codec/search_query.ts";
export type { SpecialUse } from "./codec/special_use.ts";
export { handleImap } from "./commands/serve_imap.ts";
export type { ImapServerOptions, ImapSessionSummary } from "./server/server_options.ts";
export type { UidSet } from "./codec/uid_set.ts";
