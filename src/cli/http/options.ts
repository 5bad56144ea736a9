/**
 * Options of commands that ask servers of the Web, and their capabilities.
 *
 * @module
 */

import { parseTarget, type Target, toByteString, union } from "../../net/internal.ts";
import {
  type Capabilities,
  exemptHosts,
  type HostEndpoint,
  parseProxy,
  UsageError,
} from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import {
  CONNECT_TIMEOUT_OPTION,
  CONNECTION_OPTIONS,
  TRUST_OPTIONS,
} from "../command/common_options.ts";
import type { Host } from "../command/host.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import {
  connectionCapabilities,
  type ConnectionOptions,
  connectionOptions,
} from "../connect/connecting.ts";
import {
  addressCapabilities,
  allowedCapabilities,
  distinct,
  reachable,
} from "./reachable_hosts.ts";
import { cookieFields, parseField, refuseControls } from "./request_fields.ts";
import {
  CREDENTIAL_OPTIONS,
  credentialCapabilities,
  type CredentialPlan,
  planCredentials,
} from "../login/credential_options.ts";

/** All commands of the Web have these. */
export const HTTP_OPTIONS: OptionSpecs = {
  header: { value: "NAME:VALUE", short: "H", many: true, help: "a header field of the request" },
  user: { ...CREDENTIAL_OPTIONS.user!, short: "u" },
  cookies: { value: "FILE", short: "b", help: "cookies are read from there, and kept" },
  proxy: { value: "URL", short: "x", help: "http://, https:// or socks5://HOST[:PORT]" },
  "allow-host": { value: "HOST", many: true, help: "may be asked too; '*' is any public one" },
  timeout: { value: "SECONDS", rare: true, help: "longest silence (default 60)" },
  "max-time": { value: "SECONDS", short: "m", help: "longest time for all of it" },
  retry: { value: "N", rare: true, help: "try again so often when that may help" },
  "max-redirects": { value: "N", rare: true, help: "follow so many (default 20); 0 for none" },
  "user-agent": { value: "TEXT", short: "A", rare: true, help: "value of the User-Agent field" },
  cookie: { value: "NAME=VALUE", many: true, rare: true, help: "a cookie of the request" },
  auth: {
    value: "SCHEME",
    rare: true,
    choices: ["any", "basic", "digest"],
    help: "how to log in (default any; basic is sent at once)",
  },
  "password-file": CREDENTIAL_OPTIONS["password-file"]!,
  "token-file": { value: "FILE", rare: true, help: "its first line is a bearer token" },
  netrc: CREDENTIAL_OPTIONS.netrc!,
  "insecure-auth": CREDENTIAL_OPTIONS["insecure-auth"]!,
  "no-proxy": { value: "HOST", many: true, rare: true, help: "reach it without the proxy" },
  "unix-socket": { value: "PATH", rare: true, help: "connect to this socket, whatever the URL" },
  http2: { rare: true, help: "HTTP/2, by the runtime's own client" },
  wire: { ...CONNECTION_OPTIONS.wire!, rare: true },
  ipv4: { ...CONNECTION_OPTIONS.ipv4!, rare: true },
  ipv6: { ...CONNECTION_OPTIONS.ipv6!, rare: true },
  ...CONNECT_TIMEOUT_OPTION,
  ...TRUST_OPTIONS,
  ca: { ...TRUST_OPTIONS.ca!, rare: true },
};

/** How servers are asked: data that is posted to the sandbox. */
export interface HttpPlan {
  /** How connections are made. */
  readonly connection: ConnectionOptions;
  /** Who logs in. */
  readonly credentials: CredentialPlan;
  /** By which scheme. */
  readonly scheme: "any" | "basic" | "digest";
  /** Fields of the requests. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** The value of `User-Agent`; the program's name if absent. */
  readonly userAgent: string | undefined;
  /** The file of cookies. */
  readonly cookies: string | undefined;
  /** The proxy. */
  readonly proxy: string | undefined;
  /** Hosts that are reached without it. */
  readonly noProxy: readonly string[];
  /** The socket that all connections are made to. */
  readonly unixSocket: string | undefined;
  /** Whether HTTP/2 is spoken. */
  readonly http2: boolean;
  /** Most redirects. */
  readonly maxRedirects: number;
  /** Hosts that redirects may lead to; `*` for all. */
  readonly allowedHosts: readonly string[];
  /** How often a request is tried again. */
  readonly retries: number;
  /** Longest time for all of a request, in milliseconds. */
  readonly maxTimeMs: number | undefined;
}

