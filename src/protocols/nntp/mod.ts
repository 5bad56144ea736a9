/**
 * NNTP: reading and posting news, and serving it (RFC 3977, 4642, 4643, 4644, 6048, 8054).
 *
 * @module
 */

export { type ArticleIdentity, type HeaderValue, NntpClient } from "./client/client.ts";
export type { NntpClientOptions } from "./client/client_options.ts";
export type { OfferedArticle, OfferOutcome, OfferResult } from "./client/feed.ts";
export { type ConnectionsOptions, overviewOverConnections } from "./client/many_connections.ts";
export type { RangeOverview } from "./client/overviews.ts";
export type {
  ArticlePart,
  ArticleReference,
  RetrievedArticle,
} from "./client/retrieve_articles.ts";
export type {
  GroupBirth,
  GroupDescription,
  GroupPosting,
  ListedGroup,
  NewsGroupSummary,
} from "./codec/groups.ts";
export type { ArticleRange } from "./codec/numbers.ts";
export { Newsrc } from "./codec/newsrc.ts";
export { OverviewFormat, OverviewRecord } from "./codec/overview.ts";
export { Wildmat } from "./codec/wildmat.ts";
export { handleNntp } from "./server/serve_nntp.ts";
export type {
  GroupAccess,
  NewsSubmission,
  NntpServerOptions,
  PostedArticle,
} from "./server/server_options.ts";
