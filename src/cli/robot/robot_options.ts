/**
 * Options of the robot.
 *
 * @module
 */

import type { OptionSpecs } from "../command/option_spec.ts";
import { HTTP_OPTIONS } from "../http/options.ts";

/** Options of HTTP that have another meaning here, or none. */
const NOT_HERE: ReadonlySet<string> = new Set([
  ...["max-redirects", "retry", "timeout", "max-time", "wire", "http2", "unix-socket", "cookie"],
]);
/** Options of HTTP that the short help shows. */
const SHOWN: ReadonlySet<string> = new Set(["allow-host"]);

/** The options. */
export const ROBOT_OPTIONS: OptionSpecs = {
  html: { value: "FILE", help: "write a report with a picture of the site" },
  junit: { value: "FILE", help: "write a JUnit report, for continuous integration" },
  state: { value: "FILE", help: "keep the state there; resumes an interrupted run" },
  depth: { value: "N", help: "read pages up to N links from the start" },
  below: { value: "PATH", many: true, help: "read pages below these paths only" },
  internal: { help: "do not check links to other hosts" },
  ignore: { value: "PATTERN", many: true, help: "neither check nor read these URLs" },
  baseline: { value: "FILE", help: "known failures, which do not count" },
  delay: { value: "SECONDS", help: "between requests to a host (default 0.1; loopback none)" },
  "per-host": { value: "N", help: "requests at once to a host (default 1)" },
  strict: { help: "unclear results and warnings are failures too" },
  "only-changed": { rare: true, help: "with --state: report only changes since the last run" },
  notes: { rare: true, help: "print notes too: redirects, slow pages, robots.txt" },
  "no-delay": { rare: true, help: "no time between requests: for servers of one's own" },
  "write-baseline": { value: "FILE", rare: true, help: "write the failures there, as known ones" },
  host: { value: "HOST", many: true, rare: true, help: "read pages of this host too" },
  include: { value: "PATTERN", many: true, rare: true, help: "read only pages with such URLs" },
  exclude: { value: "PATTERN", many: true, rare: true, help: "only check pages with such URLs" },
  "ignore-parameter": {
    value: "NAME",
    many: true,
    rare: true,
    help: "leave out a parameter of URLs, such as 'utm_*'",
  },
  "ignore-robots": { rare: true, help: "do not ask for robots.txt: for one's own site" },
  parallel: { value: "N", short: "P", rare: true, help: "requests at once (default 20)" },
  retry: { value: "N", rare: true, help: "try again so often when that may help (default 2)" },
  "max-time": { value: "SECONDS", short: "m", rare: true, help: "for one resource (default 30)" },
  "max-wait": {
    value: "SECONDS",
    rare: true,
    help: "maximum time that a server may ask to wait (default 120)",
  },
  "max-urls": { value: "N", rare: true, help: "maximum number of URLs (default 1000000)" },
  "max-size": { value: "SIZE", rare: true, help: "maximum size of a page (default 16M)" },
  slow: { value: "SECONDS", rare: true, help: "a page that takes longer is noted (default 3)" },
  extension: {
    value: "NAME",
    many: true,
    rare: true,
    help: "in folders, about may be about.NAME",
  },
  "news-server": { value: "HOST", rare: true, help: "for news: links, which name no server" },
  from: { value: "ADDRESS", rare: true, help: "who runs this robot, for servers to know" },
  ...Object.fromEntries(
    Object.entries(HTTP_OPTIONS).filter(([name]) => !NOT_HERE.has(name)).map(([name, spec]) => [
      name,
      SHOWN.has(name) ? spec : { ...spec, rare: true },
    ]),
  ),
};
