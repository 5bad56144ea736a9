/** `http robot` against a site of 5,000 pages with known faults: nothing missed, nothing invented. */

import { assert, assertEquals, assertMatch } from "@std/assert";
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

Deno.test("killed twice and resumed, it finds the same and repeats nothing that was kept", async () => {
  await inFolder(async (folder) => {
    await using site = startRobotSite({ pages: 1200 });
    const words = ["http", "robot", site.start, "--json", "--retry", "1"];
    const whole = await netwright([...words, "--no-delay"]);
    const sum = () => [...site.requests.values()].reduce((all, times) => all + times, 0);
    // At most 500 requests a second: some are kept before each kill.
    const slow = [...words, "--delay", "0.002", "--per-host", "2", "--state", `${folder}/crawl.db`];
    let begin = sum();
    for (const requests of [450, 900]) {
      await using running = startNetwright(slow);
      await site.reached(begin + requests);
      await running.stop("SIGKILL");
    }
    begin = sum();
    const resumed = await netwright(slow);
    const [, kept] = /^resumed: (\d+) of \d+ known URLs are done\n/.exec(resumed.stderr) ?? [];
    const [, urls] = /^(\d+) URLs in /m.exec(resumed.stderr) ?? [];
    assert(Number(kept) > 200, resumed.stderr);
    const strip = (text: string) => found(text, site).filter(({ problem }) => problem !== "slow");
    assertEquals(strip(resumed.stdout), strip(whole.stdout));
    assertEquals(resumed.code, 4);
    // robots.txt, and what failed for a while, are requested again; dead images by HEAD and by GET.
    const left = Number(urls) - Number(kept);
    assert(sum() - begin <= left + 30, `${sum() - begin} requests for ${left} URLs`);
  });
});

Deno.test("a second run with the state finds the same, and reads no unchanged page", async () => {
  await inFolder(async (folder) => {
    await using site = startRobotSite({ pages: 600 });
    const words = ["http", "robot", site.start, "--json", ...FAST, "--state", `${folder}/c.db`];
    const [first, second] = [await netwright(words), await netwright(words)];
    const strip = (text: string) => found(text, site).filter(({ problem }) => problem !== "slow");
    assertEquals(strip(second.stdout), strip(first.stdout));
    assertEquals(site.unchanged > 600, true, `${site.unchanged} unchanged pages`);
  });
});
