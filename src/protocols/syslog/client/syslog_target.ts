/**
 * Where messages of syslog go: the command line reads it too, before any protocol code is loaded.
 *
 * @module
 */

export { parseSyslogTarget, SYSLOG_PORTS, type SyslogTarget } from "../../../net/internal.ts";