/** A resource. */
export interface WebTarget {
  /** The URL without user and password. */
  readonly url: string;
  /** Its parts, for logging in. */
  readonly target: Target;
}

/**
 * Reads an operand as a URL.
 *
 * @param text A URL of `http` or `https`, or one without a scheme, which is `http`.
 * @returns The resource.
 * @throws {UsageError} If it is none.
 */
export function parseWebUrl(text: string): WebTarget {
  const bare = text.trim();
  const full = /^[a-z][a-z\d+.-]*:\/\//i.test(bare) ? bare : `http://${bare}`;
  if (full.includes("\\")) throw new UsageError(`${JSON.stringify(text)}: a URL has no backslash`);
  let url: URL;
  try {
    url = new URL(full);
  } catch {
    throw new UsageError(`${JSON.stringify(text)} is not a URL`);
  }
  const target = parseTarget(full, { schemes: ["http", "https"] });
  url.username = url.password = "";
  return { url: url.href, target };
}

/**
 * Plans to ask servers.
 *
 * @param args The command line.
 * @param host Looks names up.
 * @param targets The resources.
 * @returns The plan, and its capabilities.
 * @throws {UsageError} If an option makes no sense.
 */
export async function planHttp(
  args: Arguments,
  host: Host,
  targets: readonly WebTarget[],
): Promise<{ readonly http: HttpPlan; readonly needs: Capabilities }> {
  const proxy = args.value("proxy");
  const parsedProxy = proxy === undefined ? undefined : parseProxy(proxy);
  const noProxy = args.values("no-proxy");
  const isExempt = exemptHosts(noProxy);
  const unixSocket = args.value("unix-socket");
  const http2 = args.has("http2");
  for (const name of ["proxy", "unix-socket"]) {
    if (http2 && args.has(name)) throw new UsageError(`--http2 and --${name} exclude each other`);
  }
  if (proxy !== undefined && unixSocket !== undefined) {
    throw new UsageError("--proxy and --unix-socket exclude each other");
  }
  const credentials = planCredentials(args);
  if (credentials.user?.includes(":") === true) {
    throw new UsageError("--user is a name only: --password-file or --netrc has the password");
  }
  const userAgent = args.value("user-agent");
  refuseControls(userAgent ?? "", "--user-agent");
  const allowedHosts = args.values("allow-host");
  const endpoints: HostEndpoint[] = [];
  for (const { url } of targets) {
    if (unixSocket !== undefined) continue;
    if (parsedProxy !== undefined && !isExempt(new URL(url))) endpoints.push(parsedProxy.endpoint);
    else endpoints.push(...reachable(url));
  }
  const needs = [
    // Time for looking names up is measured apart: by name, and then by address.
    args.has("timing") && unixSocket === undefined
      ? await addressCapabilities(host, endpoints)
      : {},
    await connectionCapabilities(
      args,
      host,
      unixSocket === undefined ? distinct(endpoints) : [{ transport: "unix", path: unixSocket }],
    ),
    unixSocket === undefined ? allowedCapabilities(allowedHosts) : {},
    cookieCapabilities(args.value("cookies")),
    ...targets.map(({ target }) => credentialCapabilities(credentials, target)),
  ].reduce((all, one) => union(all, one), {} as Capabilities);
  return {
    http: {
      connection: connectionOptions(args),
      credentials,
      scheme: (args.value("auth") ?? "any") as HttpPlan["scheme"],
      fields: [...args.values("header").map(parseField), ...cookieFields(args.values("cookie"))],
      userAgent: userAgent === undefined ? undefined : toByteString(userAgent),
      cookies: args.value("cookies"),
      proxy,
      noProxy,
      unixSocket,
      http2,
      maxRedirects: args.integer("max-redirects", { min: 0, max: 100, fallback: 20 }),
      allowedHosts,
      retries: args.integer("retry", { min: 0, max: 100, fallback: 0 }),
      maxTimeMs: args.has("max-time") ? args.milliseconds("max-time", 0) : undefined,
    },
    needs,
  };
}

function cookieCapabilities(file: string | undefined): Capabilities {
  if (file === undefined) return {};
  // It is replaced as a whole: a file beside it is written first.
  const folder = file.slice(0, file.lastIndexOf("/") + 1) || ".";
  return { read: [file, folder], write: [file, folder] };
}
