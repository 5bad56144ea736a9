/**
 * Takes an overview once, and prints records a second: `overview.ts PORT COUNT`.
 *
 * @module
 */

import { NntpClient, type OverviewRecord } from "../../../src/protocols/nntp/mod.ts";

const [port, count] = Deno.args;
await using client = await NntpClient.connect(`nntp://127.0.0.1:${port}`);
const { low, high } = await client.selectGroup("local.test");
const start = performance.now();
const records: OverviewRecord[] = [];
let bytes = 0;
for await (const record of client.overview({ first: low, last: high })) {
  records.push(record);
  // The others have split all of them.
  bytes += record.messageId.length;
}
const took = (performance.now() - start) / 1000;
if (records.length !== Number(count) || records.at(-1)!.lines !== 40) {
  throw new Error(`not all: ${bytes}`);
}
console.log(records.length / took);
await client.quit();
