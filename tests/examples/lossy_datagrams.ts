/** A service of datagrams, tested on a network that loses a third of them. */

import { askDatagram, memoryNetwork, parseEndpoint } from "@netwright/netwright/net";
import { serveDatagrams } from "@netwright/netwright/servers";

const lossy = memoryNetwork({ seed: 1, datagrams: { loss: 0.33 } });

let asked = 0;
const counter = {
  name: "counter",
  reply(message: Uint8Array): Uint8Array {
    asked++;
    return new TextEncoder().encode(`${message.length} bytes`);
  },
};

const endpoint = parseEndpoint("127.0.0.1:0", { transport: "udp" });
await using server = serveDatagrams(counter, { network: lossy, endpoint });
for (let size = 1; size <= 20; size++) {
  const answer = await askDatagram(server.endpoint, new Uint8Array(size), {
    network: lossy,
    tries: 20,
    timeoutMs: 2000,
  });
  const text = new TextDecoder().decode(answer);
  if (text !== `${size} bytes`) throw new Error(text);
}
if (asked <= 20) throw new Error("nothing was lost");
console.log("ok");
