/**
 * The user's end of a Telnet connection.
 *
 * @module
 */

import { checkOptions, type OptionRules } from "../../net/internal.ts";
import type { Connection } from "../../net/mod.ts";
import { OPTION } from "./codes.ts";
import type { Side } from "./negotiator.ts";
import {
  CHARSET,
  checkEnvironment,
  type Environment,
  formatCharsetAccepted,
  formatEnvironment,
  formatTerminalType,
  formatWindowSize,
  IS,
  kindOfVariable,
  parseCharsets,
  parseEnvironmentRequest,
  SEND,
  type WindowSize,
} from "./suboptions.ts";
import {
  TelnetConnection,
  type TelnetConnectionOptions,
  type TelnetRole,
} from "./telnet_connection.ts";

/** Terminal, environment and limits of a {@link TelnetClient}. */
export interface TelnetClientOptions extends TelnetConnectionOptions {
  /** Names of the terminal, the preferred first (RFC 1091). @default {"dumb"} */
  readonly terminalType?: string | readonly string[] | undefined;
  /** The size of the terminal's window (RFC 1073). @default {not reported} */
  readonly windowSize?: WindowSize | undefined;
  /** Variables that are reported when the server asks (RFC 1572); no others are. @default {none} */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Whether the server may echo input. @default {true} */
  readonly acceptsEcho?: boolean | undefined;
  /** Character sets that are agreed to, the preferred first (RFC 2066). @default {UTF-8, US-ASCII} */
  readonly charsets?: readonly string[] | undefined;
}

/** Validation rules. */
export const TELNET_CLIENT_RULES: OptionRules<TelnetClientOptions> = {
  maxNegotiations: "count",
  maxSubnegotiationBytes: "count",
  transcript: "any",
  onSignal: "any",
  wakesOnSignal: "flag",
  onOption: "any",
  terminalType: "any",
  windowSize: "any",
  environment: "any",
  acceptsEcho: "flag",
  charsets: "any",
};

/**
 * The client's end: data as the server's terminal would get it, negotiations answered.
 *
 * It asks for nothing: it agrees to what the server proposes and it knows, and refuses the rest once (RFC 1143).
 *
 * @example Talk to a server
 * ```ts
 * import { memoryNetwork } from "@netwright/netwright/net";
 * import { TelnetClient, TelnetServer } from "@netwright/netwright/telnet";
 * const network = memoryNetwork();
 * const listener = network.listen({ port: 23 });
 * const accepted = listener.accept();
 * using client = new TelnetClient(await network.connect({ port: 23 }), { terminalType: "vt100" });
 * using server = new TelnetServer(await accepted);
 * await server.write(new TextEncoder().encode("hello\r\n"));
 * const buffer = new Uint8Array(100);
 * const count = await client.read(buffer);
 * if (count !== 7) throw new Error(`${count}`);
 * listener.close();
 * ```
 */
export class TelnetClient extends TelnetConnection {
  /** The policy of this end. */
  protected override readonly role: TelnetRole;
  readonly #types: readonly string[];
  readonly #environment: Environment;
  readonly #acceptsEcho: boolean;
  readonly #charsets: readonly string[];
  #windowSize: WindowSize | undefined;
  /** Number of reported names of the terminal. */
  #typesTold = 0;
  #charset: string | undefined;

  /**
   * Takes a connection over.
   * @param connection Its bytes; closed together with this.
   * @param options Terminal, environment and limits.
   * @throws {RangeError|TypeError} If an option is unknown or out of range.
   * @throws {UsageError} If a variable is malformed.
   */
  constructor(connection: Connection, options: TelnetClientOptions = {}) {
    checkOptions(options, TELNET_CLIENT_RULES);
    const { terminalType = "dumb", environment = {}, charsets = ["UTF-8", "US-ASCII"] } = options;
    const types = typeof terminalType === "string" ? [terminalType] : terminalType;
    checkNames(types, "terminalType");
    checkNames(charsets, "charsets");
    if (options.windowSize !== undefined) checkWindowSize(options.windowSize);
    super(connection, options);
    this.#types = types;
    this.#environment = checkEnvironment(environment);
    this.#acceptsEcho = options.acceptsEcho ?? true;
    this.#charsets = charsets;
    this.#windowSize = options.windowSize;
    this.role = {
      speakers: { us: "C", peer: "S" },
      accepts: (side, option) => this.#accepts(side, option),
      changed: (side, option, isOn) => {
        if (side === "us" && isOn && option === OPTION.windowSize) this.#tellWindowSize();
        if (side === "us" && option === OPTION.terminalType) this.#typesTold = 0;
      },
      subnegotiation: (option, content) => this.#subnegotiation(option, content),
    };
  }

