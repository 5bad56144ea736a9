/**
 * Proxies of HTTP and SOCKS.
 *
 * @module
 */

import {
  formatEndpoint,
  type HostEndpoint,
  parseTarget,
  withoutBrackets,
} from "../address/endpoint.ts";
import { type IpAddress, parseIp } from "../address/ip.ts";
import { Netmask } from "../address/netmask.ts";
import { UsageError } from "../core/errors.ts";

/** A proxy. */
export interface ProxyServer {
  /** `http` and `https` forward requests, and connect for `https:` resources; `socks5` connects for all. */
  readonly kind: "http" | "https" | "socks5";
  /** Where it is. */
  readonly endpoint: HostEndpoint;
  /** Who uses it. */
  readonly credentials?: { readonly user: string; readonly password: string } | undefined;
}

const PORTS = { http: 8080, https: 443, socks5: 1080 } as const;

/**
 * Reads the address of a proxy.
 *
 * @param text `http://`, `https://`, `socks5://` or `socks5h://`, with a user and a password if it wants them; a bare
 * `host:port` is one of HTTP. Names are always looked up by the proxy.
 * @returns The proxy.
 * @throws {UsageError} If it is malformed.
 */
export function parseProxy(text: string): ProxyServer {
  const [, scheme = "http", rest = text] = /^([a-z][a-z\d+.-]*):\/\/(.*)$/i.exec(text) ?? [];
  const kind = { http: "http", https: "https", socks5: "socks5", socks5h: "socks5" }[
    scheme.toLowerCase()
  ] as ProxyServer["kind"] | undefined;
  if (kind === undefined) {
    throw new UsageError("a proxy is http://, https://, socks5:// or socks5h://, and a host");
  }
  if (/[^\x21-\x7e]/.test(text)) {
    throw new UsageError("the URL of a proxy holds a blank or a control");
  }
  // The ports of proxies are other ones than those of the schemes.
  const authority = rest.replace(/\/$/, "");
  const { endpoint, username, password, path } = parseTarget(
    /:\d+$/.test(authority) ? `http://${authority}` : `http://${authority}:${PORTS[kind]}`,
    { schemes: ["http"] },
  );
  if ("path" in endpoint || path !== "") throw new UsageError("a proxy has no path");
  return {
    kind,
    endpoint,
    ...(username !== undefined && username !== "" && {
      credentials: { user: username, password: password ?? "" },
    }),
  };
}

/**
 * Decides which hosts are reached without the proxy.
 *
 * @param patterns Names, which stand for all names below them too, addresses, networks such as `10.0.0.0/8`, or `*`.
 * @returns Whether a URL's host is one of them.
 * @throws {UsageError} If a pattern is malformed.
 */
export function exemptHosts(patterns: readonly string[]): (url: URL) => boolean {
  const networks = patterns.filter((one) => one.includes("/")).map(networkOf);
  const names = patterns.filter((one) => !one.includes("/") && one !== "")
    .map((one) => one.toLowerCase().replace(/^\*?\.(?=.)/, ""));
  return ({ hostname }) => {
    const bare = withoutBrackets(hostname);
    const address = parseIp(bare);
    if (address !== undefined && networks.some((holds) => holds(address))) return true;
    return names.some((name) =>
      name === "*" || bare === name || (address === undefined && bare.endsWith(`.${name}`))
    );
  };
}

function networkOf(text: string): (address: IpAddress) => boolean {
  const [first = "", length = ""] = text.split("/", 2);
  const base = parseIp(first);
  if (base === undefined) throw new UsageError(`${JSON.stringify(text)} is not a network`);
  const mask = Netmask.parse(length, base.version);
  return (address) => mask.sameNetwork(base, address);
}

/**
 * Names a proxy for people, without its password.
 *
 * @param proxy The proxy.
 * @returns Its scheme and where it is.
 */
export function describeProxy({ kind, endpoint }: ProxyServer): string {
  return `${kind}://${formatEndpoint(endpoint)}`;
}
