/**
 * Collects messages of syslog over connections and datagrams.
 *
 * @module
 */

import type { Address } from "../../net/mod.ts";
import { parseSyslog, SyslogFramer } from "../../protocols/syslog/mod.ts";
import type { DatagramService, Service } from "../core/service.ts";
import { Collector } from "./_collector.ts";
import type { SyslogConfiguration } from "./_syslog_configuration.ts";

const BUFFER_BYTES = 64 * 1024;

/**
 * Collects messages of streams, divided by their length or by LF (RFC 6587).
 *
 * @param configuration What is collected.
 * @returns The service.
 * @throws {NetwrightError} If the file cannot be written.
 */
export async function syslogStream(configuration: SyslogConfiguration): Promise<Service> {
  const collector = await Collector.open(configuration);
  return {
    name: "syslog",
    clientSpeaksFirst: true,
    end: () => collector.end(),
    async handle(connection, { now, warn }): Promise<void> {
      const framer = new SyslogFramer(configuration.maxBytes);
      const from = addressOf(connection.remoteAddr);
      const buffer = new Uint8Array(BUFFER_BYTES);
      const add = (bytes: Uint8Array, isTruncated: boolean): void => {
        const received = now();
        const message = parseSyslog(withoutEnd(bytes), { now: received });
        collector.add({ message, from, received, isTruncated }, warn);
      };
      try {
        for (let count; (count = await connection.read(buffer)) !== null;) {
          for (const { bytes, isTruncated } of framer.push(buffer.subarray(0, count))) {
            add(bytes, isTruncated);
          }
        }
      } finally {
        // Some senders do not end their last message.
        const last = framer.end();
        if (last !== undefined) add(last.bytes, last.isTruncated);
      }
    },
  };
}

/**
 * Collects messages of datagrams (RFC 5426).
 *
 * @param configuration What is collected.
 * @returns The service.
 * @throws {NetwrightError} If the file cannot be written.
 */
export async function syslogDatagrams(
  configuration: SyslogConfiguration,
): Promise<DatagramService> {
  const { maxBytes } = configuration;
  const collector = await Collector.open(configuration);
  return {
    name: "syslog",
    isSilent: true,
    end: () => collector.end(),
    reply(bytes, sender, { now, warn }): undefined {
      const received = now();
      const whole = withoutEnd(bytes);
      // The buffer is reused.
      const raw = whole.slice(0, maxBytes);
      const message = parseSyslog(raw, { now: received });
      const isTruncated = whole.length > maxBytes;
      collector.add({ message, from: addressOf(sender), received, isTruncated }, warn);
    },
  };
}

/** Some end a datagram or a counted message as if it were a line, or a string. */
function withoutEnd(bytes: Uint8Array): Uint8Array {
  let { length } = bytes;
  while (length > 0 && (bytes[length - 1] === 0x0a || bytes[length - 1] === 0)) length--;
  return bytes.subarray(0, length);
}

function addressOf(address: Address): string {
  return "hostname" in address ? address.hostname : "";
}
