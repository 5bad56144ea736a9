/**
 * The server's end of a Telnet connection.
 *
 * @module
 */

import { checkOptions, type OptionRules } from "../../net/internal.ts";
import type { Connection } from "../../net/mod.ts";
import { OPTION, type TelnetSignal } from "./codes.ts";
import type { Side } from "./negotiator.ts";
import {
  CHARSET,
  formatCharsetRequest,
  formatEnvironment,
  INFO,
  IS,
  parseCharsets,
  parseEnvironment,
  parseTerminalType,
  parseWindowSize,
  SEND,
  type WindowSize,
} from "./suboptions.ts";
import {
  TelnetConnection,
  type TelnetConnectionOptions,
  type TelnetRole,
} from "./telnet_connection.ts";

/** Requests and limits of a {@link TelnetServer}. */
export interface TelnetServerOptions extends TelnetConnectionOptions {
  /** Whether characters are to come one by one, shown by this side; else the client sends edited lines. @default {true} */
  readonly characterMode?: boolean | undefined;
  /** Names of variables that the client is asked for, such as `USER` (RFC 1572). @default {none} */
  readonly variables?: readonly string[] | undefined;
  /** Character sets that the client is offered, the preferred first (RFC 2066). @default {none} */
  readonly charsets?: readonly string[] | undefined;
  /** Called when the client reported a property of its terminal. */
  readonly onTerminal?: (() => void) | undefined;
}

/** Validation rules. */
export const TELNET_SERVER_RULES: OptionRules<TelnetServerOptions> = {
  maxNegotiations: "count",
  maxSubnegotiationBytes: "count",
  transcript: "any",
  onSignal: "any",
  wakesOnSignal: "flag",
  onOption: "any",
  characterMode: "flag",
  variables: "any",
  charsets: "any",
  onTerminal: "any",
};

/** Most names of a terminal that a client is asked for. */
const MAX_TYPES = 8;
/** Most variables of a client, and the longest of them in characters. */
const MAX_VARIABLES = 100;
const MAX_VALUE = 1024;

/** The server's end: data as the client typed it; asks for the terminal's type and size at once. */
export class TelnetServer extends TelnetConnection {
  /** The policy of this end. */
  protected override readonly role: TelnetRole;
  readonly #charsets: readonly string[];
  readonly #variables: readonly string[];
  readonly #onTerminal: () => void;
  readonly #types: string[] = [];
  readonly #environment = new Map<string, string>();
  #windowSize: WindowSize | undefined;
  #charset: string | undefined;

  /**
   * Takes a connection over, and begins to negotiate.
   * @param connection Its bytes; closed together with this.
   * @param options Requests and limits.
   * @throws {RangeError|TypeError} If an option is unknown or out of range.
   */
  constructor(connection: Connection, options: TelnetServerOptions = {}) {
    checkOptions(options, TELNET_SERVER_RULES);
    const { characterMode = true, variables = [], charsets = [], onTerminal } = options;
    super(connection, options);
    this.#charsets = charsets;
    this.#variables = variables;
    this.#onTerminal = onTerminal ?? (() => {});
    this.role = {
      speakers: { us: "S", peer: "C" },
      accepts: (side, option) => this.#accepts(side, option),
      changed: (side, option, isOn) => {
        if (isOn) this.#begin(side, option);
      },
      subnegotiation: (option, content) => this.#subnegotiation(option, content),
      signal: (name) => this.#signal(name),
    };
    const { negotiator } = this;
    negotiator.enable("peer", OPTION.terminalType);
    negotiator.enable("peer", OPTION.windowSize);
    if (variables.length > 0) negotiator.enable("peer", OPTION.environment);
    if (charsets.length > 0) negotiator.enable("us", OPTION.charset);
    negotiator.enable("us", OPTION.sga);
    if (characterMode) negotiator.enable("us", OPTION.echo);
    this.flush();
  }

  /** Names of the client's terminal in lower case, the preferred first; empty until they are reported. */
  get terminalTypes(): readonly string[] {
    return this.#types;
  }

  /** The size of the client's window; undefined until it is reported. */
  get windowSize(): WindowSize | undefined {
    return this.#windowSize;
  }

  /** Variables that the client reported; hostile input. */
  get environment(): ReadonlyMap<string, string> {
    return this.#environment;
  }

  /** The character set that the client agreed to. */
  get charset(): string | undefined {
    return this.#charset;
  }

  /** Whether this side echoes input: the client agreed to that. */
  get isEchoing(): boolean {
    return this.isOn("us", OPTION.echo);
  }

  #accepts(side: Side, option: number): boolean {
    switch (option) {
      case OPTION.binary:
      case OPTION.sga:
        return true;
      case OPTION.echo:
      case OPTION.endOfRecord:
        return side === "us";
      case OPTION.charset:
        return side === "us" && this.#charsets.length > 0;
      case OPTION.terminalType:
      case OPTION.windowSize:
        return side === "peer";
      case OPTION.environment:
        return side === "peer" && this.#variables.length > 0;
    }
    return false;
  }

  /** Requests the value of an option that the client agreed to. */
  #begin(side: Side, option: number): void {
    if (side === "us" && option === OPTION.charset) {
      this.answerWith(option, formatCharsetRequest(this.#charsets));
    } else if (side === "peer" && option === OPTION.terminalType) {
      this.answerWith(option, Uint8Array.of(SEND));
    } else if (side === "peer" && option === OPTION.environment) {
      const names = new Map(this.#variables.map((name) => [name, undefined]));
      this.answerWith(option, formatEnvironment(SEND, names));
    }
  }

  #subnegotiation(option: number, content: Uint8Array): void {
    if (option === OPTION.charset && this.isOn("us", option)) {
      // Only an offered name can be accepted.
      const [name] = content[0] === CHARSET.accepted ? parseCharsets(content) : [];
      this.#charset = this.#charsets.find((ours) => ours.toLowerCase() === name?.toLowerCase());
      return;
    }
    if (!this.isOn("peer", option)) return;
    if (option === OPTION.windowSize) this.#windowSize = parseWindowSize(content);
    else if (option === OPTION.terminalType) this.#addType(parseTerminalType(content));
    else if (option === OPTION.environment && (content[0] === IS || content[0] === INFO)) {
      for (const [name, value] of parseEnvironment(content)) {
        this.#addVariable(name, value);
      }
    } else return;
    this.#onTerminal();
  }

  /** Asks on until a name is repeated (RFC 1091). */
  #addType(name: string | undefined): void {
    if (name === undefined || this.#types.includes(name)) return;
    this.#types.push(name);
    if (this.#types.length < MAX_TYPES) this.answerWith(OPTION.terminalType, Uint8Array.of(SEND));
  }

  /** Only variables that were asked for are kept. */
  #addVariable(name: string, value: string | undefined): void {
    if (!this.#variables.includes(name) || this.#environment.size >= MAX_VARIABLES) return;
    if (value === undefined) this.#environment.delete(name);
    else this.#environment.set(name, value.slice(0, MAX_VALUE));
  }

  #signal(name: TelnetSignal): void {
    // Visible evidence that this side is alive (RFC 854).
    if (name === "ayt") this.answer(new TextEncoder().encode("\r\n[Yes]\r\n"));
  }
}
