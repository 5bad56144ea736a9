/**
 * The options of `serve` beside those of a service.
 *
 * @module
 */

import type { OptionSpecs } from "../command/option_spec.ts";
import { LOG_OPTIONS } from "../logging/log_target.ts";
import { DUTY_OPTIONS } from "../daemon/duties.ts";
import { SERVER_MODELS } from "./server_models.ts";
import { SOCKET_FILE_OPTIONS } from "./socket_file.ts";

/** All servers have these; some mean nothing to some services. */
export const SERVE_OPTIONS: OptionSpecs = {
  listen: {
    short: "l",
    value: "ENDPOINT",
    help: "HOST:PORT (0.0.0.0: all addresses), :PORT of 127.0.0.1, or unix:PATH",
  },
  model: { value: "MODEL", choices: Object.keys(SERVER_MODELS), help: "how connections run" },
  udp: { short: "u", help: "serve datagrams" },
  telnet: { rare: true, help: "edit lines at the clients' terminals (Telnet)" },
  fast: { rare: true, help: "sockets by the system's own calls (Linux)" },
  "max-connections": {
    value: "N",
    help: "connections at once (1000; fork 100, thread 150)",
  },
  "when-full": {
    value: "HOW",
    choices: ["refuse", "queue"],
    rare: true,
    help: "whether further clients are refused or wait (default refuse)",
  },
  "max-per-client": {
    value: "N",
    rare: true,
    help: "connections at once from one client (no limit)",
  },
  "client-prefix": {
    value: "BITS[,BITS]",
    rare: true,
    help: "prefix that counts as one client, IPv4 and IPv6 (default 32,64)",
  },
  "proxy-protocol": {
    value: "FROM",
    many: true,
    rare: true,
    help: "connections from these networks begin with the PROXY protocol (v1, v2)",
  },
  "client-rate": {
    value: "N",
    rare: true,
    help: "datagrams of one client a second (default 1000)",
  },
  "idle-timeout": { value: "SECONDS", help: "close a silent connection (default 300)" },
  "session-timeout": {
    value: "SECONDS",
    rare: true,
    help: "close any connection after this time",
  },
  accept: {
    value: "HOW",
    choices: ["shared", "own"],
    rare: true,
    help: "pools accept from one socket, or each worker from its own",
  },
  "idle-min": { value: "N", rare: true, help: "workers of a pool that wait (default 2)" },
  "idle-max": { value: "N", rare: true, help: "most workers that wait (default 6)" },
  "children-max": { value: "N", rare: true, help: "most workers of a pool (default 64)" },
  "connections-per-child": {
    value: "N",
    rare: true,
    help: "connections of one worker at once (default 1; with --accept own 1000)",
  },
  "requests-per-child": {
    value: "N",
    rare: true,
    help: "connections after which a worker is replaced (no limit)",
  },
  ...SOCKET_FILE_OPTIONS,
  ...LOG_OPTIONS,
  ...DUTY_OPTIONS,
  grace: { value: "SECONDS", rare: true, help: "time for clients to end (default 0.5)" },
  "tls-cert": { value: "FILE", help: "certificate chain (PEM), for TLS" },
  "tls-key": { value: "FILE", help: "its private key (PEM)" },
  implicit: { rare: true, help: "TLS at once, even where a client may ask for it later" },
};
