/**
 * `netwright resolve`: names to addresses and back (3.1 of the book's list).
 *
 * @module
 */

import {
  ConnectError,
  findRecords,
  formatEndpoint,
  type HostEndpoint,
  isIp,
  isRecordType,
  jsonLine,
  LineReader,
  parseEndpoint,
  UsageError,
} from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import type { Context } from "../../command/context.ts";
import type { Host } from "../../command/host.ts";
import {
  lookUpHosts,
  nameServerEndpoints,
  RESOLVER_FILE,
  resolverSettings,
} from "../../connect/hosts_files.ts";
import { sideBySide } from "../../connect/side_by_side.ts";
import { Table } from "../../terminal/table.ts";

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
    "addresses their names. /etc/hosts is read first, unless --server or --type is given. Short names\n" +
    "are completed by the search domains of /etc/resolv.conf, unless --server is given or the name\n" +
    "ends with a dot. A type is a name such as MX, TXT, SRV, CAA, TLSA, HTTPS or ANY, or a number.\n" +
    "Prints NAME, TYPE and value with tabs between, in the order of the input.",
  options: {
    type: { short: "t", value: "TYPE,…", help: "record types, by name or number (default A,AAAA)" },
    server: { value: "ADDRESS[:PORT]", help: "ask this name server, not the system's" },
    search: {
      value: "DOMAIN,…",
      rare: true,
      help: "complete short names by these domains; '' for none",
    },
    short: { help: "print values only" },
    ttl: { help: "print the time to live in seconds before the value" },
    timeout: { value: "SECONDS", help: "longest wait for each name (default 10)" },
  },
  async capabilities(args, host) {
    const types = typesOf(args);
    const servers = (await settingsOf(args, host)).servers.map(formatEndpoint);
    const files = args.has("server")
      ? []
      : types === undefined
      ? [HOSTS_FILE, RESOLVER_FILE]
      : [RESOLVER_FILE];
    const net = servers.length === 0 ? [] : [...servers, ...servers.map(localSocket)];
    return { net, ...(files.length > 0 && { read: files }) };
  },
  async run(args, context) {
    const types = typesOf(args);
    const settings = await settingsOf(args, context.host);
    const useFile = !args.has("server") && types === undefined;
    const hosts = useFile ? await context.host.readText(HOSTS_FILE) ?? "" : "";
    const timeoutMs = args.milliseconds("timeout", 10_000);
    const longest = Math.max(0, ...args.operands.map((name) => name.length));
    const showsTtl = args.has("ttl");
    const table = new Table(context.stdout, {
      headings: ["NAME", "TYPE", ...(showsTtl ? ["TTL"] : []), "VALUE"],
      widths: [longest, 5],
    });
    return await sideBySide(
      args.operands.length > 0 ? args.operands : namesFrom(context),
      async (asked): Promise<{ readonly name: string; readonly records: readonly Found[] }> => {
        const local = lookUpHosts(hosts, asked);
        if (local.length > 0) return { name: asked, records: local };
        if (settings.servers.length > 0) {
          return await findRecords(context.network, asked, { types, ...settings, timeoutMs });
        }
        throw new ConnectError("no name server is known", {
          operation: "look up",
          peer: asked,
          kind: "name not found",
          hint: "--server names one",
        });
      },
      async (asked, { name, records }) => {
        const isSearched = name.length > asked.length && name.startsWith(`${asked}.`);
        const shown = isSearched ? name : asked;
        for (const { type, ttl, value, aliases = [] } of records) {
          if (args.has("json")) {
            const more = aliases.length > 0 ? { aliases } : {};
            await context.stdout.json({ name: shown, type, ttl, value, ...more });
            continue;
          }
          const seconds = showsTtl ? [ttl ?? "-"] : [];
          const text = formatRecord(type, value);
          if (args.has("short")) await context.stdout.line([...seconds, text].join("\t"));
          else {
            await table.row(shown, type, ...seconds, text);
          }
        }
      },
      context,
      "resolve",
      args,
    );
  },
};

/** A record of a name server, or of /etc/hosts, which knows less. */
interface Found {
  readonly type: string;
  readonly ttl?: number;
  readonly value: unknown;
  readonly aliases?: readonly string[];
}

function typesOf(args: Arguments): string[] | undefined {
  return args.value("type")?.split(",").map((text) => {
    if (isRecordType(text)) return text.toUpperCase();
    throw new UsageError(
      `--type takes record types by name or number, such as MX or 65, not ${JSON.stringify(text)}`,
    );
  });
}

async function settingsOf(args: Arguments, host: Host): Promise<{
  readonly servers: readonly HostEndpoint[];
  readonly search: readonly string[];
  readonly ndots: number;
}> {
  const search = args.value("search")?.split(",").filter((domain) => domain !== "");
  const given = args.value("server");
  if (given !== undefined) {
    const endpoint = parseEndpoint(given, { defaultPort: 53, transport: "udp" });
    if ("path" in endpoint || !isIp(endpoint.hostname)) {
      throw new UsageError("--server takes the address of a name server, not its name");
    }
    return { servers: [endpoint], search: search ?? [], ndots: 1 };
  }
  const settings = await resolverSettings(host);
  return {
    servers: nameServerEndpoints(settings),
    search: search ?? settings.search,
    ndots: settings.ndots,
  };
}

/** Where our own end of a question is. */
function localSocket(server: string): string {
  return server.startsWith("[") ? "[::]:0" : "0.0.0.0:0";
}

async function* namesFrom(context: Context): AsyncGenerator<string> {
  const reader = new LineReader(context.stdin, { maxLineBytes: 4096 });
  for await (const line of reader.lines()) if (line.trim() !== "") yield line.trim();
}

/** Fields whose texts zone files write in quotes; a name server may put anything into them. */
const QUOTED: Readonly<Record<string, readonly string[]>> = {
  CAA: ["value"],
  NAPTR: ["flags", "services", "regexp"],
  URI: ["target"],
};

/** A value as zone files write it, in one line. */
function formatRecord(type: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(jsonLine).join(" ");
  return Object.entries(value as Record<string, unknown>).map(([field, content]) => {
    if (field === "critical") return content === true ? 128 : 0;
    const isBare = typeof content !== "string" ||
      QUOTED[type]?.includes(field) !== true && /^[!-~]*$/.test(content);
    return isBare ? content : jsonLine(content);
  }).join(" ");
}
