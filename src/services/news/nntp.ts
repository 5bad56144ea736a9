/**
 * Serves news by NNTP (8.7 of the book's list).
 *
 * @module
 */

import type { ServiceModule } from "../core/service.ts";
import {
  NEWS_OPTIONS,
  newsCapabilities,
  type NewsConfiguration,
  parseNews,
} from "./_news_configuration.ts";

/** The nntp service. */
export const service: ServiceModule<NewsConfiguration> = {
  name: "nntp",
  summary: "host newsgroups over NNTP (RFC 3977)",
  port: 1119,
  startsTls: true,
  // RFC 3977 §3.1 asks for three minutes at least.
  idleTimeoutMs: 600_000,
  options: NEWS_OPTIONS,
  examples: ["--groups groups.yaml", "--spool news --groups groups.yaml --users users.yaml"],
  parse: parseNews,
  capabilities: newsCapabilities,
  stream: async (configuration) => {
    return await (await import("./_nntp_service.ts")).nntpService(configuration);
  },
};
