/**
 * Mail from a server into a mailbox here.
 *
 * @module
 */

export {
  type FetchedText,
  fetchMail,
  type FetchOptions,
  type FetchSummary,
  type ListedMail,
  type MailSource,
} from "./fetch_mail.ts";
export { imapSource } from "./imap_source.ts";
export { popSource } from "./pop_source.ts";
