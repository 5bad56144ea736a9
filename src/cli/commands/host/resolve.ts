/**
 * `netwright resolve`: names to addresses and back (3.1 of the book's list).
 *
 * @module
 */

import { isRecordType } from "../../../net/internal.ts";
import {
  formatEndpoint,
  type HostEndpoint,
  isIp,
  parseEndpoint,
  UsageError,
} from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import type { Host } from "../../command/host.ts";
import { nameServerEndpoints, RESOLVER_FILE, resolverSettings } from "../../connect/hosts_files.ts";

export const HOSTS_FILE = "/etc/hosts";

/** The names, the name servers, and the form of the output. */
export interface ResolvePlan {
  /** Names and addresses; those of standard input if there are none. */
  readonly names: readonly string[];
  /** Types of records; those of addresses if absent. */
  readonly types: readonly string[] | undefined;
  /** Name servers. */
  readonly servers: readonly HostEndpoint[];
  /** Domains that complete short names. */
  readonly search: readonly string[];
  /** Dots from which a name is not short. */
  readonly ndots: number;
  /** Whether /etc/hosts is read first. */
  readonly usesHostsFile: boolean;
  /** Whether /etc/resolv.conf named the servers. */
  readonly usesResolverFile: boolean;
  /** Whether only values are shown. */
  readonly short: boolean;
  /** Whether the time to live is shown. */
  readonly ttl: boolean;
  /** Longest wait for each name, in milliseconds. */
  readonly timeoutMs: number;
}

/** The command. */
export const command: Command<ResolvePlan> = {
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
  async plan(args, host) {
    const types = typesOf(args);
    return {
      names: args.operands,
      types,
      ...await settingsOf(args, host),
      usesHostsFile: !args.has("server") && types === undefined,
      usesResolverFile: !args.has("server"),
      short: args.has("short"),
      ttl: args.has("ttl"),
      timeoutMs: args.milliseconds("timeout", 10_000),
    };
  },
  capabilities({ servers, usesHostsFile, usesResolverFile }) {
    const written = servers.map(formatEndpoint);
    const read = [
      ...usesHostsFile ? [HOSTS_FILE] : [],
      ...usesResolverFile ? [RESOLVER_FILE] : [],
    ];
    return {
      net: [...written, ...written.map(localSocket)],
      ...(read.length > 0 && { read }),
    };
  },
};

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
