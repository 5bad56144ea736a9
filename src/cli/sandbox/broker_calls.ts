/**
 * The messages between a sandboxed command and its launcher. The launcher trusts nothing: a malformed call
 * is refused and ends neither of them.
 *
 * @module
 */

import { CAPABILITY_KINDS } from "../../net/internal.ts";
import type { Address, Capabilities } from "../../net/mod.ts";
import type { OutputFlags } from "../command/context.ts";
import {
  type DatagramOrder,
  type LinkOrder,
  SERVER_STATES,
  type ServerState,
  type TerminalOrder,
} from "../command/broker.ts";

/** The launcher's first word: what to run. */
export interface RunOrder {
  /** The command's name. */
  readonly command: string;
  /** The parsed command line. */
  readonly plan: unknown;
  /** How it writes. */
  readonly flags: OutputFlags;
  /** The capabilities of the command. */
  readonly needs: Capabilities;
}

/** A call of a command. `id` is the number of the call, chosen by the caller; its answers bear it. */
export type Call =
  | { readonly call: "ended"; readonly status: number }
  /** The command has taken INT and TERM over; until then they end the process by themselves. */
  | { readonly call: "signals" }
  | {
    readonly call: "start";
    readonly id: number;
    readonly module: string;
    readonly capabilities: Capabilities;
    /** The number of the call that opened the listening socket. */
    readonly socket?: number | undefined;
  }
  | { readonly call: "descriptorsLeft"; readonly id: number }
  | { readonly call: "listen"; readonly id: number; readonly endpoint: string }
  | { readonly call: "accept"; readonly id: number; readonly socket: number }
  | {
    readonly call: "startProcess";
    readonly id: number;
    /** Checked by the reader. */
    readonly order: unknown;
    /** The number of the call that opened or accepted the socket. */
    readonly socket?: number | undefined;
  }
  | { readonly call: "makeLink"; readonly id: number; readonly order: LinkOrder }
  | { readonly call: "startOnTerminal"; readonly id: number; readonly order: TerminalOrder }
  | { readonly call: "sendDatagram"; readonly id: number; readonly order: DatagramOrder }
  | { readonly call: "dropPrivileges"; readonly id: number }
  | { readonly call: "notify"; readonly id: number; readonly state: ServerState }
  /** Makes a process retire. */
  | { readonly call: "retire"; readonly id: number }
  /** Asks a process to say goodbye to its clients, and to end then. */
  | { readonly call: "end"; readonly id: number }
  /** Ends a Worker or a process, or closes a socket, by the number of the call that made it. */
  | { readonly call: "stop"; readonly id: number };

/** An answer of the launcher. */
export type Answer =
  | { readonly answer: "started"; readonly id: number; readonly port: MessagePort }
  | { readonly answer: "failed"; readonly id: number; readonly text: string }
  | { readonly answer: "done"; readonly id: number }
  | { readonly answer: "count"; readonly id: number; readonly count: number }
  | { readonly answer: "socket"; readonly id: number; readonly address: Address }
  | { readonly answer: "process"; readonly id: number; readonly pid: number }
  | { readonly answer: "report"; readonly id: number; readonly lines: readonly string[] }
  | { readonly answer: "over"; readonly id: number; readonly text: string }
  | {
    readonly answer: "refused";
    readonly id: number;
    readonly kind: "capability" | "limit" | "usage" | "connect" | "unsupported" | "other";
    readonly reason: string;
    /** The endpoint or file that it is about. */
    readonly peer?: string | undefined;
    /** The missing flag, the limit, or the kind of failure. */
    readonly detail: string;
  };

/** Most patterns of one kind, and the longest of them. */
const MAX_PATTERNS = 1000;
const MAX_PATTERN_LENGTH = 4096;

/**
 * Parses a message from a sandbox.
 *
 * @param data Anything.
 * @returns The call, made anew of checked parts; undefined if it is none.
 */
