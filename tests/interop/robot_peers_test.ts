/** `http robot` beside wget, linkchecker and LWP::RobotUA on one site: each difference has its reason. */

import { assertEquals } from "@std/assert";
import { netwright } from "../support/netwright.ts";
import { type RobotSite, startRobotSite } from "../support/robot_site.ts";
import { needs, needsPerl } from "./peers/needs.ts";
import { linkcheckerFindings, lwpFindings, wgetFindings } from "./peers/robots.ts";

/** What our robot calls an error or unclear: what the others call broken. */
const OURS =
  /^(?:dead|failed|denied|limited|redirect-loop|malformed-url|local-file|missing-fragment) /;

interface Comparison {
  readonly peer: string;
  readonly isThere: () => Promise<boolean>;
  readonly find: (start: string) => Promise<string[]>;
  /** Reasons for what only our robot finds. */
  readonly missed: readonly (readonly [url: RegExp, reason: string])[];
  /** Reasons for what only the peer calls broken. */
  readonly invented: readonly (readonly [url: RegExp, reason: string])[];
}

const FRAGMENT = [/#none-/, "it looks at no fragments"] as const;
const COMPARISONS: readonly Comparison[] = [
  {
    peer: "wget --spider -r",
    isThere: () => needs("wget"),
    find: wgetFindings,
    missed: [
      FRAGMENT,
      [/SITE\/error\//, "it lists 404 and the like only, not 501"],
      [/SITE\/moved-dead\//, "it names where the redirect leads to, not what the page links to"],
      [/SITE\/loop\/a/, "a loop of redirects is no broken link"],
      [/\[::1|file:/, "it passes over what it cannot parse, and file: URLs"],
      [/in-markdown|gone\/form|gone\/header/, "it reads no Markdown, forms or Link fields"],
    ],
    invented: [
      [/%70/, "it does not decode needless percent encoding: the server knows no such path"],
      [/gone-after-move/, "where the redirects lead to"],
      [/no-head|head-lies/, "it believes what HEAD gets"],
      [/flaky|SITE\/limited/, "with one attempt it gives up what passes"],
      [
        /behind-nofollow|preconnect|gone\/script/,
        "it follows nofollow, preconnect, and text in scripts",
      ],
      [/dead-beyond/, "it goes on to pages of another port of the host"],
    ],
  },
  {
    peer: "linkchecker",
    isThere: () => needs("linkchecker"),
    find: linkcheckerFindings,
    missed: [
      FRAGMENT,
      [/limited/, "429 is a warning"],
      [/SITE\/moved-dead\//, "it names where the redirect leads to"],
      [/poster/, "it does not know the attribute poster"],
      [/file:/, "a file: URL of a site is not looked at"],
      [/in-markdown|gone\/header/, "it reads no Markdown as such, and no Link fields"],
      [/gone\/refresh|gone\/in-css|gone\/style/, "of style sheets and refreshes it reads a part"],
    ],
    invented: [
      [/%70/, "it does not decode needless percent encoding"],
      [/gone-after-move/, "where the redirects lead to"],
      [/no-head|head-lies/, "it believes what HEAD gets"],
      [/flaky|SITE\/limited/, "it does not try again"],
      [
        /gone\/posted|preconnect|behind-nofollow/,
        "it asks for forms that post, preconnect and nofollow",
      ],
      [/private/, "what robots.txt closes"],
    ],
  },
  {
    peer: "LWP::RobotUA",
    isThere: () => needsPerl("LWP::RobotUA"),
    find: lwpFindings,
    missed: [
      FRAGMENT,
      [/file:/, "the program passes over file: URLs"],
      [
        /in-markdown|gone\/(?:header|refresh|2x|in-css|style|poster)/,
        "HTML::LinkExtor knows neither srcset, poster, style and refresh, nor Link fields, CSS and Markdown",
      ],
    ],
    invented: [
      [/private/, "what robots.txt closes is a 403"],
      [/no-head|head-lies/, "it believes what HEAD gets"],
      [/flaky|SITE\/limited/, "it does not try again"],
      [/gone\/posted|preconnect|behind-nofollow/, "it follows all attributes"],
      [/SITE\/p\/$|SITE\/1\.html/, "the base itself is requested"],
    ],
  },
];

function short(urls: readonly string[], site: RobotSite): Set<string> {
  return new Set(
    urls.map((url) =>
      url.replace(site.elsewhere, "ELSEWHERE").replace(site.start.slice(0, -1), "SITE")
        .replace(/^http:\/\/\[::1\/?$/, "http://[::1")
    ),
  );
}

for (const { peer, isThere, find, missed, invented } of COMPARISONS) {
  Deno.test({
    name: `robot beside ${peer}: each difference is explained`,
    ignore: !await isThere(),
    async fn() {
      await using site = startRobotSite({ pages: 60, trap: false });
      const { stdout } = await netwright([
        ...["http", "robot", site.start, "--json", "--retry", "1"],
      ]);
      const own = short(
        stdout.trim().split("\n").map((line) => JSON.parse(line)).filter(({ problem }) =>
          OURS.test(`${problem} `)
        ).map(({ url }) => url),
        site,
      );
      await using second = startRobotSite({ pages: 60, trap: false });
      const theirs = short(await find(second.start), second);
      const unexplained = (
        urls: Iterable<string>,
        reasons: readonly (readonly [RegExp, string])[],
      ) => [...urls].filter((url) => !reasons.some(([pattern]) => pattern.test(url)));
      assertEquals(unexplained(own.difference(theirs), missed), []);
      assertEquals(unexplained(theirs.difference(own), invented), []);
      // Without common ground all could be explained away.
      assertEquals(own.intersection(theirs).size >= 20, true);
    },
  });
}
