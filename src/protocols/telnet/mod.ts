/**
 * Telnet: connections that negotiate, for clients and servers (RFC 854, 855, 1143).
 *
 * @module
 */

export {
  COMMAND,
  IAC,
  OPTION,
  type TelnetCommandName,
  type TelnetSignal,
  type Verb,
} from "./codes.ts";
export { Negotiator, type NegotiatorEvents, type OptionState, type Side } from "./negotiator.ts";
export type { WindowSize } from "./suboptions.ts";
export { TelnetClient, type TelnetClientOptions } from "./telnet_client.ts";
export { LineTerminal, type LineTerminalOptions } from "./line_terminal.ts";
export {
  TelnetConnection,
  type TelnetConnectionOptions,
  type TelnetRole,
} from "./telnet_connection.ts";
export { TelnetServer, type TelnetServerOptions } from "./telnet_server.ts";
