/**
 * How long it takes until a command is done: from source and compiled, beside an empty program.
 *
 * `deno task compile` must have made the executable.
 *
 * @module
 */

import { OFFLINE_FLAGS, ROOT, serve } from "../support/netwright.ts";
import { median } from "./_measure.ts";

const RUNS = 20;
const EXECUTABLE = `${ROOT}dist/netwright`;

/** Starts a Worker without permissions and waits for its word: the least that a sandbox costs. */
const WITH_WORKER = `const source = new Blob(["postMessage(1)"], { type: "text/javascript" });
const worker = new Worker(URL.createObjectURL(source), { type: "module", deno: { permissions: "none" } });
await new Promise((resolve) => worker.onmessage = resolve);
worker.terminate();`;

async function milliseconds(program: string, args: readonly string[]): Promise<number> {
  const start = performance.now();
  const { success } = await new Deno.Command(program, {
    args: [...args],
    cwd: ROOT,
    stdout: "null",
  }).output();
  if (!success) throw new Error(`${program} ${args.join(" ")} failed`);
  return performance.now() - start;
}

/** Measures and prints. */
export async function bench(): Promise<void> {
  await using server = await serve(["daytime", "--listen", "127.0.0.1:0", "--quiet"]);
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/empty.ts`, "");
    await Deno.writeTextFile(`${folder}/worker.ts`, WITH_WORKER);
    const deno = Deno.execPath();
    const source = ["run", "-A", ...OFFLINE_FLAGS, "main.ts"];
    const { endpoint } = server;
    const inPlace = ["run", `--allow-net=${endpoint}`, "main.ts", "daytime", endpoint];
    const rows: readonly [name: string, program: string, args: readonly string[]][] = [
      ["deno run of an empty file", deno, ["run", `${folder}/empty.ts`]],
      ["deno run of an empty Worker", deno, [
        "run",
        "-A",
        "--unstable-worker-options",
        `${folder}/worker.ts`,
      ]],
      ["source: --version", deno, [...source, "--version"]],
      ["source: daytime, in place", deno, inPlace],
      ["source: daytime, in a Worker", deno, [...source, "daytime", endpoint]],
      ["compiled: --version", EXECUTABLE, ["--version"]],
      ["compiled: daytime --no-sandbox", EXECUTABLE, ["daytime", "--no-sandbox", endpoint]],
      ["compiled: daytime, in a Worker", EXECUTABLE, ["daytime", endpoint]],
    ];
    const times = rows.map((): number[] => []);
    for (let run = 0; run < RUNS; run++) {
      for (const [index, [, program, args]] of rows.entries()) {
        times[index]!.push(await milliseconds(program, args));
      }
    }
    const medians = times.map(median);
    console.log(`\nMilliseconds to start and end, median of ${RUNS}`);
    for (const [index, [name]] of rows.entries()) {
      const ms = medians[index]!;
      const ratio = (ms / medians[0]!).toFixed(2);
      console.log(
        `  ${name.padEnd(34)}${ms.toFixed(1).padStart(8)}   ${ratio} times the empty file`,
      );
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await bench();
