/** A line protocol of one's own, under the models that run in this process. */

import { type Connection, dial, LineReader, LineWriter } from "@netwright/netwright/net";
import { serve, serveSerial } from "@netwright/netwright/servers";
import { systemNetwork } from "@netwright/netwright/net";

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

const endpoint = { transport: "tcp", hostname: "127.0.0.1", port: 0 } as const;
const models = [serve(adder), serveSerial(adder, { network: systemNetwork(), endpoint })];
for (const server of models) {
  using connection = await dial(server.endpoint);
  const [reader, writer] = [new LineReader(connection), new LineWriter(connection)];
  await writer.writeLine("1 2 39");
  if (await reader.readLine() !== "42") throw new Error("a wrong sum");
  await writer.writeLine("1 two");
  if (await reader.readLine() !== "error: numbers, please") throw new Error("no error");
}
await Promise.all(models.map((server) => server.shutdown(0)));
console.log("ok");
