/**
 * Names to addresses and back, one or many at once.
 *
 * @module
 */

import { askInTurn, gather, toDnsName } from "../dns/name_servers.ts";
import { escapeControls } from "../core/escape_controls.ts";
import { systemNetwork } from "../scope/system_network.ts";
import { checkOptions, type OptionRules } from "../core/options.ts";
import { CLIENT_RULES, type ClientOptions } from "./server_address.ts";
import { Deadline } from "../core/deadline.ts";
import type { HostEndpoint } from "../address/endpoint.ts";
import { ConnectError } from "../core/errors.ts";
import { parseIp, reverseName } from "../address/ip.ts";
import type { Network, RecordType, RecordTypes } from "../core/network.ts";

/** One record that was found. */
export type DnsRecord = {
  [T in RecordType]: { readonly type: T; readonly value: RecordTypes[T][number] };
}[
  RecordType
];

/** How {@link lookUp} asks. */
export interface LookUpOptions extends ClientOptions {
  /** Which records. @default {A and AAAA of a name, PTR of an address} */
  readonly types?: readonly RecordType[] | undefined;
  /** Name servers, the one to ask first first; the system's if absent. */
  readonly servers?: readonly HostEndpoint[] | undefined;
}

const LOOK_UP_RULES: OptionRules<LookUpOptions> = {
  ...CLIENT_RULES,
  types: "any",
  servers: "any",
};

/**
 * Looks up the DNS records of a name or an address. All types are queried at once; the next server
 * is queried only if one does not answer.
 *
 * @param name A name, or an address whose names are wanted.
 * @param options Record types and servers; maximum time in all (default 10 seconds) and signal.
 * @returns The records, by type in the order of asking; never empty. Names come without their final dot.
 * @throws {ConnectError} With kind `name not found` if there is none.
 * @throws {TimeoutError} If no server answered in time.
 *
 * @example The addresses of a name
 * ```ts
 * import { lookUp, memoryNetwork } from "@netwright/netwright/net";
 * const network = memoryNetwork({ records: { "a.example": { A: ["192.0.2.1"] } } });
 * const [answer] = await lookUp("a.example", { network });
 * if (answer?.type !== "A" || answer.value !== "192.0.2.1") throw new Error("not found");
 * ```
 */
export async function lookUp(
  name: string,
  options: LookUpOptions = {},
): Promise<DnsRecord[]> {
  checkOptions(options, LOOK_UP_RULES);
  const { network = systemNetwork(), types, servers, timeoutMs = 10_000, signal } = options;
  const address = parseIp(name);
  const requested = types ?? (address === undefined ? ["A", "AAAA"] as const : ["PTR"] as const);
  const asked = address === undefined ? checkName(name) : reverseName(address);
  using deadline = new Deadline({ signal, timeoutMs }, { operation: "look up", peer: show(name) });
  const { answers, missing } = await gather(
    requested.map((type) => ask(network, servers, asked, type, deadline)),
  );
  if (answers.length > 0) return [...answers];
  // The system's own resolver does not distinguish the two.
  const isMissing = servers === undefined
    ? types === undefined
    : missing.some(({ reason }) => reason === NO_SUCH_NAME);
  throw notFound(name, isMissing ? NO_SUCH_NAME : `no ${requested.join(" or ")} record`);
}

/** The reason for a name that is not in the DNS at all. */
const NO_SUCH_NAME = "name not found";

/** What {@link lookUpMany} found of one name. */
export interface LookupResult {
  /** The name or address. */
  readonly name: string;
  /** Its records; empty if there are none. */
  readonly answers: readonly DnsRecord[];
  /** Why there are none. */
  readonly error?: unknown;
}

/** How {@link lookUpMany} asks. */
export interface LookUpManyOptions extends LookUpOptions {
  /** Names that are looked up at the same time. @default {16} */
  readonly concurrency?: number | undefined;
}

/**
 * Looks up many names at once, and yields the results in the order of the names, without waiting for later ones.
 *
 * @param names Names and addresses; no more of them are taken than are being looked up.
 * @param options As for {@link lookUp}; the time is for each name.
 * @returns The result for each; a failure is part of its result and does not stop the others.
 *
 * @example Two names
 * ```ts
 * import { lookUpMany, memoryNetwork } from "@netwright/netwright/net";
 * const network = memoryNetwork({ records: { a: { A: ["192.0.2.1"] } } });
 * const found = await Array.fromAsync(lookUpMany(["a", "b"], { network }));
 * if (found.map(({ answers }) => answers.length).join() !== "1,0") throw new Error("wrong");
 * ```
 */
export async function* lookUpMany(
  names: AsyncIterable<string> | Iterable<string>,
  options: LookUpManyOptions = {},
): AsyncGenerator<LookupResult> {
  checkOptions(options, { ...LOOK_UP_RULES, concurrency: "count" });
  const { concurrency = 16, ...rest } = options;
  const underWay: Promise<LookupResult>[] = [];
  for await (const name of names) {
    underWay.push(
      lookUp(name, rest).then(
        (answers) => ({ name, answers }),
        (error) => ({ name, answers: [], error }),
      ),
    );
    if (underWay.length >= concurrency) yield await underWay.shift()!;
  }
  while (underWay.length > 0) yield await underWay.shift()!;
}

async function ask(
  network: Network,
  servers: readonly HostEndpoint[] | undefined,
  name: string,
  type: RecordType,
  deadline: Deadline,
): Promise<DnsRecord[]> {
  if (servers?.length === 0) throw notFound(name, "no name server is known");
  return await askInTurn(servers ?? [undefined], deadline, async (server, { signal }) => {
    const nameServer = server && { ipAddr: server.hostname, port: server.port };
    const records = await network.resolve(name, type, {
      signal,
      ...(nameServer && { nameServer }),
    });
    return records.map((value) => ({ type, value: withoutRoot(type, value) }) as DnsRecord);
  });
}

/** The fields of records that are names, by type; the empty one is the record itself. */
const NAMES: Readonly<Partial<Record<RecordType, string>>> = {
  CNAME: "",
  NS: "",
  PTR: "",
  MX: "exchange",
  SRV: "target",
  NAPTR: "replacement",
};

/** Removes the final dot of names, which only name servers require; the root itself keeps it. */
function withoutRoot(type: RecordType, value: unknown): unknown {
  const field = NAMES[type];
  if (field === undefined) return value;
  const strip = (name: string): string => name.length > 1 ? name.replace(/\.$/, "") : name;
  if (typeof value === "string") return strip(value);
  const record = value as Readonly<Record<string, unknown>>;
  return { ...record, [field]: strip(String(record[field])) };
}

function checkName(text: string): string {
  const name = toDnsName(text);
  if (name === undefined) throw notFound(text, "it is not a valid DNS name");
  return name;
}

function notFound(name: string, reason = NO_SUCH_NAME): ConnectError {
  const context = { operation: "look up", peer: show(name) };
  return new ConnectError(reason, { ...context, kind: "name not found" });
}

function show(name: string): string {
  return escapeControls(name, { maxLength: 300 });
}
