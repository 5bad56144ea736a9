/**
 * What commands use beside the public names of this room.
 *
 * @module
 */

export { hostOf } from "./crawl/url_rules.ts";
export { Robot } from "./crawl/robot.ts";
export type { CrawlScope, RobotOptions } from "./crawl/robot_options.ts";
export { collectFindings, type Finding, type LinkingPage } from "./results/findings.ts";
export type { Problem } from "./results/problem.ts";
export { formatSiteReport } from "./report/site_report.ts";
export { RobotsCache } from "./rules/robots_cache.ts";
export { FolderRoots } from "./sources/folder_roots.ts";
export { documentsOf, FolderSource } from "./sources/folder_source.ts";
export { FtpSource } from "./sources/ftp_source.ts";
export type { LinkSource } from "./sources/link_source.ts";
export { MailSource } from "./sources/mail_source.ts";
export { NewsSource } from "./sources/news_source.ts";
export type { Severity } from "./sources/outcome.ts";
export { WebSource } from "./sources/web_source.ts";
