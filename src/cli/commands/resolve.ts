/**
 * `netwright resolve`: names to addresses and back (3.1 of the book's list).
 *
 * @module
 */

import {
  cleanText,
  ConnectError,
  Deadline,
  type Endpoint,
  formatEndpoint,
  isIp,
  LineReader,
  type Network,
  parseEndpoint,
  parseIp,
  type RecordType,
  reverseName,
  UsageError,
} from "../../net/mod.ts";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import type { Host } from "../host.ts";
import { lookUpHosts, parseNameServers } from "../hosts_files.ts";
import { sideBySide } from "../side_by_side.ts";

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
const RESOLVER_FILE = "/etc/resolv.conf";

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
    return { net: servers, ...(files.length > 0 && { read: files }) };
  },
  async run(args, context) {
    const types = typesOf(args);
    const servers = await serversOf(args, context.host);
    const useFile = !args.has("server") && types === undefined;
    const hosts = useFile ? await context.host.readText(HOSTS_FILE) ?? "" : "";
    const timeoutMs = args.milliseconds("timeout", 10_000);
    return await sideBySide(
      args.operands.length > 0 ? args.operands : namesFrom(context),
      async (name) => {
        using deadline = new Deadline({ timeoutMs }, { operation: "look up", peer: show(name) });
        const local = lookUpHosts(hosts, name);
        return local.length > 0
          ? local
          : await lookUp(name, types, { network: context.network, servers, deadline });
      },
      async (name, answers) => {
        for (const { type, value } of answers) {
          if (args.has("json")) await context.stdout.json({ name, type, value });
          else await context.stdout.peerLine(`${name}\t${type}\t${formatRecord(value)}`);
        }
      },
      context,
      "resolve",
    );
  },
};

/** One record that was found. */
interface Answer {
  readonly type: RecordType;
  readonly value: unknown;
}

function typesOf(args: Arguments): RecordType[] | undefined {
  return args.value("type")?.split(",").map((text) => {
    const type = TYPES.find((known) => known === text.toUpperCase());
    if (type !== undefined) return type;
    throw new UsageError(`--type takes ${TYPES.join(", ")}, not ${JSON.stringify(text)}`);
  });
}

async function serversOf(args: Arguments, host: Host): Promise<Endpoint[]> {
  const given = args.value("server");
  if (given !== undefined) {
    const endpoint = parseEndpoint(given, { defaultPort: 53, transport: "udp" });
    if ("path" in endpoint || !isIp(endpoint.hostname)) {
      throw new UsageError("--server takes the address of a name server, not its name");
    }
    return [endpoint];
  }
  return parseNameServers(await host.readText(RESOLVER_FILE) ?? "")
    .map((hostname) => ({ transport: "udp", hostname, port: 53 }));
}

async function* namesFrom(context: Context): AsyncGenerator<string> {
  const reader = new LineReader(context.stdin, { maxLineBytes: 4096 });
  for await (const line of reader.lines()) if (line.trim() !== "") yield line.trim();
}

async function lookUp(
  name: string,
  types: readonly RecordType[] | undefined,
  { network, servers, deadline }: {
    readonly network: Network;
    readonly servers: readonly Endpoint[];
    readonly deadline: Deadline;
  },
): Promise<Answer[]> {
  const address = parseIp(name);
  const wanted = types ?? (address === undefined ? ["A", "AAAA"] as const : ["PTR"] as const);
  const asked = address === undefined ? checkName(name) : reverseName(address);
  if (servers.length === 0) throw notFound(name, "no name server is known; --server names one");
  const results = await Promise.allSettled(
    wanted.map((type) => ask(network, servers, asked, type, deadline)),
  );
  const answers = results.flatMap((result) => result.status === "fulfilled" ? result.value : []);
  if (answers.length > 0) return answers;
  const failures = results.flatMap((result) => result.status === "rejected" ? [result.reason] : []);
  // Whatever is worse than "there is none" is what the user must hear.
  throw failures.find((failure) => !isNotFound(failure)) ??
    notFound(name, types === undefined ? undefined : `no ${wanted.join(" or ")} record`);
}

async function ask(
  network: Network,
  servers: readonly Endpoint[],
  name: string,
  type: RecordType,
  deadline: Deadline,
): Promise<Answer[]> {
  let failure: unknown;
  for (const server of servers) {
    if ("path" in server) continue;
    try {
      const nameServer = { ipAddr: server.hostname, port: server.port };
      const asking = network.resolve(name, type, { nameServer, signal: deadline.signal });
      const records = await deadline.wait(asking, () => {});
      return records.map((value) => ({ type, value }));
    } catch (error) {
      failure = error;
      deadline.throwIfExpired();
      if (isNotFound(error)) break;
    }
  }
  throw failure;
}

/** Names in DNS hold at most 63 bytes in a label and 253 in all (RFC 1035 §2.3.4). */
function checkName(name: string): string {
  const labels = (name.endsWith(".") ? name.slice(0, -1) : name).split(".");
  const valid = name.length <= 254 && labels.every((label) => /^[\w-]{1,63}$/.test(label));
  if (!valid) throw notFound(name, "it is no name that the DNS could hold");
  return name;
}

function isNotFound(error: unknown): boolean {
  return error instanceof ConnectError && error.kind === "name not found";
}

function notFound(name: string, reason = "name not found"): ConnectError {
  return new ConnectError(reason, {
    operation: "look up",
    peer: show(name),
    kind: "name not found",
  });
}

function show(name: string): string {
  return cleanText(name, { maxLength: 300 });
}

function formatRecord(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map((piece) => JSON.stringify(piece)).join(" ");
  return Object.values(value as Record<string, unknown>).join(" ");
}
