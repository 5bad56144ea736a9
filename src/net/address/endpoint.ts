/**
 * Endpoints to connect to or listen on: parsed from user input, and printed the same way.
 *
 * @module
 */

import type { Address } from "../core/connection.ts";
import { escapeControls } from "../core/escape_controls.ts";
import { UsageError } from "../core/errors.ts";
import { formatIp, type IpAddress, parseIp, withoutZone } from "./ip.ts";

/** A TCP or UDP port of a host. */
export interface HostEndpoint {
  /** Which transport the port belongs to. */
  readonly transport: "tcp" | "udp";
  /** Host name in ASCII, or address without brackets. */
  readonly hostname: string;
  /** Port number, 0 to 65535; 0 only makes sense for listening. */
  readonly port: number;
}

/** A UNIX socket. */
export interface UnixEndpoint {
  /** Stream or datagram. */
  readonly transport: "unix" | "unixpacket";
  /** File system path. */
  readonly path: string;
}

/** Where to connect or listen. */
export type Endpoint = HostEndpoint | UnixEndpoint;

/** How TLS is used with an endpoint. */
export type TlsMode = "none" | "implicit" | "starttls";

/** What {@link parseEndpoint} assumes where the text is silent. */
export interface EndpointOptions {
  /** Port of a text without one; without this such a text is refused. */
  readonly defaultPort?: number | undefined;
  /** Host of a text such as `:21` or, for listening, of a lone port; without this they are refused. */
  readonly defaultHost?: string | undefined;
  /** Transport of the port. @default {"tcp"} */
  readonly transport?: "tcp" | "udp" | undefined;
}

/**
 * Reads an endpoint: `host:port`, `[v6]:port`, `v6`, `host`, `:port`, `unix:/path`. An address of a link may name its
 * interface: `[fe80::1%eth0]:port` (RFC 4007 §11), in URLs `[fe80::1%25eth0]` too (RFC 6874).
 *
 * @param text The user's input.
 * @param options What to assume where it is silent.
 * @returns The endpoint, its host in lower-case ASCII and its address in canonical form.
 * @throws {UsageError} If it is malformed; the message has the reason.
 *
 * @example An IPv6 address with a port
 * ```ts
 * import { formatEndpoint, parseEndpoint } from "@netwright/netwright/net";
 * const endpoint = parseEndpoint("[::1]:21");
 * if (formatEndpoint(endpoint) !== "[::1]:21") throw new Error("not the same");
 * ```
 */
export function parseEndpoint(text: string, options: EndpointOptions = {}): Endpoint {
  const transport = options.transport ?? "tcp";
  if (text.startsWith("unix:")) {
    const path = text.slice("unix:".length);
    if (path === "" || path.includes("\0")) throw bad(text, "the path of the socket is missing");
    if (!path.startsWith("/") && Deno.build.os !== "windows") {
      throw bad(text, "the path of a socket begins with a slash");
    }
    if (new TextEncoder().encode(path).length > MAX_PATH_BYTES) {
      throw bad(text, `the path of a socket has at most ${MAX_PATH_BYTES} bytes`);
    }
    return { transport: transport === "udp" ? "unixpacket" : "unix", path };
  }
  const [host, port] = split(text);
  const hostname = host === "" ? options.defaultHost : parseHost(host, text);
  if (hostname === undefined) throw bad(text, "the host is missing");
  return { transport, hostname, port: choosePort(port, text, options.defaultPort) };
}

function split(text: string): [host: string, port: string | undefined] {
  if (text.startsWith("[")) {
    const end = text.indexOf("]");
    const rest = text.slice(end + 1);
    if (end < 0 || (rest !== "" && !rest.startsWith(":"))) {
      throw bad(text, "an IPv6 address with a port is written [address]:port");
    }
    const address = text.slice(1, end);
    if (parseIp(withoutZone(address))?.version !== 6) {
      throw bad(text, "the brackets hold no IPv6 address");
    }
    return [address, rest === "" ? undefined : rest.slice(1)];
  }
  const colon = text.indexOf(":");
  if (colon < 0) return [text, undefined];
  if (text.includes(":", colon + 1)) {
    if (parseIp(withoutZone(text)) === undefined) {
      throw bad(text, "write host:port or [address]:port");
    }
    return [text, undefined];
  }
  return [text.slice(0, colon), text.slice(colon + 1)];
}

