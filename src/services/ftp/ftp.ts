/**
 * Serves files over FTP (6.3 of the book's list).
 *
 * @module
 */

import {
  asShown,
  type Capabilities,
  isLoopback,
  jsonLine,
  parseIp,
  systemNetwork,
  UsageError,
} from "../../net/mod.ts";
import { type FtpUser, isAnonymous, parseFtpFaults, serveFtp } from "../../protocols/ftp/mod.ts";
import {
  AppendedLines,
  checkUser,
  DiskTree,
  type FileTree,
  MemoryTree,
  parseUsers,
  requireFolder,
  type StoredUsers,
} from "../../stores/mod.ts";
import { describeError } from "../core/error_text.ts";
import type { ServiceModule, ServiceOptions } from "../core/service.ts";

/** The ftp service. */
export const service: ServiceModule = {
  name: "ftp",
  summary: "serve files (RFC 959, 3659, 4217)",
  port: 2121,
  startsTls: true,
  options: {
    root: { value: "DIR", help: "the files; in memory if absent" },
    users: { value: "FILE", help: "names and hashed passwords, in YAML", yaml: true },
    anonymous: { value: "HOW", help: "anyone may: no, read, write (default read)" },
    "passive-ports": { value: "FIRST-LAST", rare: true, help: "ports of data connections" },
    "public-address": { value: "IP", rare: true, help: "what PASV says, behind a router" },
    active: { value: "WHERE", rare: true, help: "connect for data (PORT) to: here, any" },
    fault: { value: "FAULT", rare: true, help: "for tests of clients, such as hang-after=1MiB" },
    "transfer-log": { value: "FILE", rare: true, help: "append a line for each transfer (JSON)" },
  },
  optionsAt: (endpoint) => "hostname" in endpoint ? { "data-host": endpoint.hostname } : {},
  capabilities: ({ root, "transfer-log": log, ...options }): Capabilities => ({
    net: connectsAnywhere(options) ? true : dataScope(options),
    ...(root !== undefined && { read: [root] }),
    ...writing(root, log, options),
  }),
  async stream({ root, ...options }) {
    if (root !== undefined) await requireFolder(root);
    const tree: FileTree = root === undefined
      ? new MemoryTree()
      : new DiskTree(root, { guarded: true });
    const authenticate = authenticator(tree, options);
    const publicAddress = options["public-address"];
    if (publicAddress !== undefined && parseIp(publicAddress)?.version !== 4) {
      throw new UsageError("--public-address takes an IPv4 address: PASV supports IPv4 only");
    }
    const passivePorts = parsePorts(options["passive-ports"]);
    const { "data-host": dataHost, "transfer-log": log, "tls-cert": cert, "tls-key": key } =
      options;
    const faults = options.fault === undefined ? [] : parseFtpFaults(options.fault);
    const isActive = connectsAnywhere(options) || dataHost === undefined ||
      isLoopback(dataHost);
    const network = systemNetwork();
    const lines = log === undefined ? undefined : new AppendedLines(log);
    return {
      name: "ftp",
      busy: new TextEncoder().encode("421 Too many clients. Try again in a moment.\r\n"),
      async handle(connection, context): Promise<void> {
        const { remoteAddr } = connection;
        const client = "hostname" in remoteAddr ? remoteAddr.hostname : remoteAddr.transport;
        try {
          await serveFtp(connection, {
            network,
            authenticate,
            dataHost,
            passivePorts,
            publicAddress,
            active: isActive,
            tls: cert !== undefined && key !== undefined ? { cert, key } : undefined,
            isSecure: options["tls-implicit"] !== undefined,
            faults,
            traffic: context.traffic,
            signal: context.signal,
            beforeClosing: (say) => context.beforeClosing?.(say),
            onBusy: context.touch,
            onError: (error) => context.log?.(asShown(describeError(error))),
            onTransfer(record) {
              lines?.add(jsonLine({ time: context.now().toISOString(), client, ...record }));
              const { user, verb, path, bytes, complete } = record;
              const how = complete ? "" : " (incomplete)";
              context.log?.(`${asShown(user)} ${verb} ${asShown(path)} ${bytes}${how}`);
            },
          });
        } finally {
          // A process that serves this connection alone ends with it.
          lines?.flush();
        }
      },
    };
  },
};

function anonymousOf({ anonymous = "read" }: ServiceOptions): "no" | "read" | "write" {
  if (anonymous === "no" || anonymous === "read" || anonymous === "write") return anonymous;
  throw new UsageError("--anonymous takes no, read or write");
}

function connectsAnywhere({ active = "here" }: ServiceOptions): boolean {
  if (active === "any" || active === "here") return active === "any";
  throw new UsageError("--active takes here or any");
}

function writing(root: string | undefined, log: string | undefined, options: ServiceOptions) {
  const paths = [root !== undefined && mayWrite(options) ? root : undefined, log];
  const write = paths.filter((path) => path !== undefined);
  return write.length === 0 ? {} : { write };
}

function mayWrite(options: ServiceOptions): boolean {
  return options.users !== undefined || anonymousOf(options) === "write";
}

function usersOf({ users }: ServiceOptions): StoredUsers {
  return users === undefined ? new Map() : parseUsers(JSON.parse(users));
}

function authenticator(
  tree: FileTree,
  options: ServiceOptions,
): (name: string, password: string) => Promise<FtpUser | undefined> {
  const anonymous = anonymousOf(options);
  const users = usersOf(options);
  return async (name, password) => {
    if (isAnonymous(name)) {
      return anonymous === "no" ? undefined : { tree, canWrite: anonymous === "write" };
    }
    const user = await checkUser(users, name, password);
    return user === undefined ? undefined : { tree, canWrite: user.write ?? true };
  };
}

/** Where data connections are made: any port of the address that is listened on, for ports have no ranges. */
function dataScope(
  { "data-host": host = "127.0.0.1", "passive-ports": ports }: ServiceOptions,
): string[] {
  const written = host.includes(":") ? `[${host}]` : host;
  return [ports === undefined && !isLoopback(host) ? `${written}:0` : written];
}

function parsePorts(text: string | undefined): [first: number, last: number] | undefined {
  if (text === undefined) return undefined;
  const [first = 0, last = 0] = /^(\d{1,5})-(\d{1,5})$/.exec(text)?.slice(1).map(Number) ?? [];
  if (first >= 1024 && first <= last && last <= 65535) return [first, last];
  throw new UsageError("--passive-ports wants two ports from 1024, such as 50000-50100");
}
