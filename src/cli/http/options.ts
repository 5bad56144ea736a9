/**
 * Options of commands that ask servers of the Web, and their capabilities.
 *
 * @module
 */

import { parseTarget, patternsFor, type Target, union } from "../../net/internal.ts";
import {
  type Capabilities,
  exemptHosts,
  type HostEndpoint,
  isIp,
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
    help: "any (default), basic at once, or digest",
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
      userAgent: userAgent === undefined ? undefined : inBytes(userAgent),
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

/** The server of a URL, and where servers usually send their visitors on: to TLS, and to or from `www`. */
function reachable(text: string): HostEndpoint[] {
  const url = new URL(text);
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? url.protocol === "https:" ? 443 : 80 : Number(url.port);
  const own: HostEndpoint = { transport: "tcp", hostname, port };
  if (url.port !== "") return [own];
  const sister = sisterOf(hostname);
  const names = sister === undefined ? [hostname] : [hostname, sister];
  const ports = url.protocol === "https:" ? [443] : [80, 443];
  return names.flatMap((name) => ports.map((port) => ({ ...own, hostname: name, port })));
}

/**
 * Gives the name that a site often has beside its own.
 *
 * @param hostname The host of a URL.
 * @returns It with, or without, `www.`; undefined if it is an address or a name without a dot.
 */
export function sisterOf(hostname: string): string | undefined {
  if (isIp(hostname) || !hostname.includes(".")) return undefined;
  return hostname.startsWith("www.") ? hostname.slice(4) : `www.${hostname}`;
}

async function addressCapabilities(
  host: Host,
  endpoints: readonly HostEndpoint[],
): Promise<Capabilities> {
  const net: string[] = [];
  for (const endpoint of endpoints) {
    if (isIp(endpoint.hostname)) continue;
    const addresses = await host.lookUp(endpoint.hostname).catch(() => []);
    net.push(endpoint.hostname);
    for (const hostname of addresses) net.push(...patternsFor({ ...endpoint, hostname }));
  }
  return net.length === 0 ? {} : { net };
}

function distinct(endpoints: readonly HostEndpoint[]): HostEndpoint[] {
  return [...new Map(endpoints.map((one) => [`${one.hostname} ${one.port}`, one])).values()];
}

function allowedCapabilities(hosts: readonly string[]): Capabilities {
  if (hosts.includes("*")) return { net: true };
  const net = hosts.flatMap((text) => {
    const [, bare = text, port] = /^(.*?)(?::(\d{1,5}))?$/.exec(text) ?? [];
    const { endpoint } = parseTarget(`http://${bare}:${port ?? 80}`, { schemes: ["http"] });
    if ("path" in endpoint) throw new UsageError("--allow-host takes a host, or host:port");
    // Without a port it is all of the host.
    return port === undefined
      ? [endpoint.hostname.includes(":") ? `[${endpoint.hostname}]` : endpoint.hostname]
      : patternsFor(endpoint);
  });
  return net.length === 0 ? {} : { net };
}

function cookieCapabilities(file: string | undefined): Capabilities {
  if (file === undefined) return {};
  // It is replaced as a whole: a file beside it is written first.
  const folder = file.slice(0, file.lastIndexOf("/") + 1) || ".";
  return { read: [file, folder], write: [file, folder] };
}

function parseField(text: string): [string, string] {
  // A semicolon at the end is how curl has a field without a value.
  const isEmpty = /^[^:;]+;$/.test(text);
  const colon = isEmpty ? text.length - 1 : text.indexOf(":");
  if (colon <= 0) {
    throw new UsageError("--header takes NAME:VALUE; NAME: leaves it out, NAME; sends it empty");
  }
  const name = text.slice(0, colon).trim();
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) {
    throw new UsageError(`--header: ${JSON.stringify(name)} is not the name of a field`);
  }
  const value = text.slice(colon + 1).trim();
  refuseControls(value, `--header ${name}`);
  return [name, isEmpty ? " " : inBytes(value)];
}

function refuseControls(value: string, what: string): void {
  // deno-lint-ignore no-control-regex -- just these must not be there
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) {
    throw new UsageError(`${what} holds a control character or an end of line`);
  }
}

/** Values of fields have a character for each byte; what the user types is UTF-8. */
function inBytes(value: string): string {
  let bytes = "";
  for (const byte of new TextEncoder().encode(value)) bytes += String.fromCharCode(byte);
  return bytes;
}

function cookieFields(cookies: readonly string[]): [string, string][] {
  if (cookies.length === 0) return [];
  const pairs = cookies.flatMap((one) => one.split(/;\s*/)).filter((one) => one !== "");
  const wrong = pairs.find((one) => !/^[^=;,\s]+=[^;]*$/.test(one));
  if (wrong !== undefined) throw new UsageError("--cookie takes NAME=VALUE");
  for (const pair of pairs) refuseControls(pair, "--cookie");
  return [["Cookie", pairs.map(inBytes).join("; ")]];
}
