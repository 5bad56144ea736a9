/**
 * Fetching mail from servers into mailboxes of this host.
 *
 * @module
 */

export { type FetchOptions, fetchPop, type FetchSummary, type ListedMail } from "./fetch_pop.ts";
