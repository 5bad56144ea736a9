/**
 * The hosts that take mail for a domain (RFC 5321 §5.1, RFC 7505).
 *
 * @module
 */

import {
  ConnectError,
  type HostEndpoint,
  isIp,
  lookUp,
  type Network,
  UnsupportedError,
} from "../../../net/mod.ts";

/** A domain that says that it takes no mail: its only exchanger is the root (RFC 7505). */
export class NullMxError extends UnsupportedError {}

/** How {@link mailExchangers} asks. */
export interface MailExchangersOptions {
  /** Where to look them up. @default {systemNetwork()} */
  readonly network?: Network | undefined;
  /** Maximum time in all, in milliseconds. @default {10_000} */
  readonly timeoutMs?: number | undefined;
  /** Name servers; the system's if absent. Only they distinguish "does not exist" from "not now" (RFC 5321 §5.1). */
  readonly servers?: readonly HostEndpoint[] | undefined;
  /** Aborting it gives up. */
  readonly signal?: AbortSignal | undefined;
  /** A number from 0 up to 1, by which hosts of one preference are mixed. @default {Math.random} */
  readonly random?: (() => number) | undefined;
}

/**
 * Finds the hosts that take mail for a domain.
 *
 * @param domain The domain, or an address in brackets.
 * @param options How to ask.
 * @returns Host names or addresses, the one to try first first; the domain itself if it names none.
 * @throws {NullMxError} If the domain takes no mail.
 * @throws {ConnectError} If there is no such domain.
 * @throws {DnsError} If the name server cannot say whether there is: the mail may be sent later.
 * @throws {TimeoutError} If no name server answers.
 *
 * @example Two hosts
 * ```ts
 * import { memoryNetwork } from "@netwright/netwright/net";
 * import { mailExchangers } from "@netwright/netwright/smtp";
 * const MX = [{ preference: 20, exchange: "b.example" }, { preference: 10, exchange: "a.example" }];
 * const network = memoryNetwork({ records: { "example.org": { MX } } });
 * const hosts = await mailExchangers("example.org", { network });
 * if (hosts.join() !== "a.example,b.example") throw new Error(hosts.join());
 * ```
 */
export async function mailExchangers(
  domain: string,
  options: MailExchangersOptions = {},
): Promise<string[]> {
  const { random = Math.random, ...lookUpOptions } = options;
  const literal = /^\[(?:IPv6:)?([^\]]+)\]$/i.exec(domain)?.[1];
  if (literal !== undefined) {
    if (isIp(literal)) return [literal];
    throw notFound(domain, "it is not the address of a host");
  }
  let records;
  try {
    const answers = await lookUp(domain, { ...lookUpOptions, types: ["MX"] });
    records = answers.flatMap((answer) => answer.type === "MX" ? [answer.value] : []);
  } catch (error) {
    if (!(error instanceof ConnectError && error.kind === "name not found")) throw error;
    // Without exchangers, the domain is its own if it has an address.
    await lookUp(domain, { ...lookUpOptions, types: ["A", "AAAA"] });
    return [domain];
  }
  const usable = records.filter(({ exchange }) => exchange !== "." && exchange !== "");
  if (usable.length === 0) {
    throw new NullMxError("the domain takes no mail (RFC 7505)", {
      operation: "find who takes mail",
      peer: domain,
    });
  }
  return usable
    .map((record) => ({ ...record, order: random() }))
    .sort((a, b) => a.preference - b.preference || a.order - b.order)
    .map(({ exchange }) => exchange);
}

function notFound(domain: string, reason: string): ConnectError {
  return new ConnectError(reason, {
    operation: "find who takes mail",
    peer: domain,
    kind: "name not found",
  });
}
