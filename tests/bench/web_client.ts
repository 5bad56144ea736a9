/**
 * How long clients take to fetch 500 small files, and one of 1 GiB, from nginx: the executable beside `curl --parallel`,
 * `wget2` and `wget`, all writing files. As rates, so that larger is better.
 *
 * @module
 */

import { run } from "../interop/peers/program.ts";
import { startNginx } from "../interop/peers/web_servers.ts";
import { inFolder } from "../support/trees.ts";
import { compare, type Contender } from "./_measure.ts";

const SMALL = 500;
const LARGE_BYTES = 1024 ** 3;
const EXECUTABLE = new URL("../../dist/netwright", import.meta.url).pathname;

/** Measures and prints. */
export async function bench(): Promise<void> {
  await using nginx = await startNginx();
  await Deno.mkdir(`${nginx.root}/small`);
  const piece = crypto.getRandomValues(new Uint8Array(65_536));
  for (let at = 0; at < SMALL; at++) {
    await Deno.writeFile(`${nginx.root}/small/${at}.bin`, piece.subarray(0, 500 + at * 16));
  }
  {
    using file = await Deno.open(`${nginx.root}/large`, { write: true, create: true });
    for (let size = 0; size < LARGE_BYTES; size += piece.length) await file.write(piece);
  }
  const site = `http://127.0.0.1:${nginx.port}`;
  await inFolder(async (folder) => {
    const urls = Array.from({ length: SMALL }, (_, at) => `${site}/small/${at}.bin`);
    await Deno.writeTextFile(`${folder}/urls`, urls.join("\n"));
    const config = urls.map((url, at) => `url="${url}"\noutput="${folder}/out/${at}.bin"`);
    await Deno.writeTextFile(`${folder}/curl`, config.join("\n"));
    const out = `${folder}/out`;
    const contender = (
      name: string,
      amount: number,
      program: string,
      args: string[],
    ): Contender => ({
      name,
      async run() {
        await Deno.mkdir(out);
        const start = performance.now();
        await run(program, args);
        const seconds = (performance.now() - start) / 1000;
        await Deno.remove(out, { recursive: true });
        return amount / seconds;
      },
    });
    await compare(`Web client, ${SMALL} small files, files/s`, [
      contender("netwright fetch", SMALL, EXECUTABLE, [
        "fetch",
        "-q",
        "--input",
        `${folder}/urls`,
        "--to",
        out,
      ]),
      contender("curl --parallel", SMALL, "curl", [
        "-s",
        "--parallel",
        "--parallel-max",
        "32",
        "-K",
        `${folder}/curl`,
      ]),
      contender("wget2", SMALL, "wget2", ["-q", "-i", `${folder}/urls`, "-P", out]),
      contender("wget", SMALL, "wget", ["-q", "-i", `${folder}/urls`, "-P", out]),
    ]);
    const mebibytes = LARGE_BYTES / 1024 ** 2;
    await compare("Web client, one file of 1 GiB, MiB/s", [
      contender("netwright fetch", mebibytes, EXECUTABLE, [
        "fetch",
        "-q",
        `${site}/large`,
        "--to",
        out,
      ]),
      contender("curl", mebibytes, "curl", ["-s", "-o", `${out}/large`, `${site}/large`]),
      contender("wget2", mebibytes, "wget2", ["-q", `${site}/large`, "-P", out]),
      contender("wget", mebibytes, "wget", ["-q", `${site}/large`, "-P", out]),
    ]);
  });
}
