/**
 * The Echo Protocol: a host sends back all that it is sent (RFC 862).
 *
 * @module
 */

export { connectEcho, type Echo, type EchoClient, type EchoOptions } from "./client.ts";
