/**
 * Serves files over FTP (6.3 of the book's list).
 *
 * @module
 */

import { fromDocument } from "../core/document.ts";
import { type Capabilities, isLoopback, parseIp, UsageError } from "../../net/mod.ts";
import { parseUsers } from "../../stores/mod.ts";
import type { ServiceArguments, ServiceModule, ServiceOptions } from "../core/service.ts";
import type { FtpConfiguration } from "./_ftp_configuration.ts";

/** The ftp service. */
export const service: ServiceModule<FtpConfiguration> = {
  name: "ftp",
  summary: "share a folder over FTP (RFC 959, 3659, 4217)",
  port: 2121,
  startsTls: true,
  options: {
    root: { value: "DIR", help: "the files; in memory if absent" },
    users: {
      value: "FILE",
      help: "lines 'NAME: HASH' by netwright password",
      yaml: "text",
    },
    anonymous: { value: "HOW", help: "anyone may: no, read, write (default read)" },
    "passive-ports": { value: "FIRST-LAST", rare: true, help: "ports of data connections" },
    "public-address": { value: "IP", rare: true, help: "what PASV says, behind a router" },
    active: { value: "WHERE", rare: true, help: "connect for data (PORT) to: here, any" },
    fault: { value: "FAULT", rare: true, help: "for tests of clients, such as hang-after=1MiB" },
    "transfer-log": { value: "FILE", rare: true, help: "append a line for each transfer (JSON)" },
  },
  parse(args) {
    const { options, endpoint, tls, isSecure = false } = args;
    const anonymous = anonymousOf(options);
    return {
      root: options.root,
      users: usersOf(args),
      anonymous,
      mayWrite: options.users !== undefined || anonymous === "write",
      passivePorts: portsOf(options["passive-ports"]),
      publicAddress: addressOf(options["public-address"]),
      connectsAnywhere: connectsAnywhere(options),
      dataHost: endpoint !== undefined && "hostname" in endpoint ? endpoint.hostname : undefined,
      fault: options.fault,
      transferLog: options["transfer-log"],
      tls,
      isSecure,
    };
  },
  capabilities(configuration): Capabilities {
    const { root, mayWrite, transferLog } = configuration;
    const write = [mayWrite ? root : undefined, transferLog].filter((path) => path !== undefined);
    return {
      net: configuration.connectsAnywhere ? true : dataScope(configuration),
      ...(root !== undefined && { read: [root] }),
      ...(write.length > 0 && { write }),
    };
  },
  stream: async (configuration) => {
    return await (await import("./_ftp_service.ts")).ftpService(configuration);
  },
};

function usersOf(args: ServiceArguments): FtpConfiguration["users"] {
  return Object.fromEntries(fromDocument(args, "users", parseUsers) ?? []);
}

function anonymousOf({ anonymous = "read" }: ServiceOptions): "no" | "read" | "write" {
  if (anonymous === "no" || anonymous === "read" || anonymous === "write") return anonymous;
  throw new UsageError("--anonymous takes no, read or write");
}

function connectsAnywhere({ active = "here" }: ServiceOptions): boolean {
  if (active === "any" || active === "here") return active === "any";
  throw new UsageError("--active takes here or any");
}

/** Where data connections are made: any port of the address that is listened on, for ports have no ranges. */
function dataScope({ dataHost = "127.0.0.1", passivePorts }: FtpConfiguration): string[] {
  const written = dataHost.includes(":") ? `[${dataHost}]` : dataHost;
  return [passivePorts === undefined && !isLoopback(dataHost) ? `${written}:0` : written];
}

function addressOf(text: string | undefined): string | undefined {
  if (text === undefined || parseIp(text)?.version === 4) return text;
  throw new UsageError("--public-address takes an IPv4 address: PASV supports IPv4 only");
}

function portsOf(text: string | undefined): [first: number, last: number] | undefined {
  if (text === undefined) return undefined;
  const [first = 0, last = 0] = /^(\d{1,5})-(\d{1,5})$/.exec(text)?.slice(1).map(Number) ?? [];
  if (first >= 1024 && first <= last && last <= 65535) return [first, last];
  throw new UsageError("--passive-ports must be two ports from 1024, such as 50000-50100");
}
