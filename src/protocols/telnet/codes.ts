/**
 * Numbers of commands and options, with their names.
 *
 * @module
 */

/** The byte that begins a command (RFC 854). */
export const IAC = 255;

/** Commands that follow IAC (RFC 854; EOR: RFC 885). */
export const COMMAND = {
  eor: 239,
  se: 240,
  nop: 241,
  dm: 242,
  brk: 243,
  ip: 244,
  ao: 245,
  ayt: 246,
  ec: 247,
  el: 248,
  ga: 249,
  sb: 250,
  will: 251,
  wont: 252,
  do: 253,
  dont: 254,
} as const;

/** The name of a command. */
export type TelnetCommandName = keyof typeof COMMAND;

/** A command without an option, which can be sent by itself. */
export type TelnetSignal = Exclude<TelnetCommandName, "se" | "sb" | Verb>;

/** The four words of a negotiation: who sends it offers, refuses, asks, or forbids. */
export type Verb = "will" | "wont" | "do" | "dont";

/** Options that both sides of this library know; the others are refused. */
export const OPTION = {
  /** RFC 856. */
  binary: 0,
  /** RFC 857. */
  echo: 1,
  /** RFC 858: no GO-AHEAD. */
  sga: 3,
  /** RFC 1091. */
  terminalType: 24,
  /** RFC 885. */
  endOfRecord: 25,
  /** RFC 1073. */
  windowSize: 31,
  /** RFC 1572. */
  environment: 39,
  /** RFC 2066. */
  charset: 42,
} as const;

/** Names of options as transcripts show them (IANA). */
const OPTION_NAMES: Readonly<Record<number, string>> = {
  0: "BINARY",
  1: "ECHO",
  3: "SGA",
  5: "STATUS",
  6: "TIMING-MARK",
  23: "SEND-LOCATION",
  24: "TTYPE",
  25: "EOR",
  31: "NAWS",
  32: "TSPEED",
  33: "LFLOW",
  34: "LINEMODE",
  35: "XDISPLOC",
  36: "ENVIRON",
  37: "AUTHENTICATION",
  38: "ENCRYPT",
  39: "NEW-ENVIRON",
  42: "CHARSET",
  44: "COM-PORT",
  46: "START-TLS",
  69: "MSDP",
  70: "MSSP",
  85: "COMPRESS",
  86: "COMPRESS2",
  90: "MSP",
  91: "MXP",
  201: "GMCP",
};

const COMMAND_NAMES = new Map<number, TelnetCommandName>(
  Object.entries(COMMAND).map(([name, code]) => [code, name as TelnetCommandName]),
);

/** Names an option for a transcript. */
export function optionName(option: number): string {
  return OPTION_NAMES[option] ?? String(option);
}

/** Finds the command of a byte behind IAC; undefined if it is none. */
export function commandOf(byte: number): TelnetCommandName | undefined {
  return COMMAND_NAMES.get(byte);
}
