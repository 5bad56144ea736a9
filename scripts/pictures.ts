/**
 * Draws the pictures of README.md: `deno task generate:pictures` writes `docs/chat.svg` and `docs/bench.svg`.
 *
 * The chart is that of `netwright bench models`, measured here and now; the chat has the lines of a session.
 *
 * @module
 */

import { scriptArguments } from "./arguments.ts";
import { importMap } from "./compile.ts";

const ROOT = decodeURIComponent(new URL("../", import.meta.url).pathname);

/** Lines of a session; nicknames are drawn in colour. */
const CHAT = [
  "$ netwright chat ann@192.0.2.7 --join Weather",
  "18:19 -- you are in Weather with 1 in all: Rain or shine",
  "18:19 -- bob enters Weather",
  "18:19 ann: Anyone on the pass today?",
  "18:19 bob: Snow since noon, the road is closed.",
  "18:20 *bob* shall we take the train?",
  "Weather> /channels",
  "18:20    CurrentEvents            0  What happens in the world",
  "18:20    Weather                  2  Rain or shine",
  "18:20    Gardening                0  For those with green thumbs",
  "18:20    Hobbies                  0  Whatever fills the evenings",
  "18:20    Pets                     0  Friends with fur and feathers",
  "Weather> /msg bob yes, the one at 16:05",
];

const LINE = 20;
const COLUMN = 8.4;

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function coloured(line: string): string {
  const text = escapeXml(line);
  const [, time, name, rest] = /^(\d\d:\d\d )((?:\w+(?=:)|\*\w+\*))(.*)$/.exec(text) ?? [];
  if (name === undefined) return text;
  return `${time}<tspan fill="#58a6ff">${name}</tspan>${rest}`;
}

function terminalPicture(lines: readonly string[]): string {
  const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * COLUMN) + 48;
  const height = lines.length * LINE + 40;
  const rows = lines.map((line, n) =>
    `<text x="24" y="${36 + n * LINE}" xml:space="preserve">${coloured(line)}</text>`
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" font-family="ui-monospace, monospace" font-size="14" ` +
    `fill="#e6edf3">\n<title>A chat in a terminal</title>\n` +
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>\n${
      rows.join("\n")
    }\n</svg>\n`;
}

/** The first chart of a report, on white. */
function chartOf(page: string): string {
  const [, size, rest] = /<svg ([^>]*)>([\s\S]*?<\/svg>)/.exec(page) ?? [];
  if (size === undefined) throw new Error("the report has no chart");
  return `<svg ${size}>\n<title>Server models compared</title>\n` +
    `<rect width="100%" height="100%" fill="#ffffff"/>\n${rest}\n`;
}

if (import.meta.main) {
  const args = scriptArguments({
    usage: "deno task generate:pictures [--report FILE]",
    values: ["report"],
  });
  const temporary = await Deno.makeTempFile({ suffix: ".html" });
  try {
    const report = args.value("report") ?? temporary;
    if (report === temporary) {
      const { code } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-prompt", ...await importMap(), "main.ts", "bench", "models"]
          .concat("--html", report),
        cwd: ROOT,
        stdout: "null",
        stderr: "inherit",
      }).spawn().status;
      if (code !== 0) throw new Error("bench models failed");
    }
    const chart = chartOf(await Deno.readTextFile(report));
    await Deno.mkdir(`${ROOT}docs`, { recursive: true });
    await Deno.writeTextFile(`${ROOT}docs/chat.svg`, terminalPicture(CHAT));
    await Deno.writeTextFile(`${ROOT}docs/bench.svg`, chart);
  } catch (error) {
    console.error(`pictures: ${error instanceof Error ? error.message : error}`);
    Deno.exitCode = 1;
  } finally {
    await Deno.remove(temporary);
  }
}
