/**
 * Names to addresses and back, one or many at once.
 *
 * @module
 */

import { cleanText } from "./clean.ts";
import { Deadline, type WaitOptions } from "./deadline.ts";
import type { HostEndpoint } from "./endpoint.ts";
import { ConnectError } from "./errors.ts";
import { parseIp, reverseName } from "./ip.ts";
import type { Network, RecordType, RecordTypes } from "./network.ts";

/** One record that was found. */
export type Answer = {
  [T in RecordType]: { readonly type: T; readonly value: RecordTypes[T][number] };
}[
  RecordType
];

/** How {@link lookUp} asks. */
export interface LookUpOptions extends WaitOptions {
  /** Which records. @default {A and AAAA of a name, PTR of an address} */
  readonly types?: readonly RecordType[] | undefined;
  /** Name servers, the one to ask first first; the system's if absent. */
  readonly servers?: readonly HostEndpoint[] | undefined;
}

/**
 * Looks up what the DNS knows of a name or an address. All types are asked for at once; the next server
 * is asked only if one does not answer.
 *
 * @param network Where.
 * @param name A name, or an address whose names are wanted.
 * @param options What to ask and whom; longest time in all (default 10 seconds) and signal.
 * @returns The records, by type in the order of asking; never empty. Names come without their final dot.
 * @throws {ConnectError} With kind `name not found` if there is none.
 * @throws {TimeoutError} If no server answered in time.
 *
 * @example The addresses of a name
 * ```ts
 * import { lookUp, memoryNetwork } from "@netwright/netwright/net";
 * const network = memoryNetwork({ records: { "a.example": { A: ["192.0.2.1"] } } });
 * const [answer] = await lookUp(network, "a.example");
 * if (answer?.type !== "A" || answer.value !== "192.0.2.1") throw new Error("not found");
 * ```
 */
export async function lookUp(
  network: Network,
  name: string,
  options: LookUpOptions = {},
): Promise<Answer[]> {
  const { types, servers, timeoutMs = 10_000, signal } = options;
  const address = parseIp(name);
  const wanted = types ?? (address === undefined ? ["A", "AAAA"] as const : ["PTR"] as const);
  const asked = address === undefined ? checkName(name) : reverseName(address);
  using deadline = new Deadline({ signal, timeoutMs }, { operation: "look up", peer: show(name) });
  const results = await Promise.allSettled(
    wanted.map((type) => ask(network, servers, asked, type, deadline)),
  );
  const answers = results.flatMap((result) => result.status === "fulfilled" ? result.value : []);
  if (answers.length > 0) return answers;
  const failures = results.flatMap((result) => result.status === "rejected" ? [result.reason] : []);
  // Whatever is worse than "there is none" is what the caller must hear.
  const worse = failures.find((failure) => !isNotFound(failure));
  if (worse !== undefined) throw worse;
  // The system's own resolver does not tell one from the other.
  const isMissing = servers === undefined
    ? types === undefined
    : failures.some((failure) => (failure as ConnectError).reason === NO_SUCH_NAME);
  throw notFound(name, isMissing ? NO_SUCH_NAME : `no ${wanted.join(" or ")} record`);
}

/** What is said of a name that is not in the DNS at all. */
const NO_SUCH_NAME = "name not found";

/** What {@link lookUpMany} found of one name. */
export interface LookedUp {
  /** The name or address. */
  readonly name: string;
  /** Its records; empty if there are none. */
  readonly answers: readonly Answer[];
  /** Why there are none. */
  readonly error?: unknown;
}

/** How {@link lookUpMany} asks. */
export interface LookUpManyOptions extends LookUpOptions {
  /** Names that are looked up at the same time. @default {16} */
  readonly concurrency?: number | undefined;
}

/**
 * Looks up many names at once, and gives what was found in the order of the names, as soon as it is there.
 *
 * @param network Where.
 * @param names Names and addresses; no more of them are taken than are being looked up.
 * @param options As for {@link lookUp}; the time is for each name.
 * @returns What was found of each; a failure is told in its place and does not stop the others.
 *
 * @example Two names
 * ```ts
 * import { lookUpMany, memoryNetwork } from "@netwright/netwright/net";
 * const network = memoryNetwork({ records: { a: { A: ["192.0.2.1"] } } });
 * const found = await Array.fromAsync(lookUpMany(network, ["a", "b"]));
 * if (found.map(({ answers }) => answers.length).join() !== "1,0") throw new Error("wrong");
 * ```
 */
export async function* lookUpMany(
  network: Network,
  names: AsyncIterable<string> | Iterable<string>,
  options: LookUpManyOptions = {},
): AsyncGenerator<LookedUp> {
  const { concurrency = 16, ...rest } = options;
  if (!(concurrency >= 1)) throw new RangeError("concurrency must be at least 1");
  const underWay: Promise<LookedUp>[] = [];
  for await (const name of names) {
    underWay.push(
      lookUp(network, name, rest).then(
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
): Promise<Answer[]> {
  let failure: unknown;
  for (const server of servers ?? [undefined]) {
    try {
      const nameServer = server && { ipAddr: server.hostname, port: server.port };
      const { signal } = deadline;
      const asking = network.resolve(name, type, { signal, ...(nameServer && { nameServer }) });
      const records = await deadline.wait(asking, () => {});
      return records.map((value) => ({ type, value: withoutRoot(type, value) }) as Answer);
    } catch (error) {
      failure = error;
      deadline.throwIfExpired();
      if (isNotFound(error)) break;
    }
  }
  throw failure ?? notFound(name, "no name server is known");
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

/** Takes away the final dot of names, which no program but a name server wants; the root itself keeps it. */
function withoutRoot(type: RecordType, value: unknown): unknown {
  const field = NAMES[type];
  if (field === undefined) return value;
  const strip = (name: string): string => name.length > 1 ? name.replace(/\.$/, "") : name;
  if (typeof value === "string") return strip(value);
  const record = value as Readonly<Record<string, unknown>>;
  return { ...record, [field]: strip(String(record[field])) };
}

/** Names in DNS hold at most 63 bytes in a label and 253 in all (RFC 1035 §2.3.4). */
function checkName(text: string): string {
  const name = /[^\x00-\x7f]/.test(text) ? toAscii(text) ?? text : text;
  const labels = (name.endsWith(".") ? name.slice(0, -1) : name).split(".");
  const valid = name.length <= 254 && labels.every((label) => /^[\w-]{1,63}$/.test(label));
  if (!valid) throw notFound(text, "it is no name that the DNS could hold");
  return name;
}

/** A name of other letters as the DNS has it (RFC 5891, by UTS #46); undefined if it is none. */
function toAscii(name: string): string | undefined {
  try {
    const { hostname } = new URL(`http://${name}/`);
    return /^[\w.-]+$/.test(hostname) ? hostname : undefined;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof ConnectError && error.kind === "name not found";
}

function notFound(name: string, reason = NO_SUCH_NAME): ConnectError {
  const context = { operation: "look up", peer: show(name) };
  return new ConnectError(reason, { ...context, kind: "name not found" });
}

function show(name: string): string {
  return cleanText(name, { maxLength: 300 });
}
