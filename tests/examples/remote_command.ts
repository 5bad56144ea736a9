/** Runs commands on a device with a command line, which is served here by Telnet. */

import { formatEndpoint, LineReader, memoryNetwork, writeAll } from "@netwright/netwright/net";
import { Conversation, RemoteShell } from "@netwright/netwright/dialogue";
import { serve } from "@netwright/netwright/servers";
import { LineTerminal, TelnetClient } from "@netwright/netwright/telnet";

const network = memoryNetwork();
await using _server = serve({
  name: "router",
  async handle(connection) {
    const terminal = new LineTerminal(connection);
    const say = (text: string) => writeAll(terminal, new TextEncoder().encode(text));
    await say("router>");
    for await (const line of new LineReader(terminal).lines()) {
      if (line === "exit") return;
      await say(`${line === "" ? "" : `you said ${line}\r\n`}router>`);
    }
  },
}, { network, port: 23 });

const client = new TelnetClient(await network.connect({ port: 23 }));
const shell = await RemoteShell.open((onScroll) =>
  new Conversation(client, {
    peer: formatEndpoint(client.remoteAddr),
    onScroll,
    lineEnd: () => client.lineEnd,
  })
);
let output = "";
await shell.run("show version", (text) => {
  output += text;
});
await shell.close();
console.log(output === "you said show version\n" ? "ok" : JSON.stringify(output));
