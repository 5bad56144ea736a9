/**
 * Tables: services, protocols, multicast groups, error numbers.
 *
 * @module
 */

export { extensionForType, mediaTypeOf } from "./media_types.ts";
export { findMulticast, type MulticastEntry } from "./multicast.ts";
export { findPorts, loadPorts, type PortEntry } from "./ports.ts";
export { findProtocol, listProtocols, type ProtocolEntry } from "./protocols.ts";
export { FACILITIES, type Facility, SEVERITIES, type Severity } from "./syslog_priorities.ts";
export { findSystemErrors, listSystemErrors, type SystemErrorEntry } from "./system_error_names.ts";
