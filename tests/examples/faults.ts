/** A client on a network that fails on purpose: every failure is a typed error, and none takes for ever. */

import { askForText, memoryNetwork, NetwrightError } from "@netwright/netwright/net";
import { serve } from "@netwright/netwright/servers";
import { streamService } from "@netwright/netwright/services";

async function nameOfError(task: Promise<unknown>): Promise<string> {
  try {
    await task;
    return "none";
  } catch (error) {
    if (!(error instanceof NetwrightError)) throw error;
    console.error(error.message);
    return error.name;
  }
}

const daytime = await streamService("daytime");
const found: string[] = [];
for (
  const faults of [{}, { resetAfterBytes: 5 }, { connecting: "refuse" as const }, {
    stallAfterBytes: 5,
  }]
) {
  const network = memoryNetwork(faults);
  await using _server = serve(daytime, { network, port: 13 });
  found.push(await nameOfError(askForText("127.0.0.1:13", { network, timeoutMs: 300 })));
}
if (found.join() !== "none,DisconnectedError,ConnectError,TimeoutError") {
  throw new Error(found.join());
}
console.log("ok");