function choosePort(port: string | undefined, text: string, fallback: number | undefined): number {
  if (port === undefined) {
    if (fallback === undefined) throw bad(text, "the port is missing; write host:port");
    return fallback;
  }
  return parsePort(port);
}

/**
 * Reads a port number.
 *
 * @param text Decimal digits.
 * @returns 0 to 65535.
 * @throws {UsageError} If it is anything else.
 */
export function parsePort(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${quote(text)} is not a port number`);
  const port = Number(text);
  if (port > 65_535) throw new UsageError(`port ${port} is out of range; ports go up to 65535`);
  return port;
}

/** The system's limit, without the NUL behind it. */
const MAX_PATH_BYTES = 107;

/** Letters, digits and inner hyphens; underscores are seen in practice (RFC 1123 §2.1, RFC 2181 §11). */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

function parseHost(host: string, text: string): string {
  const address = parseIp(withoutZone(host));
  if (address !== undefined) return formatIp(address) + zoneOf(host, address, text);
  let ascii = host.toLowerCase();
  if (/[^\x00-\x7f]/.test(ascii)) {
    ascii = URL.canParse(`http://${host}/`) ? new URL(`http://${host}/`).hostname : "";
  }
  const labels = (ascii.endsWith(".") ? ascii.slice(0, -1) : ascii).split(".");
  // A name that ends in a number would be read as an address by some and as a name by others.
  const numeric = /^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "");
  if (numeric) {
    const isPort = /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
    const hint = isPort ? ` (a port alone is written :${text})` : "";
    throw bad(text, `it is no IPv4 address of four numbers from 0 to 255${hint}`);
  }
  if (ascii.length > 254 || !labels.every((label) => LABEL.test(label))) {
    throw bad(text, "it is not a host name");
  }
  return ascii;
}

/** Links' own addresses, one to one and one to many (RFC 4291 §2.4, §2.7). */
const LINK_LOCAL = [[0xfe80n, 0xffc0n], [0xff02n, 0xff0fn], [0xff01n, 0xff0fn]] as const;

/** The zone of an address with its sign; empty if it has none. */
function zoneOf(host: string, { value }: IpAddress, text: string): string {
  const sign = host.indexOf("%");
  if (sign < 0) return "";
  const zone = host.slice(sign + 1).replace(/^25(?=.)/, "");
  if (!/^[A-Za-z0-9_.-]{1,32}$/.test(zone)) {
    throw bad(text, "the zone is not the name of an interface");
  }
  const first = value >> 112n;
  if (!LINK_LOCAL.some(([prefix, mask]) => (first & mask) === prefix)) {
    throw bad(text, "only addresses of a link, such as fe80::1, have a zone");
  }
  return `%${zone}`;
}

function bad(text: string, reason: string): UsageError {
  return new UsageError(`bad endpoint ${quote(text)}: ${reason}`);
}

function quote(text: string): string {
  return `"${escapeControls(text, { maxLength: 80 })}"`;
}

/**
 * Prints an endpoint or an address as {@link parseEndpoint} reads it.
 *
 * @param endpoint An endpoint, or an address of a socket.
 * @returns `host:port`, `[v6]:port` or `unix:/path`.
 */
export function formatEndpoint(endpoint: Endpoint | Address): string {
  switch (endpoint.transport) {
    case "unix":
    case "unixpacket":
      return `unix:${endpoint.path ?? ""}`;
    case "vsock":
      return `vsock:${endpoint.cid}:${endpoint.port}`;
    default: {
      const { hostname, port } = endpoint;
      return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
    }
  }
}

/** The target of a URL or a bare endpoint. */
export interface Target {
  /** Where to connect. */
  readonly endpoint: Endpoint;
  /** The scheme in lower case; undefined if there was none. */
  readonly scheme: string | undefined;
  /** How TLS is used. */
  readonly tls: TlsMode;
  /** The user's name, decoded. */
  readonly username: string | undefined;
  /** The password, decoded. */
  readonly password: string | undefined;
  /** The path with query and fragment, still encoded, without its first slash; empty if there is none. */
  readonly path: string;
}

