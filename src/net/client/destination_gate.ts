/**
 * The one gate for destinations that a peer names: a PASV address, a redirect, a sitemap, MX, SRV.
 *
 * @module
 */

import { type Capabilities, covers, toFlag } from "../scope/capabilities.ts";
import { escapeControls } from "../core/escape_controls.ts";
import { formatEndpoint, type HostEndpoint } from "../address/endpoint.ts";
import { CapabilityError } from "../core/errors.ts";
import { type IpScope, ipScope, parseIp } from "../address/ip.ts";
import type { Connection } from "../core/connection.ts";
import type { WaitOptions } from "../core/deadline.ts";
import { dial } from "./dial.ts";
import { dialAddresses } from "../connect/happy_eyeballs.ts";
import { lookUp } from "./look_up.ts";
import type { Network } from "../core/network.ts";

/** Kinds of address that a peer may not send us to unless the user named them. */
const INNER: readonly IpScope[] = [
  "unspecified",
  "loopback",
  "private",
  "shared",
  "link-local",
  "multicast",
  "broadcast",
  "reserved",
];

/** The rules of a {@link DestinationGate}. */
export interface DestinationGateOptions {
  /** The scope; only its `net` matters. */
  readonly capabilities: Capabilities;
  /** Hosts that the user named, in any kind of network. */
  readonly named?: readonly string[];
}

/**
 * Decides where a peer may send us: inside the scope; to loopback, private and other inner addresses
 * only if the user named them. A name is looked up here and the address is what gets connected to, so
 * that a second look-up cannot give another answer (DNS rebinding).
 *
 * @example A server names an inner address
 * ```ts
 * import { CapabilityError, DestinationGate, memoryNetwork } from "@netwright/netwright/net";
 * const gate = new DestinationGate({ capabilities: { net: true }, named: ["ftp.example.org"] });
 * const endpoint = { transport: "tcp", hostname: "127.0.0.1", port: 25 } as const;
 * const refused = await gate.admit(endpoint, memoryNetwork()).catch((error) => error);
 * if (!(refused instanceof CapabilityError)) throw new Error("was let through");
 * ```
 */
export class DestinationGate {
  readonly #capabilities: Capabilities;
  readonly #named: ReadonlySet<string>;

  /**
   * Makes the gate of one command.
   * @param options The scope, and the destinations that the user named.
   */
  constructor(options: DestinationGateOptions) {
    this.#capabilities = options.capabilities;
    this.#named = new Set((options.named ?? []).map((host) => host.toLowerCase()));
  }

  /**
   * Lets a destination through, or refuses it before anything is sent.
   * @param destination The destination that the peer named.
   * @param network Where its name is looked up.
   * @param signal Aborting it gives up.
   * @returns Where to connect: the destination itself if the user named it, else an address.
   * @throws {CapabilityError} If it is out of scope, or an inner address.
   * @throws {ConnectError} If its name is not found.
   */
  async admit(
    destination: HostEndpoint,
    network: Network,
    signal?: AbortSignal,
  ): Promise<HostEndpoint> {
    const [hostname = destination.hostname] = await this.#addresses(destination, network, signal);
    return { ...destination, hostname };
  }

  /**
   * Connects to a TCP destination that is let through, at whichever of its addresses answers first.
   * @param destination The destination that the peer named.
   * @param network Where its name is looked up, and where to connect.
   * @param options Longest time (default 30 seconds) and signal.
   * @returns The connection.
   * @throws {CapabilityError} If it is out of scope, or has an inner address.
   * @throws {ConnectError|TimeoutError} If it cannot be reached.
   */
  async connect(
    destination: HostEndpoint,
    network: Network,
    options: WaitOptions = {},
  ): Promise<Connection> {
    const addresses = await this.#addresses(destination, network, options.signal);
    return addresses.length === 0
      ? await dial(destination, { network, ...options })
      : await dialAddresses(network, addresses, destination.port, options);
  }

  /** The addresses that may be connected to; none if the user named the host, which may be by its name. */
  async #addresses(
    destination: HostEndpoint,
    network: Network,
    signal?: AbortSignal,
  ): Promise<string[]> {
    const pattern = formatEndpoint(destination);
    if (!covers(this.#capabilities, { net: [pattern] })) throw refusal("out of scope", pattern);
    const hostname = destination.hostname.toLowerCase().replace(/\.$/, "");
    if (this.#named.has(hostname)) return [];
    const addresses = parseIp(hostname) === undefined
      ? await addressesOf(hostname, network, signal)
      : [hostname];
    for (const address of addresses) this.#refuseInner(address, pattern);
    return addresses;
  }

  #refuseInner(text: string, pattern: string): void {
    if (this.#named.has(text)) return;
    const address = parseIp(text);
    const kind = address === undefined ? "reserved" : ipScope(address);
    if (INNER.includes(kind)) throw refusal(`the peer named a ${kind} address`, pattern);
  }
}

async function addressesOf(
  hostname: string,
  network: Network,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const answers = await lookUp(hostname, { network, types: ["A", "AAAA"], signal });
  return answers.flatMap((answer) =>
    answer.type === "A" || answer.type === "AAAA" ? [answer.value] : []
  );
}

function refusal(reason: string, pattern: string): CapabilityError {
  const peer = escapeControls(pattern, { maxLength: 300 });
  return new CapabilityError(reason, {
    operation: "go where the peer says",
    peer,
    flag: toFlag({ kind: "net", pattern: peer }),
    hint: "name the host yourself if you mean it",
  });
}
