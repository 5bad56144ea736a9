/**
 * The library's own starter of Workers and processes: for programs that are not run by the `netwright` command.
 *
 * @module
 */

import {
  checkOptions,
  LIBC_PATHS,
  toFlags,
  toWorkerPermissions,
  union,
} from "../../net/internal.ts";
import { type Capabilities, escapeControls, UnsupportedError, UsageError } from "../../net/mod.ts";
import type { Broker, WorkerThread } from "../workers/broker.ts";
import type { LocalWorkerStart } from "./local_worker.ts";
import type { ProcessStarter } from "./process_starter.ts";

/** Options of {@link localBroker}. */
export interface LocalBrokerOptions {
  /**
   * Whether each Worker and process gets only the capabilities of its service. For Workers that takes the runtime's option
   * `--unstable-worker-options`; otherwise they have the program's permissions. @default {false}
   */
  readonly narrow?: boolean | undefined;
  /** File descriptors that Workers and their connections may take together. @default {1000} */
  readonly descriptors?: number | undefined;
  /** Further options of `deno run` for processes, such as `--config=deno.json`. @default {[]} */
  readonly runOptions?: readonly string[] | undefined;
}

/**
 * Creates a broker that starts Workers by `new Worker`, and processes by `deno run`: the default of the models with
 * Workers or processes. Processes, and sockets that workers share, are made by the
 * system's own calls: on Linux, with the permission `--allow-ffi`.
 *
 * @param options Permissions of workers, and how many there can be.
 * @returns The broker.
 *
 * @example Serving each client in a Worker, with the permissions of this program narrowed down
 * ```ts
 * import { localBroker, serveThread } from "@netwright/netwright/servers";
 * import { namedService } from "@netwright/netwright/services";
 * async function serve(): Promise<void> {
 *   await using server = await serveThread(await namedService("echo"), {
 *     endpoint: "127.0.0.1:7007",
 *     broker: localBroker({ narrow: true }),
 *   });
 *   await server.finished;
 * }
 * ```
 */
export function localBroker(options: LocalBrokerOptions = {}): Broker {
  checkOptions(options, { narrow: "flag", descriptors: "count", runOptions: "any" });
  const { narrow = false, descriptors = 1000, runOptions = [] } = options;
  let starter: Promise<ProcessStarter> | undefined;
  // Loaded only for those who need it.
  const starterOf = (): Promise<ProcessStarter> =>
    starter ??= import("./process_starter.ts").then(({ ProcessStarter }) =>
      new ProcessStarter({
        commandLine: (capabilities, narrowing) =>
          commandLine(narrow ? [...narrowing, ...toFlags(capabilities)] : undefined, runOptions),
      })
    );
  return {
    async start(module, capabilities, socket) {
      if (module !== "service") {
        throw new UsageError(`unknown module "${escapeControls(module, { maxLength: 80 })}"`);
      }
      if (socket === undefined) return startLocalWorker(narrow ? capabilities : undefined);
      const { descriptor, needs } = (await starterOf()).listening(socket);
      return startLocalWorker(narrow ? union(capabilities, needs) : undefined, descriptor);
    },
    descriptorsLeft: () => Promise.resolve(descriptors),
    async listen(endpoint) {
      requireCalls("listen");
      return (await starterOf()).listen(endpoint);
    },
    async startProcess(order, socket, onReport) {
      requireCalls("start a process");
      return await (await starterOf()).start(order, socket, onReport, (_, needs) => needs);
    },
  };
}

/** Rejects calls for which the C library cannot be loaded. */
function requireCalls(operation: string): void {
  if (Deno.build.os !== "linux") {
    throw new UnsupportedError("processes and shared sockets are for Linux", { operation });
  }
  const path = LIBC_PATHS[0]!;
  if (Deno.permissions.querySync({ name: "ffi", path }).state === "granted") return;
  throw new UnsupportedError("processes and shared sockets require the system's own calls", {
    operation,
    hint: `run the program with --allow-ffi=${path}`,
  });
}

/** The command line of the runtime: a compiled program cannot start a module of the library. */
function commandLine(
  flags: readonly string[] | undefined,
  runOptions: readonly string[],
): string[] {
  if (Deno.build.standalone) {
    throw new UnsupportedError("a compiled program starts no processes of its own", {
      operation: "start a process",
      hint: "netwright serve ./service.js --model fork",
    });
  }
  const module = new URL("./process_main.ts", import.meta.url).href;
  const options = [...flags ?? ["--quiet", "-A"], ...runOptions];
  return ["deno", "run", ...options, module, ...(flags === undefined ? [] : ["narrow"])];
}

function startLocalWorker(
  capabilities: Capabilities | undefined,
  descriptor?: number,
): WorkerThread {
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
  const start: LocalWorkerStart = { port: port2, descriptor, narrow: permissions !== undefined };
  worker.postMessage(start, [port2]);
  return {
    port,
    failed: failed.promise,
    [Symbol.dispose]() {
      port.close();
      worker.terminate();
    },
  };
}
