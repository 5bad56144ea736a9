/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { FACILITIES, findFacility, findSeverity, SEVERITIES } from "./syslog_priorities.ts";
export { mergePorts, parseServices } from "./ports.ts";
