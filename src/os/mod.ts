/**
 * The operating system's own calls.
 *
 * @module
 */

export { systemStreams } from "./sockets/system_streams.ts";