/** Every scheme with its port and its use of TLS. */
const SCHEMES: Readonly<Record<string, readonly [port: number | undefined, tls: TlsMode]>> = {
  tcp: [undefined, "none"],
  udp: [undefined, "none"],
  tls: [undefined, "implicit"],
  ftp: [21, "none"],
  "ftp+tls": [21, "starttls"],
  ftps: [990, "implicit"],
  telnet: [23, "none"],
  telnets: [992, "implicit"],
  smtp: [25, "none"],
  submission: [587, "starttls"],
  smtps: [465, "implicit"],
  submissions: [465, "implicit"],
  lmtp: [24, "none"],
  pop: [110, "none"],
  pop3: [110, "none"],
  pops: [995, "implicit"],
  pop3s: [995, "implicit"],
  imap: [143, "none"],
  imaps: [993, "implicit"],
  nntp: [119, "none"],
  news: [119, "none"],
  nntps: [563, "implicit"],
  snews: [563, "implicit"],
  http: [80, "none"],
  https: [443, "implicit"],
  finger: [79, "none"],
  daytime: [13, "none"],
  time: [37, "none"],
  echo: [7, "none"],
  discard: [9, "none"],
  qotd: [17, "none"],
  chargen: [19, "none"],
  chat: [undefined, "none"],
};

/** What {@link parseTarget} accepts. */
export interface TargetOptions extends EndpointOptions {
  /** Schemes that are accepted; all known ones if absent. */
  readonly schemes?: readonly string[] | undefined;
}

/**
 * Reads a URL or a bare endpoint.
 *
 * @param text `ftps://user:password@host:port/path`, or what {@link parseEndpoint} reads.
 * @param options What to accept, and what to assume where the text is silent.
 * @returns The target.
 * @throws {UsageError} If it is neither, or of a scheme that is not accepted.
 *
 * @example The scheme decides about port and TLS
 * ```ts
 * import { parseTarget } from "./endpoint.ts";
 * const { endpoint, tls, path } = parseTarget("ftps://ftp.example.org/pub/x");
 * if (endpoint.transport !== "tcp" || endpoint.port !== 990) throw new Error("wrong port");
 * if (tls !== "implicit" || path !== "pub/x") throw new Error("wrong reading");
 * ```
 */
export function parseTarget(text: string, options: TargetOptions = {}): Target {
  const mark = text.indexOf("://");
  if (mark < 0) {
    const [scheme] = options.schemes ?? [];
    if (scheme !== undefined && text.includes("/") && !text.startsWith("unix:")) {
      throw new UsageError(`a path requires a scheme: ${quote(`${scheme}://${text}`)}`);
    }
    return {
      endpoint: parseEndpoint(text, options),
      scheme: undefined,
      tls: "none",
      username: undefined,
      password: undefined,
      path: "",
    };
  }
  const scheme = text.slice(0, mark).toLowerCase();
  const known = Object.hasOwn(SCHEMES, scheme) ? SCHEMES[scheme] : undefined;
  if (known === undefined || options.schemes?.includes(scheme) === false) {
    const accepted = (options.schemes ?? Object.keys(SCHEMES)).map((name) => `${name}://`);
    throw new UsageError(
      `the scheme ${quote(scheme)} is not one of ${accepted.join(", ")}`,
    );
  }
  const [port, tls] = known;
  const rest = text.slice(mark + "://".length);
  const slash = rest.search(/[/?#]/);
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const at = authority.lastIndexOf("@");
  const [username, password] = splitUserinfo(at < 0 ? undefined : authority.slice(0, at), text);
  const endpoint = parseEndpoint(authority.slice(at + 1), {
    ...options,
    ...(scheme === "udp" && { transport: "udp" }),
    defaultPort: port ?? options.defaultPort,
  });
  const path = slash < 0 ? "" : rest.slice(rest[slash] === "/" ? slash + 1 : slash);
  return { endpoint, scheme, tls, username, password, path };
}

function splitUserinfo(
  userinfo: string | undefined,
  text: string,
): [username: string | undefined, password: string | undefined] {
  if (userinfo === undefined) return [undefined, undefined];
  // Parsers disagree about a second at sign or a backslash; they are never needed unencoded.
  if (/[@\\]/.test(userinfo)) throw new UsageError("a user name or password in a URL is encoded");
  const colon = userinfo.indexOf(":");
  try {
    return colon < 0 ? [decodeURIComponent(userinfo), undefined] : [
      decodeURIComponent(userinfo.slice(0, colon)),
      decodeURIComponent(userinfo.slice(colon + 1)),
    ];
  } catch {
    throw bad(
      text.slice(0, text.indexOf("://") + 3) + "…",
      "the user or password is badly encoded",
    );
  }
}

/**
 * Takes the brackets off an IPv6 address in a URL.
 *
 * @param hostname The host of a URL.
 * @returns The name or address.
 */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
