/** A service of one's own, as a user writes it: it adds the numbers of each line. */

import type { Connection } from "../../src/net/mod.ts";
import type { ServiceModule } from "../../src/services/mod.ts";

const decoder = new TextDecoder();
const encoder = new TextEncoder();

interface Adding {
  readonly start: number;
}

const service: ServiceModule<Adding> = {
  name: "adder",
  summary: "add the numbers of each line",
  port: 0,
  parse: ({ options }) => ({ start: Number(options.start ?? 0) }),
  stream: ({ start }) => ({
    name: "adder",
    async handle(connection: Connection): Promise<void> {
      let text = "";
      const buffer = new Uint8Array(1024);
      for (let count; (count = await connection.read(buffer)) !== null;) {
        text += decoder.decode(buffer.subarray(0, count));
        const lines = text.split("\n");
        text = lines.pop()!;
        for (const line of lines) {
          const reply = line === "secrets" ? secrets() : String(add(line, start));
          await connection.write(encoder.encode(`${reply}\n`));
        }
      }
    },
  }),
};
export default service;

function add(line: string, start: number): number {
  return line.trim().split(" ").reduce((total, word) => total + Number(word), start);
}

/** Tries to read a file without a permission for it. */
function secrets(): string {
  try {
    return `${Deno.readTextFileSync("/etc/hostname").length > 0 ? "read" : "empty"}`;
  } catch (error) {
    return (error as Error).name;
  }
}
