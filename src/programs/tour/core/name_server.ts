/**
 * A name server of one zone, for the tour: answers A and AAAA, and "no such name" to the rest.
 *
 * @module
 */

import type { DatagramService } from "../../../services/mod.ts";

/**
 * Makes the service.
 *
 * @param zone IPv4 addresses by name, in lower case.
 * @returns Answers queries of one question (RFC 1035 §4).
 */
export function nameService(zone: Readonly<Record<string, string>>): DatagramService {
  return {
    name: "domain",
    reply(query) {
      if (query.length < 17) return undefined;
      const [name, end] = readName(query);
      const type = query[end]! << 8 | query[end + 1]!;
      const address = Object.hasOwn(zone, name) ? zone[name] : undefined;
      const record = address !== undefined && type === 1 ? answer(address) : new Uint8Array(0);
      const question = query.subarray(12, end + 4);
      const header = new Uint8Array(12);
      header.set(query.subarray(0, 2));
      // A response with authority to a query that wanted recursion; code 3 is "no such name".
      header.set(
        [0x85, address === undefined ? 0x83 : 0x80, 0, 1, 0, record.length > 0 ? 1 : 0],
        2,
      );
      const reply = new Uint8Array(12 + question.length + record.length);
      reply.set(header);
      reply.set(question, 12);
      reply.set(record, 12 + question.length);
      return reply;
    },
  };
}

function readName(query: Uint8Array): [name: string, end: number] {
  const labels: string[] = [];
  let at = 12;
  while (at < query.length && query[at] !== 0) {
    const length = query[at]!;
    labels.push(new TextDecoder().decode(query.subarray(at + 1, at + 1 + length)).toLowerCase());
    at += 1 + length;
  }
  return [labels.join("."), at + 1];
}

/** The name of the question again, type A, class IN, 60 seconds, four bytes. */
function answer(address: string): Uint8Array {
  return Uint8Array.from([
    ...[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4],
    ...address.split(".").map(Number),
  ]);
}
