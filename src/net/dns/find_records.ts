/**
 * Records of any type from name servers, with time to live and aliases.
 *
 * @module
 */

import { dnsTypeName, dnsTypeNumber } from "./dns_types.ts";
import { askInTurn, gather, isNotFound, toDnsName } from "./name_servers.ts";
import { escapeControls } from "../core/escape_controls.ts";
import { Deadline, type WaitOptions } from "../core/deadline.ts";
import type { HostEndpoint } from "../address/endpoint.ts";
import { ConnectError } from "../core/errors.ts";
import { parseIp, reverseName } from "../address/ip.ts";
import type { Network } from "../core/network.ts";

/** A record that {@link findRecords} found. */
export interface FoundRecord {
  /** Name of its type; `TYPE` and a number if it has none here (RFC 3597). */
  readonly type: string;
  /** Time to live in seconds. */
  readonly ttl: number;
  /** Its data: a text, texts, or an object of its fields; `\# LENGTH HEX` for types of unknown form. */
  readonly value: unknown;
  /** Names that the one in question stands for, in order; of the last one the record is. */
  readonly aliases: readonly string[];
}

/** How {@link findRecords} asks. */
export interface FindRecordsOptions extends WaitOptions {
  /** Types by name or number, such as `MX`, `TYPE65` or `65`. @default {A and AAAA of a name, PTR of an address} */
  readonly types?: readonly string[] | undefined;
  /** Name servers, the one to ask first first. */
  readonly servers: readonly HostEndpoint[];
  /** Domains that are tried behind a name that does not end with a dot. @default {none} */
  readonly search?: readonly string[] | undefined;
  /** Minimum number of dots of a name that is tried unchanged before the search domains. @default {1} */
  readonly ndots?: number | undefined;
}

/**
 * Whether a text names a record type that can be asked for.
 *
 * @param text A name such as `MX`, a number, or `TYPE` and a number; in any case.
 * @returns Whether it does.
 */
export function isRecordType(text: string): boolean {
  return dnsTypeNumber(text) !== undefined;
}

/**
 * Asks name servers for records. All types are asked for at once; the next server is asked if one does not answer
 * within some seconds, or fails.
 *
 * @param network Where.
 * @param name A name, or an address whose names are wanted.
 * @param options Record types and servers; maximum time in all (default 10 seconds) and signal.
 * @returns The full name that has them, and the records by type in the order of asking; at least one.
 * @throws {ConnectError} With kind `name not found` if there is none.
 * @throws {DnsError} If the servers cannot or will not say.
 * @throws {TimeoutError} If no server answered in time.
 *
 * @example The addresses of a name
 * ```ts
 * import { findRecords } from "./find_records.ts";
 * import { type Network } from "@netwright/netwright/net";
 * async function ttl(network: Network, name: string): Promise<number> {
 *   const server = { transport: "udp", hostname: "192.0.2.53", port: 53 } as const;
 *   const { records } = await findRecords(network, name, { servers: [server] });
 *   return records[0]!.ttl;
 * }
 * ```
 */
export async function findRecords(
  network: Pick<Network, "connect" | "listenDatagram">,
  name: string,
  options: FindRecordsOptions,
): Promise<{ readonly name: string; readonly records: readonly FoundRecord[] }> {
  const { servers, timeoutMs = 10_000, signal } = options;
  const address = parseIp(name);
  const types = options.types ?? (address === undefined ? ["A", "AAAA"] : ["PTR"]);
  const shown = escapeControls(name, { maxLength: 300 });
  using deadline = new Deadline({ signal, timeoutMs }, { operation: "look up", peer: shown });
  const candidates = address === undefined ? candidatesOf(name, options) : [reverseName(address)];
  const { queryDns } = await import("./dns_query.ts");
  let worse: unknown;
  let missing: ConnectError | undefined;
  for (const candidate of candidates) {
    const asked = toDnsName(candidate);
    if (asked === undefined) continue;
    try {
      const found = await gather(types.map(async (type) => {
        const number = dnsTypeNumber(type);
        if (number === undefined) throw new RangeError(`unknown record type ${type}`);
        const { records, aliases } = await askInTurn(
          servers,
          deadline,
          (server, attempt) => queryDns(network, server, asked, number, attempt),
        );
        return records.map((record): FoundRecord => ({
          type: dnsTypeName(record.type),
          ttl: record.ttl,
          value: record.value,
          aliases,
        }));
      }));
      if (found.answers.length > 0) {
        return { name: candidate.replace(/(?<=.)\.$/, ""), records: found.answers };
      }
      // A name that exists without the record is reported rather than one that does not exist.
      const said = found.missing.find(({ reason }) => reason !== "name not found");
      missing = said ?? missing ?? found.missing[0];
    } catch (error) {
      deadline.throwIfExpired();
      worse ??= error;
    }
  }
  if (worse !== undefined && !isNotFound(worse)) throw worse;
  const requested = types.map((type) => type.toUpperCase());
  const reason = candidates.every((candidate) => toDnsName(candidate) === undefined)
    ? "it is not a valid DNS name"
    : missing === undefined || missing.reason === "name not found"
    ? "name not found"
    : `no ${requested.join(" or ")} record`;
  throw new ConnectError(reason, { operation: "look up", peer: shown, kind: "name not found" });
}

/** The names that a name may stand for, in the order in which the system's own resolver tries them. */
function candidatesOf(name: string, { search = [], ndots = 1 }: FindRecordsOptions): string[] {
  if (name.endsWith(".") || search.length === 0) return [name];
  const searched = search.map((domain) => `${name}.${domain.replace(/^\./, "")}`);
  return name.split(".").length - 1 >= ndots ? [name, ...searched] : [...searched, name];
}
