/**
 * `netwright resolve`: names to addresses and back (3.1 of the book's list).
 *
 * @module
 */

import {
  formatEndpoint,
  type HostEndpoint,
  isIp,
  isRecordType,
  parseEndpoint,
  UsageError,
} from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";
import type { Host } from "../../command/host.ts";
import { nameServerEndpoints, RESOLVER_FILE, resolverSettings } from "../../connect/hosts_files.ts";

export const HOSTS_FILE = "/etc/hosts";

/** The command. */
export const command = commandByArguments({
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
});

export function typesOf(args: Arguments): string[] | undefined {
  return args.value("type")?.split(",").map((text) => {
    if (isRecordType(text)) return text.toUpperCase();
    throw new UsageError(
      `--type takes record types by name or number, such as MX or 65, not ${JSON.stringify(text)}`,
    );
  });
}

export async function settingsOf(args: Arguments, host: Host): Promise<{
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
