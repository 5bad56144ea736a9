/**
 * Requests a second for a file of 1 KiB, with kept connections and without: `serve http` under every model
 * beside nginx with one worker, `Deno.serve`, Node and Perl's `Net::Server::PreFork`. The load is wrk's.
 *
 * @module
 */

import { MODEL_CHOICES } from "../support/model_conversations.ts";
import { ROOT } from "../support/netwright.ts";
import { compare, type Contender } from "./_measure.ts";

const SECONDS = "2s";
const CONNECTIONS = "50";
const HERE = `${ROOT}tests/bench/http`;

/** A server that runs, and how it is ended. */
interface Started extends AsyncDisposable {
  readonly port: string;
}

/** Starts a program that tells where it listens, or is told by us. */
async function start(argv: readonly string[], port?: string): Promise<Started> {
  const [program = "", ...args] = argv;
  const child = new Deno.Command(program, { args, cwd: ROOT, stdout: "piped", stderr: "null" })
    .spawn();
  if (port === undefined) {
    const { value } = await child.stdout.getReader().read();
    port = /^listening on 127\.0\.0\.1:(\d+)/.exec(new TextDecoder().decode(value))?.[1];
    if (port === undefined) throw new Error(`${argv.join(" ")} does not listen`);
  } else await answers(port);
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}

/** Waits for a server that says nothing. */
async function answers(port: string): Promise<void> {
  for (let tries = 0;; tries++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port: Number(port) })).close();
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function freePort(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return String((listener.addr as Deno.NetAddr).port);
}

async function startNginx(folder: string, temp: string): Promise<Started> {
  const port = freePort();
  const conf = (await Deno.readTextFile(`${HERE}/nginx.conf`))
    .replaceAll("PORT", port).replaceAll("FOLDER", folder).replaceAll("TEMP", temp);
  await Deno.writeTextFile(`${temp}/nginx.conf`, conf);
  return await start(["nginx", "-p", temp, "-c", `${temp}/nginx.conf`], port);
}

async function load(port: string, close: boolean): Promise<number> {
  const { success, stdout, stderr } = await new Deno.Command("wrk", {
    args: [
      "-t1",
      `-c${CONNECTIONS}`,
      `-d${SECONDS}`,
      ...(close ? ["-H", "Connection: close"] : []),
      `http://127.0.0.1:${port}/1k`,
    ],
  }).output();
  const text = new TextDecoder().decode(stdout);
  const perSecond = /^Requests\/sec:\s+([\d.]+)/m.exec(text)?.[1];
  if (!success || perSecond === undefined) throw new Error(new TextDecoder().decode(stderr));
  if (text.includes("Non-2xx")) throw new Error(text);
  return Number(perSecond);
}

/** Measures and prints. */
export async function bench(): Promise<void> {
  const folder = await Deno.makeTempDir();
  const temp = await Deno.makeTempDir();
  await Deno.chmod(folder, 0o755);
  await Deno.writeFile(`${folder}/1k`, new Uint8Array(1024).fill(120));
  const perl = freePort();
  const deno = [Deno.execPath(), "run", "-A"];
  const servers: [name: string, start: () => Promise<Started>][] = [
    ...MODEL_CHOICES.map((model): [string, () => Promise<Started>] => [
      `--model ${model}`,
      () =>
        start([
          ...deno,
          "main.ts",
          ...["serve", "http", "--root", folder, "--listen", "127.0.0.1:0", "--quiet", "--model"],
          ...model.split(" "),
        ]),
    ]),
    ["nginx, one worker", () => startNginx(folder, temp)],
    ["Deno.serve", () => start([...deno, `${HERE}/deno.ts`, folder])],
    ["Node http", () => start(["node", `${HERE}/node.mjs`, folder])],
    ["Perl Net::Server::PreFork", () => start(["perl", `${HERE}/prefork.pl`, folder, perl], perl)],
  ];
  try {
    for (const close of [false, true]) {
      // A server that is not measured takes no time, but all would take memory.
      const contenders = servers.map(([name, start]): Contender => ({
        name,
        async run() {
          await using server = await start();
          return await load(server.port, close);
        },
      }));
      const how = close ? "a connection each" : "kept connections";
      await compare(`Requests a second, 1 KiB, ${CONNECTIONS} clients, ${how}`, contenders);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
    await Deno.remove(temp, { recursive: true });
  }
}

if (import.meta.main) await bench();
