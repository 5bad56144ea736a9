/** A line protocol of one's own, under every server model. */

import { type Connection, dial, LineReader, LineWriter } from "@netwright/netwright/net";
import * as servers from "@netwright/netwright/servers";

/** Adds the numbers of each line. */
const adder = {
  name: "adder",
  async handle(connection: Connection): Promise<void> {
    const writer = new LineWriter(connection);
    for await (const line of new LineReader(connection).lines()) {
      const sum = line.split(" ").reduce((total, word) => total + Number(word), 0);
      await writer.writeLine(Number.isNaN(sum) ? "error: numbers, please" : String(sum));
    }
  },
};
/** Workers and processes load this module, and serve its default export. */
export default adder;

if (import.meta.main) {
  const endpoint = "127.0.0.1:0";
  const named = { service: import.meta.url, configuration: {} };
  const broker = servers.localBroker({ runOptions: JSON.parse(Deno.args[0] ?? "[]") });
  const { serveFork, servePrefork, servePrethread, serveThread } = servers;
  const running = [servers.serve(adder), servers.serveSerial(adder, { endpoint })];
  for (const serve of [serveFork, servePrefork, servePrethread, serveThread]) {
    running.push(await serve(named, { endpoint, broker }));
  }
  for (const server of running) {
    using connection = await dial(server.endpoint);
    await new LineWriter(connection).writeLine("1 2 39");
    if (await new LineReader(connection).readLine() !== "42") throw new Error("a wrong sum");
  }
  await Promise.all(running.map((server) => server.shutdown(0)));
  console.log("ok");
}
