/**
 * Robots: which resources they may request (`robots.txt`, RFC 9309), and which URLs are one and the same.
 *
 * @module
 */

export { type RobotRules, RobotsTxt } from "./rules/robots_txt.ts";
export { type NormalisedUrl, normaliseUrl } from "./crawl/url_rules.ts";
