/**
 * The first module of a Worker that {@link localBroker} starts.
 *
 * @module
 */

import { UnsupportedError } from "../../net/mod.ts";
import { serveInWorker } from "./worker_member.ts";

const scope = globalThis as unknown as { onmessage: (event: MessageEvent<MessagePort>) => void };

scope.onmessage = ({ data: port }) => {
  void serveInWorker(port, () => {
    throw new UnsupportedError("this Worker was handed no socket", { operation: "listen" });
  });
};
