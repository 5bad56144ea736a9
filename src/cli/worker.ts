/**
 * The inside of the sandbox: the module of the Worker that runs one command.
 *
 * @module
 */

import type { Capabilities } from "../net/mod.ts";
import { runHere } from "./run.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<{ words: string[]; needs: Capabilities }>) => void;
  postMessage(message: { status: number }): void;
};

scope.onmessage = async ({ data: { words, needs } }) => {
  scope.postMessage({ status: await runHere(words, needs) });
};
