/**
 * How fast messages are read, in MB a second: one of 50 MiB with attachments, and 5,000 small ones. Each parser in a
 * process of its own. And how much memory a message of 1 GiB takes that passes through.
 *
 * @module
 */

import { composeMessage, partBytes } from "../../src/mime/mod.ts";
import { run } from "../interop/peers/program.ts";
import { ROOT } from "../support/netwright.ts";
import { compare, type Contender, median } from "./_measure.ts";

const HERE = `${ROOT}tests/bench/mime`;
const TEXT = "Grüße aus der Ferne, und noch ein paar Worte, damit die Zeile lang genug ist.\n"
  .repeat(20);

const js = (
  name: string,
) => [Deno.execPath(), "run", "-A", ...importMap(), `${HERE}/read.ts`, name];
const CONTENDERS: readonly [string, () => readonly string[]][] = [
  ["parseMessage()", () => js("ours")],
  ["readParts()", () => js("streaming")],
  ["postal-mime", () => js("postal-mime")],
  ["mailparser", () => js("mailparser")],
  ["Python email", () => ["python3", `${HERE}/read.py`]],
  ["Perl MIME::Parser", () => ["perl", `${HERE}/read.pl`]],
];

/** The import map that this process was given, for those it starts. */
function importMap(): string[] {
  return [`--import-map=${ROOT}scripts/offline/import_map.json`];
}

function message(number: number, files: number, fileBytes: number): Uint8Array {
  const content = new Uint8Array(fileBytes);
  for (let at = 0; at < fileBytes; at += 65_536) {
    crypto.getRandomValues(content.subarray(at, at + 65_536));
  }
  return partBytes(composeMessage({
    from: [{ name: "Ann Müller", address: "ann@example.org" }],
    to: [{ name: "Bob", address: "bob@example.org" }, { address: "carl@example.org" }],
    subject: `Grüße, die ${number}.`,
    text: TEXT,
    html: `<p>${TEXT}`,
    attachments: Array.from({ length: files }, (_, at) => ({ name: `file ${at}.bin`, content })),
  }));
}

/** Gives the speed and the most memory. */
async function runStream(): Promise<readonly [speed: number, peak: number]> {
  const args = ["run", "-A", ...importMap(), `${HERE}/stream.ts`];
  const [speed, peak] = (await run(Deno.execPath(), args)).split(" ").map(Number);
  return [speed!, peak!];
}

/** Measures and prints. */
export async function bench(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/large`);
    await Deno.writeFile(`${folder}/large/0.eml`, message(0, 4, 9_800_000));
    await Deno.mkdir(`${folder}/small`);
    for (let number = 0; number < 5000; number++) {
      await Deno.writeFile(
        `${folder}/small/${number}.eml`,
        message(number, number % 5 === 0 ? 1 : 0, 5000),
      );
    }
    for (
      const [title, name] of [["One message of 50 MiB", "large"], ["5,000 small messages", "small"]]
    ) {
      const contenders = CONTENDERS.map(([label, argv]): Contender => ({
        name: label,
        run: async () => {
          const [program, ...args] = argv();
          return Number(await run(program!, [...args, `${folder}/${name}`]));
        },
      }));
      await compare(`${title}, MB/s`, contenders);
    }
    const runs: (readonly [number, number])[] = [];
    for (let round = 0; round < 5; round++) runs.push(await runStream());
    console.log(
      `\nOne message of 1 GiB written and read as a stream: ${
        median(runs.map(([speed]) => speed))
      } MB/s, at most ${Math.max(...runs.map(([, peak]) => peak))} MiB of memory`,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
