/**
 * `netwright resolve`: names to addresses and back (3.1 of the book's list).
 *
 * @module
 */

import {
  ConnectError,
  formatEndpoint,
  type HostEndpoint,
  isIp,
  LineReader,
  lookUp,
  parseEndpoint,
  type RecordType,
  UsageError,
} from "../../net/mod.ts";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import type { Host } from "../host.ts";
import { lookUpHosts, RESOLVER_FILE, systemNameServers } from "../hosts_files.ts";
import { sideBySide } from "../side_by_side.ts";
import { Table } from "../table.ts";

const TYPES = [
  "A",
  "AAAA",
  "CAA",
  "CNAME",
  "MX",
  "NAPTR",
  "NS",
  "PTR",
  "SOA",
  "SRV",
  "TXT",
] as const;
const HOSTS_FILE = "/etc/hosts";

/** The command. */
export const command: Command = {
  name: "resolve",
  summary: "look up names and addresses in the DNS",
  operands: "[NAME|ADDRESS…]",
  count: { min: 0 },
  examples: [
    "resolve example.org 192.0.2.1",
    "resolve --type MX,TXT example.org",
    "resolve < NAMES",
  ],
  details:
    "Without operands it reads names from standard input, one a line. Names give A and AAAA records,\n" +
    "addresses their names. /etc/hosts is asked first, unless --server or --type is given.\n" +
    "Prints NAME, TYPE and value with tabs between, in the order of the input.",
  options: {
    type: { short: "t", value: "TYPE,…", help: `any of ${TYPES.join(", ")}` },
    server: { value: "ADDRESS[:PORT]", help: "ask this name server, not the system's" },
    timeout: { value: "SECONDS", help: "longest wait for each name (default 10)" },
  },
  async capabilities(args, host) {
    typesOf(args);
    const servers = (await serversOf(args, host)).map(formatEndpoint);
    const files = args.has("server") ? [] : [HOSTS_FILE, RESOLVER_FILE];
    const net = servers.length === 0 ? [] : [...servers, ...servers.map(localSocket)];
    return { net, ...(files.length > 0 && { read: files }) };
  },
  async run(args, context) {
    const types = typesOf(args);
    const servers = await serversOf(args, context.host);
    const useFile = !args.has("server") && types === undefined;
    const hosts = useFile ? await context.host.readText(HOSTS_FILE) ?? "" : "";
    const timeoutMs = args.milliseconds("timeout", 10_000);
    const longest = Math.max(0, ...args.operands.map((name) => name.length));
    const table = new Table(context.stdout, {
      headings: ["NAME", "TYPE", "VALUE"],
      widths: [longest, 5],
    });
    return await sideBySide(
      args.operands.length > 0 ? args.operands : namesFrom(context),
      async (name) => {
        const local = lookUpHosts(hosts, name);
        if (local.length > 0) return local;
        if (servers.length > 0) {
          return await lookUp(context.network, name, { types, servers, timeoutMs });
        }
        throw new ConnectError("no name server is known", {
          operation: "look up",
          peer: name,
          kind: "name not found",
          hint: "--server names one",
        });
      },
      async (name, answers) => {
        for (const { type, value } of answers) {
          if (args.has("json")) await context.stdout.json({ name, type, value });
          else await table.row(name, type, formatRecord(value));
        }
      },
      context,
      "resolve",
      args,
    );
  },
};

function typesOf(args: Arguments): RecordType[] | undefined {
  return args.value("type")?.split(",").map((text) => {
    const type = TYPES.find((known) => known === text.toUpperCase());
    if (type !== undefined) return type;
    throw new UsageError(`--type takes ${TYPES.join(", ")}, not ${JSON.stringify(text)}`);
  });
}

async function serversOf(args: Arguments, host: Host): Promise<HostEndpoint[]> {
  const given = args.value("server");
  if (given !== undefined) {
    const endpoint = parseEndpoint(given, { defaultPort: 53, transport: "udp" });
    if ("path" in endpoint || !isIp(endpoint.hostname)) {
      throw new UsageError("--server takes the address of a name server, not its name");
    }
    return [endpoint];
  }
  return await systemNameServers(host);
}

/** Where our own end of a question is. */
function localSocket(server: string): string {
  return server.startsWith("[") ? "[::]:0" : "0.0.0.0:0";
}

async function* namesFrom(context: Context): AsyncGenerator<string> {
  const reader = new LineReader(context.stdin, { maxLineBytes: 4096 });
  for await (const line of reader.lines()) if (line.trim() !== "") yield line.trim();
}

function formatRecord(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map((piece) => JSON.stringify(piece)).join(" ");
  return Object.values(value as Record<string, unknown>).join(" ");
}
