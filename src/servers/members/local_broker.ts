/**
 * The library's own starter of Workers: for programs that are not run by the `netwright` command.
 *
 * @module
 */

import { toWorkerPermissions } from "../../net/internal.ts";
import { type Capabilities, escapeControls, UnsupportedError, UsageError } from "../../net/mod.ts";
import type { Broker, Member } from "./broker.ts";

/** Options of {@link localBroker}. */
export interface LocalBrokerOptions {
  /**
   * Whether each Worker gets only what its service needs. That takes the runtime's option
   * `--unstable-worker-options`; else a Worker may do what the program may. @default {false}
   */
  readonly narrow?: boolean | undefined;
  /** File descriptors that Workers and their connections may take together. @default {1000} */
  readonly descriptors?: number | undefined;
}

/**
 * Makes a broker that starts Workers by `new Worker`, within this program: what `serveThread` and
 * `servePrethread` use unless they are given another. It starts no processes and opens no shared sockets: those
 * are of the `netwright` command, which starts itself.
 *
 * @param options Permissions of Workers, and how many there can be.
 * @returns The broker.
 *
 * @example Serving each client in a Worker, with the permissions of this program narrowed down
 * ```ts
 * import { parseEndpoint, systemNetwork } from "@netwright/netwright/net";
 * import { localBroker, serveThread } from "@netwright/netwright/servers";
 * import { namedService } from "@netwright/netwright/services";
 * async function serve(): Promise<void> {
 *   await using server = await serveThread(await namedService("echo"), {
 *     network: systemNetwork(),
 *     endpoint: parseEndpoint("127.0.0.1:7007"),
 *     broker: localBroker({ narrow: true }),
 *   });
 *   await server.finished;
 * }
 * ```
 */
export function localBroker(
  { narrow = false, descriptors = 1000 }: LocalBrokerOptions = {},
): Broker {
  const unsupported = (operation: string): UnsupportedError =>
    new UnsupportedError("processes and shared sockets are those of the netwright command", {
      operation,
      hint: "netwright serve --model fork|prefork, or Workers with sockets of their own",
    });
  return {
    async start(module, capabilities, socket) {
      if (module !== "service") {
        throw new UsageError(`there is no module "${escapeControls(module, { maxLength: 80 })}"`);
      }
      if (socket !== undefined) throw unsupported("start a Worker");
      return await Promise.resolve(startLocalWorker(narrow ? capabilities : undefined));
    },
    descriptorsLeft: () => Promise.resolve(descriptors),
    listen: () => Promise.reject(unsupported("listen")),
    startProcess: () => Promise.reject(unsupported("start a process")),
  };
}

function startLocalWorker(capabilities: Capabilities | undefined): Member {
  const url = new URL("./local_worker.ts", import.meta.url);
  const permissions = capabilities && toWorkerPermissions(capabilities);
  const worker = new Worker(
    url,
    { type: "module", ...(permissions && { deno: { permissions } }) } as object,
  );
  const { port1: port, port2 } = new MessageChannel();
  const failed = Promise.withResolvers<string>();
  worker.onerror = (event) => {
    event.preventDefault();
    failed.resolve(escapeControls(event.message, { maxLength: 500 }));
  };
  worker.postMessage(port2, [port2]);
  return {
    port,
    failed: failed.promise,
    [Symbol.dispose]() {
      port.close();
      worker.terminate();
    },
  };
}
