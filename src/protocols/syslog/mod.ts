/**
 * The Syslog protocol: messages by RFC 5424 and RFC 3164, over UNIX datagrams, UDP (RFC 5426), TCP (RFC 6587) and TLS (RFC 5425).
 *
 * @module
 */

export { SyslogClient, type SyslogClientOptions } from "./client/syslog_client.ts";
export { SyslogQueue, type SyslogQueueOptions } from "./client/syslog_queue.ts";
export { parseSyslogTarget, SYSLOG_PORTS, type SyslogTarget } from "./client/syslog_target.ts";
export { formatRfc3164, formatRfc5424 } from "./codec/format_syslog.ts";
export { countOctets, type FramedMessage, SyslogFramer } from "./codec/framing.ts";
export { parseSyslog, type ParseSyslogOptions } from "./codec/parse_syslog.ts";
export { formatPriority, parsePriority, type Priority } from "./codec/priority.ts";
export type {
  StructuredElement,
  SyslogContent,
  SyslogForm,
  SyslogMessage,
} from "./codec/syslog_message.ts";
