/** `http robot` against a site of 5,000 pages with known faults: nothing missed, nothing invented. */

import { assertEquals, assertMatch } from "@std/assert";
import { netwright, startNetwright } from "../../support/netwright.ts";
import { type RobotSite, startRobotSite } from "../../support/robot_site.ts";
import { inFolder } from "../../support/trees.ts";

const FAST = ["--no-delay", "--per-host", "6", "--retry", "1"];

interface Found {
  readonly problem: string;
  readonly url: string;
  readonly reason: string;
  readonly pages: readonly { readonly url: string }[];
}

function found(stdout: string, site: RobotSite): Found[] {
  const text = stdout.replaceAll(site.elsewhere, "ELSEWHERE").replaceAll(
    site.start.slice(0, -1),
    "SITE",
  );
  return text.trim().split("\n").map((line) => JSON.parse(line));
}

Deno.test("a site of 5,000 pages: exactly its faults are found, each URL is requested once", async () => {
  await using site = startRobotSite({ pages: 5000 });
  const { code, stdout, stderr } = await netwright([
    "http",
    "robot",
    site.start,
    "--json",
    ...FAST,
  ]);
  const findings = found(stdout, site).filter(({ problem }) => problem !== "slow");
  assertEquals(findings.map(({ problem, url }) => `${problem} ${url}`).sort(), site.expected);
  assertEquals(code, 4);
  assertMatch(stderr, /^\d{4} URLs in [\d.]+ s: \d+ errors, 12 unclear, 1 warning, \d+ notes\n$/);
  const again = findings.find(({ url }) => url === "SITE/gone/3")!;
  assertEquals(again.pages.map(({ url }) => url), ["SITE/p/1501.html", "SITE/p/30.html"]);
  // Only what failed for a while is requested twice.
  const twice = [...site.requests].filter(([, times]) => times > 1).map(([key]) => key);
  assertEquals(twice.sort(), ["GET /flaky", "GET /limited"]);
  const forbidden = [...site.requests.keys()].filter((key) =>
    /\/private\/|behind|posted|preconnect|comment|\/code|meta|\/gone\/script/.test(key)
  );
  assertEquals(forbidden, ["GET /meta-nofollow.html"]);
});

Deno.test("killed twice and resumed, it finds the same", async () => {
  await inFolder(async (folder) => {
    await using site = startRobotSite({ pages: 2000 });
    const words = ["http", "robot", site.start, "--json", ...FAST];
    const whole = await netwright(words);
    const state = ["--state", `${folder}/crawl.db`];
    const before = [...site.requests.values()].reduce((sum, times) => sum + times, 0);
    for (const requests of [500, 1200]) {
      await using running = startNetwright([...words, ...state]);
      await site.reached(before + requests);
      await running.stop("SIGKILL");
    }
    const resumed = await netwright([...words, ...state]);
    assertMatch(resumed.stderr, /^resumed: \d+ of \d+ known URLs are done\n/);
    const strip = (text: string) => found(text, site).filter(({ problem }) => problem !== "slow");
    assertEquals(strip(resumed.stdout), strip(whole.stdout));
    assertEquals(resumed.code, 4);
    const all = [...site.requests.values()].reduce((sum, times) => sum + times, 0);
    // Twice the site, and what was under way or not yet committed when it was killed.
    assertEquals(all - before < before * 1.6, true, `${before} and ${all - before} requests`);
  });
});