export function parseCall(data: unknown): Call | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { call, status, id, socket, ...rest } = data as Record<string, unknown>;
  if (call === "ended") {
    return isWhole(status) && status <= 255 ? { call, status } : undefined;
  }
  if (call === "signals") return { call };
  if (!isWhole(id) || (socket !== undefined && !isWhole(socket))) return undefined;
  switch (call) {
    case "stop":
    case "retire":
    case "end":
    case "descriptorsLeft":
    case "dropPrivileges":
      return { call, id };
    case "notify": {
      const { state } = rest;
      return isState(state) ? { call, id, state } : undefined;
    }
    case "accept":
      return socket === undefined ? undefined : { call, id, socket };
    case "listen": {
      const { endpoint } = rest;
      if (typeof endpoint !== "string" || endpoint.length > MAX_PATTERN_LENGTH) return undefined;
      return { call, id, endpoint };
    }
    case "start": {
      const { module } = rest;
      if (typeof module !== "string" || module.length > 100) return undefined;
      const capabilities = parseCapabilities(rest.capabilities);
      return capabilities === undefined ? undefined : { call, id, module, capabilities, socket };
    }
    case "makeLink": {
      const order = parseLinkOrder(rest.order);
      return order === undefined ? undefined : { call, id, order };
    }
    case "startOnTerminal": {
      const order = parseTerminalOrder(rest.order);
      return order === undefined ? undefined : { call, id, order };
    }
    case "sendDatagram": {
      const order = parseDatagramOrder(rest.order);
      return order === undefined ? undefined : { call, id, order };
    }
    case "startProcess":
      return { call, id, order: rest.order, socket };
  }
  return undefined;
}

function isState(value: unknown): value is ServerState {
  return (SERVER_STATES as readonly unknown[]).includes(value);
}

function parseLinkOrder(data: unknown): LinkOrder | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { root, path, target } = data as Record<string, unknown>;
  if (!isName(root) || !isName(target) || !Array.isArray(path) || path.length > 200) {
    return undefined;
  }
  return path.every(isName) ? { root, path: [...path], target } : undefined;
}

function parseTerminalOrder(data: unknown): TerminalOrder | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { argv, columns, rows } = data as Record<string, unknown>;
  const isSize = (value: unknown): value is number => isWhole(value) && value <= 0xffff;
  if (!Array.isArray(argv) || argv.length > 1000 || !isSize(columns) || !isSize(rows)) {
    return undefined;
  }
  const isWord = (word: unknown): boolean =>
    typeof word === "string" && word.length <= MAX_PATTERN_LENGTH;
  return argv.every(isWord) ? { argv: [...argv], columns, rows } : undefined;
}

/** Longest datagram, in bytes. */
const MAX_DATAGRAM = 65_536;

function parseDatagramOrder(data: unknown): DatagramOrder | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { path, bytes } = data as Record<string, unknown>;
  if (!isName(path) || !(bytes instanceof Uint8Array)) return undefined;
  return bytes.length <= MAX_DATAGRAM ? { path, bytes } : undefined;
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_PATTERN_LENGTH;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function parseCapabilities(data: unknown): Capabilities | undefined {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return undefined;
  const given = data as Record<string, unknown>;
  if (Object.keys(given).some((key) => !(CAPABILITY_KINDS as readonly string[]).includes(key))) {
    return undefined;
  }
  const result: Record<string, true | string[]> = {};
  for (const kind of CAPABILITY_KINDS) {
    const scope = given[kind];
    if (scope === undefined) continue;
    if (scope === true) {
      result[kind] = true;
      continue;
    }
    if (!Array.isArray(scope) || scope.length > MAX_PATTERNS) return undefined;
    const fits = scope.every((pattern) =>
      typeof pattern === "string" && pattern !== "" && pattern.length <= MAX_PATTERN_LENGTH
    );
    if (!fits) return undefined;
    result[kind] = [...scope];
  }
  return result;
}
