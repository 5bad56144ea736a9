/**
 * Memory of 10,000 idle connections, and growth over a million requests (four times a quarter): `serve http` beside
 * nginx and Node.
 *
 * `deno task compile` must have made the executable.
 *
 * @module
 */

import { compiled, node, ours, start, type Started, startNginx } from "./http/_servers.ts";

const CONNECTIONS = 10_000;
const REQUESTS = 250_000;

/** Resident memory of a process and of those that it started, in MiB. */
async function memoryOf(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "pid,ppid,rss"] }).output();
  const rows = new TextDecoder().decode(stdout).trim().split("\n").slice(1)
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([pid]);
  for (const [child, parent] of rows) if (family.has(parent!)) family.add(child!);
  return rows.reduce((sum, [id, , rss]) => sum + (family.has(id!) ? rss! : 0), 0) / 1024;
}

/** Connects, asks once on each connection, and keeps it. */
async function connectAll(port: string): Promise<Deno.Conn[]> {
  const request = new TextEncoder().encode("GET /1k HTTP/1.1\r\nHost: a\r\n\r\n");
  const buffer = new Uint8Array(4096);
  const connections: Deno.Conn[] = [];
  while (connections.length < CONNECTIONS) {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
    connections.push(connection);
    await connection.write(request);
    await connection.read(buffer);
  }
  return connections;
}

async function askOften(port: string): Promise<void> {
  const args = ["-q", "-k", "-c", "50", "-n", `${REQUESTS}`, `http://127.0.0.1:${port}/1k`];
  const { success, stderr } = await new Deno.Command("ab", { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Measures and prints. */
export async function bench(): Promise<void> {
  const folder = await Deno.makeTempDir();
  const temp = await Deno.makeTempDir();
  await Deno.chmod(folder, 0o755);
  await Deno.writeFile(`${folder}/1k`, new Uint8Array(1024).fill(120));
  const many = ["--max-connections", "20000"];
  const servers: [name: string, start: () => Promise<Started>][] = [
    ["from source", () => start(ours(folder, ...many))],
    ["from source, --fast", () => start(ours(folder, ...many, "--fast"))],
    ["executable", () => start(compiled(folder, ...many))],
    ["executable, --fast", () => start(compiled(folder, ...many, "--fast"))],
    ["nginx, one worker", () => startNginx(folder, temp)],
    ["Node http", () => start(node(folder))],
  ];
  const mib = (value: number): string => value.toFixed(1).padStart(8);
  console.log(`\nMiB: at first, with ${CONNECTIONS} idle connections, after each 250,000 requests`);
  try {
    for (const [name, start] of servers) {
      const sizes: number[] = [];
      {
        await using server = await start();
        sizes.push(await memoryOf(server.pid));
        const connections = await connectAll(server.port);
        sizes.push(await memoryOf(server.pid));
        for (const connection of connections) connection.close();
      }
      {
        await using server = await start();
        for (let i = 0; i < 4; i++) {
          await askOften(server.port);
          sizes.push(await memoryOf(server.pid));
        }
      }
      console.log(`  ${name.padEnd(20)}${sizes.map(mib).join("")}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
    await Deno.remove(temp, { recursive: true });
  }
}

if (import.meta.main) await bench();
