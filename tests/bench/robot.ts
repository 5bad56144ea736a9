/**
 * Robots on a site of 5,000 pages without any pause (nginx): pages per second of the executable, `wget --spider`,
 * linkchecker and a robot of LWP::RobotUA; and what the frontier takes with a million URLs.
 *
 * @module
 */

import { linkcheckerConfig, LWP_ROBOT } from "../interop/peers/robots.ts";
import { run } from "../interop/peers/program.ts";
import { startNginx } from "../interop/peers/web_servers.ts";
import { inFolder } from "../support/trees.ts";
import { compare, type Contender } from "./_measure.ts";

const PAGES = 5000;
const URLS = 1_000_000;
const EXECUTABLE = new URL("../../dist/netwright", import.meta.url).pathname;

/** Measures and prints. */
export async function bench(): Promise<void> {
  await using nginx = await startNginx();
  await writeSite(`${nginx.root}/robot`);
  const start = `http://127.0.0.1:${nginx.port}/robot/d0/p0.html`;
  await inFolder(async (folder) => {
    const config = await linkcheckerConfig(folder);
    await Deno.writeTextFile(`${folder}/robot.pl`, LWP_ROBOT);
    const contender = (name: string, program: string, args: readonly string[]): Contender => ({
      name,
      async run() {
        const before = performance.now();
        await run(program, [...args]);
        return PAGES / ((performance.now() - before) / 1000);
      },
    });
    const robot = [EXECUTABLE, "http", "robot", start, "--no-delay", "-q"] as const;
    await compare(`Robots, ${PAGES} pages, pages/s`, [
      contender("netwright --per-host 8", robot[0], [...robot.slice(1), "--per-host", "8"]),
      contender("netwright", robot[0], robot.slice(1)),
      contender("wget --spider -r", "wget", [
        "-P",
        folder,
        "--spider",
        "-r",
        "-l",
        "inf",
        "-q",
        start,
      ]),
      contender("linkchecker -t 10", "linkchecker", [
        "-f",
        config,
        "--no-status",
        "-o",
        "none",
        start,
      ]),
      contender("LWP::RobotUA", "perl", [`${folder}/robot.pl`, start]),
    ]);
    for (const state of [undefined, `${folder}/state.db`]) await frontier(state);
  });
}

/** The same links each time: on average every page is named twenty times. */
async function writeSite(folder: string): Promise<void> {
  let state = 1;
  const next = (): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 8;
  for (let page = 0; page < PAGES; page++) {
    const links = Array.from({ length: 20 }, (_, at) => {
      const target = at < 2 ? Math.min(PAGES - 1, page * 2 + at + 1) : next() % PAGES;
      return `<li><a href="../d${target % 50}/p${target}.html">page ${target}</a> about it</li>`;
    });
    await Deno.mkdir(`${folder}/d${page % 50}`, { recursive: true });
    await Deno.writeTextFile(
      `${folder}/d${page % 50}/p${page}.html`,
      `<!doctype html><title>Page ${page}</title><h1>Page ${page}</h1><p>${
        "Lorem ipsum dolor sit amet. ".repeat(30)
      }</p><ul>${links.join("\n")}</ul>`,
    );
  }
}

/** A million URLs, of which each is named twice, through the store in a process of its own. */
async function frontier(state: string | undefined): Promise<void> {
  const script = new URL("./robot/frontier.ts", import.meta.url).pathname;
  const flags = Deno.args.includes("--no-lock") ? ["--no-lock"] : [];
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      ...flags,
      "--no-check",
      script,
      String(URLS),
      ...state === undefined ? [] : [state],
    ],
  }).output();
  console.log(new TextDecoder().decode(stdout).trimEnd());
}
