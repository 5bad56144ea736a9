/**
 * A row of the tour.
 *
 * @module
 */

import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";
import { httpHandler } from "../../../../protocols/http/mod.ts";

/** The row of 9.5. */
export const row: TourRow = {
  id: "9.5",
  program: "http robot URL",
  checked: "a hundred pages, of which robots.txt closes one; the two faulty links are found",
  async run(tour) {
    const asked: string[] = [];
    const { handle } = httpHandler((request) => answer(new URL(request.url), asked));
    const site = `http://${await tour.serveStream((connection, context) =>
      handle(connection, context)
    )}`;
    const { status, stdout } = await tour.command([
      ...["http", "robot", site, "--internal", "--json", "--per-host", "4"],
    ]);
    expect(status === 4, `exit status ${status}`);
    const found = stdout.trimEnd().split("\n").map((line) => JSON.parse(line)).map((
      { problem, url }: { readonly problem: string; readonly url: string },
    ) => `${problem} ${url.slice(site.length)}`);
    const expected = ["dead /gone", "missing-fragment /page/7#none", "robots /closed"];
    expect(found.join() === expected.join(), `found ${found.join()}`);
    expect(!asked.includes("/closed"), "robots.txt was ignored");
    expect(new Set(asked).size === asked.length, "a page was asked for twice");
  },
};

function answer({ pathname }: URL, asked: string[]): Response {
  asked.push(pathname);
  if (pathname === "/robots.txt") return new Response("User-agent: *\nDisallow: /closed\n");
  const number = pathname === "/" ? 0 : Number(/^\/page\/(\d+)$/.exec(pathname)?.[1] ?? NaN);
  if (!(number < 100)) return new Response("none\n", { status: 404 });
  const links = [number * 2 + 1, number * 2 + 2].filter((next) => next < 100)
    .map((next) => `<a href="/page/${next}#top">on</a>`);
  if (number === 40) links.push('<a href="/gone">gone</a><a href="/page/7#none">nowhere</a>');
  if (number === 50) links.push('<a href="/closed">closed</a>');
  return new Response(`<title>${number}</title>${links.join(" ")}`, {
    headers: { "content-type": "text/html" },
  });
}