  /** Whether the server echoes input; else this side must. */
  get isEchoing(): boolean {
    return this.isOn("peer", OPTION.echo);
  }

  /** Whether characters go one by one, not whole lines. */
  get isCharacterMode(): boolean {
    return this.isEchoing && this.isOn("peer", OPTION.sga);
  }

  /** The line ending of the Enter key now: CR for a terminal that the server handles, CR LF for a line (RFC 1123 §3.3.1). */
  get lineEnd(): "\r" | "\r\n" {
    return this.isCharacterMode ? "\r" : "\r\n";
  }

  /** The character set that was agreed on; undefined if none was. */
  get charset(): string | undefined {
    return this.#charset;
  }

  /**
   * Reports the new size of the window to the server.
   * @param size The size.
   * @throws {RangeError} If it is out of range.
   */
  resize(size: WindowSize): void {
    checkWindowSize(size);
    this.#windowSize = size;
    if (!this.isOn("us", OPTION.windowSize)) return;
    this.#tellWindowSize();
    this.flush();
  }

  #accepts(side: Side, option: number): boolean {
    switch (option) {
      case OPTION.binary:
      case OPTION.sga:
      case OPTION.charset:
        return true;
      case OPTION.echo:
        return side === "peer" && this.#acceptsEcho;
      case OPTION.endOfRecord:
        return side === "peer";
      case OPTION.terminalType:
        return side === "us" && this.#types.length > 0;
      case OPTION.windowSize:
        return side === "us" && this.#windowSize !== undefined;
      case OPTION.environment:
        return side === "us" && this.#environment.size > 0;
    }
    return false;
  }

  #tellWindowSize(): void {
    this.answerWith(OPTION.windowSize, formatWindowSize(this.#windowSize!));
  }

  /** Requests for options that are not on are not answered. */
  #subnegotiation(option: number, content: Uint8Array): void {
    const isOn = this.isOn("us", option);
    if (option === OPTION.terminalType && isOn && content[0] === SEND) {
      // The last name is repeated, which says that there are no more (RFC 1091).
      const name = this.#types[Math.min(this.#typesTold++, this.#types.length - 1)]!;
      if (this.#typesTold > this.#types.length) this.#typesTold = 0;
      this.answerWith(option, formatTerminalType(name));
    } else if (option === OPTION.environment && isOn && content[0] === SEND) {
      this.#answerEnvironment(content);
    } else if (option === OPTION.charset && (isOn || this.isOn("peer", option))) {
      this.#answerCharset(content);
    }
  }

  /** Reports the requested variables, as far as the user named them; the others are undefined. */
  #answerEnvironment(content: Uint8Array): void {
    const { names, all } = parseEnvironmentRequest(content);
    const variables = new Map<string, string | undefined>();
    for (const [name, value] of this.#environment) {
      if (all.has(kindOfVariable(name))) variables.set(name, value);
    }
    for (const [name, kind] of names) {
      variables.set(name, kindOfVariable(name) === kind ? this.#environment.get(name) : undefined);
    }
    this.answerWith(OPTION.environment, formatEnvironment(IS, variables, names));
  }

  #answerCharset(content: Uint8Array): void {
    if (content[0] === CHARSET.tableIs) {
      this.answerWith(OPTION.charset, Uint8Array.of(CHARSET.tableRejected));
    }
    if (content[0] !== CHARSET.request) return;
    const offered = parseCharsets(content);
    const found =
      this.#charsets.flatMap((ours) =>
        offered.filter((name) => name.toLowerCase() === ours.toLowerCase())
      )[0];
    this.#charset = found;
    this.answerWith(
      OPTION.charset,
      found === undefined ? Uint8Array.of(CHARSET.rejected) : formatCharsetAccepted(found),
    );
  }
}

/** Names of terminals and character sets: words of at most 40 characters (RFC 1091). */
function checkNames(names: readonly string[], option: string): void {
  const isGood = Array.isArray(names) &&
    names.every((name) => typeof name === "string" && /^[!-~]{1,40}$/.test(name));
  if (!isGood) throw new RangeError(`${option} must be names of 1 to 40 printable characters`);
}

function checkWindowSize({ columns, rows }: WindowSize): void {
  for (const value of [columns, rows]) {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff) {
      throw new RangeError("a window has 0 to 65535 columns and rows");
    }
  }
}
