/**
 * How fast clients take the overview of 100,000 articles from one server, in records a second: our client beside Perl's
 * Net::NNTP and Python's nntplib. The server is ours, over a spool, in a process of its own.
 *
 * @module
 */

import { serve } from "../support/netwright.ts";
import { run } from "../interop/peers/program.ts";
import { inFolder } from "../support/trees.ts";
import { compare } from "./_measure.ts";

const COUNT = 100_000;
const ROOT = new URL("../../", import.meta.url).pathname;

/** A spool with one group; the overview alone is what is read. */
async function fill(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/articles/local/test`, { recursive: true });
  await Deno.mkdir(`${folder}/incoming`);
  await Deno.writeTextFile(`${folder}/active`, "local.test 0000000000 0000000001 y\n");
  const lines = Array.from({ length: COUNT }, (_, at) =>
    [
      ...[at + 1, `Re: subject of article ${at}`, `Ann Example ${at % 100} <ann@a.example>`],
      ...["Mon, 30 Nov 2026 08:00:00 +0000", `<article-${at}@a.example>`],
      ...[`<first-${at % 500}@a.example> <article-${Math.max(0, at - 1)}@a.example>`, 2345, 40],
      `Xref: localhost local.test:${at + 1}\n`,
    ].join("\t"));
  await Deno.writeTextFile(`${folder}/articles/local/test/.overview`, lines.join(""));
}

const PERL = `
use strict; use Net::NNTP; use Time::HiRes 'time';
my $news = Net::NNTP->new("127.0.0.1", Port => $ARGV[0]) or die;
my (undef, $first, $last) = $news->group("local.test");
my $start = time; my $over = $news->xover("$first-$last"); my $took = time - $start;
die scalar(keys %$over) unless keys %$over == ${COUNT};
print ${COUNT} / $took;
`;
const PYTHON = `
import nntplib, sys, time
news = nntplib.NNTP("127.0.0.1", int(sys.argv[1]))
_, _, first, last, _ = news.group("local.test")
start = time.perf_counter(); _, rows = news.over((first, last)); took = time.perf_counter() - start
assert len(rows) == ${COUNT}
print(${COUNT} / took)
`;

/** Measures and prints. */
export async function bench(): Promise<void> {
  await inFolder(async (folder) => {
    await fill(folder);
    await using server = await serve(
      ["nntp", "--listen", "127.0.0.1:0", "--spool", folder, "--quiet"],
    );
    const port = server.endpoint.split(":")[1]!;
    const ours = [
      ...["run", "-A", "--no-lock", `--import-map=${ROOT}scripts/offline/import_map.json`],
      ...[`${ROOT}tests/bench/nntp/overview.ts`, port, String(COUNT)],
    ];
    const runs = {
      NntpClient: () => run(Deno.execPath(), ours),
      "Net::NNTP": () => run("perl", ["-e", PERL, port]),
      nntplib: () => run("python3", ["-W", "ignore", "-c", PYTHON, port]),
    };
    await compare(
      `NNTP, overview of ${COUNT} articles, records/s`,
      Object.entries(runs).map(([name, act]) => ({ name, run: async () => Number(await act()) })),
    );
  });
}
