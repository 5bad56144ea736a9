/**
 * The launcher's broker: the one place where permissions are given out.
 *
 * @module
 */

import { missing, toFlag, toFlags, union } from "../../net/internal.ts";
import {
  type Capabilities,
  CapabilityError,
  type Endpoint,
  escapeControls,
  formatEndpoint,
  InjectionError,
  LimitError,
  UsageError,
} from "../../net/mod.ts";
import type {
  AcceptedSocket,
  SharedSocket,
  WorkerOrder,
  WorkerProcess,
  WorkerThread,
} from "../../servers/mod.ts";
import type { BrokerManifest } from "../command/broker.ts";
import type { ProcessStarter } from "../../servers/brokers/internal.ts";
import { startWorkerThread, terminateSoon, WORKER_MODULES } from "./start_worker.ts";
import type { DatagramRelay } from "./datagram_relay.ts";
import { descriptorsLeft, requireDescriptors } from "./descriptors.ts";
import { mainCommand, mainModule } from "./main_module.ts";
import type {
  BrokeredTerminal,
  CommandBroker,
  DatagramOrder,
  LinkOrder,
  ServerState,
  TerminalOrder,
} from "../command/broker.ts";
import { withRealPaths } from "./real_paths.ts";

/** The word that makes the program a worker. Users do not type it, so it is not a command. */
const WORKER_WORD = "--worker";

/** Workers and processes at once. */
const MAX_WORKERS = 1024;
/** Programs on terminals at once. */
const MAX_TERMINALS = 8;

/** Starts workers whose permissions lie inside one manifest; disposing of it ends them all. */
export class LauncherBroker implements CommandBroker, Disposable {
  readonly #manifest: BrokerManifest;
  readonly #workers = new Set<Disposable>();
  /** What ends the programs that run on terminals. */
  readonly #terminals = new Set<() => void>();
  #processes: ProcessStarter | undefined;
  #datagrams: DatagramRelay | undefined;

  /** @param manifest Limits of what workers may have; `workers` must not grant `ffi`. */
  constructor(manifest: BrokerManifest) {
    if (manifest.workers.ffi !== undefined) throw new TypeError("workers must not be granted ffi");
    this.#manifest = manifest;
  }

  async start(
    module: string,
    capabilities: Capabilities,
    socket?: SharedSocket,
  ): Promise<WorkerThread> {
    const known = WORKER_MODULES.find((name) => name === module);
    if (known === undefined) {
      throw new UsageError(
        `unknown worker module "${escapeControls(module, { maxLength: 80 })}"`,
      );
    }
    const granted = this.#grant(capabilities);
    if (socket === undefined) return this.#start(known, granted);
    if (known !== "service") throw new UsageError(`"${module}" accepts no connections`);
    // The broker alone adds the permission to load the library, and only together with a socket: the
    // worker's first module opens the library and revokes the permission before it loads anything else.
    const { descriptor, needs } = (await this.#starter()).listening(socket);
    return this.#start(known, union(granted, needs), descriptor);
  }

  /**
   * Returns the permissions of a worker: those that were requested, and the real paths of the files in them. Refuses
   * paths outside the manifest, such as a link that leads elsewhere by now, and one worker too many.
   */
  #grant(asked: Capabilities): Capabilities {
    const capabilities = withRealPaths(asked);
    const lacking = missing(this.#manifest.workers, capabilities);
    if (lacking !== undefined) {
      const flag = toFlag(lacking);
      throw new CapabilityError(`a worker may not have ${flag}, which its starter lacks`, { flag });
    }
    if (this.#workers.size + (this.#processes?.count ?? 0) >= MAX_WORKERS) {
      throw new LimitError(`${MAX_WORKERS} workers run already`, { limit: MAX_WORKERS });
    }
    return capabilities;
  }

  #start(
    module: typeof WORKER_MODULES[number],
    capabilities: Capabilities,
    descriptor?: number,
  ): WorkerThread {
    requireDescriptors();
    const { worker, port } = startWorkerThread(capabilities, { module, descriptor });
    const failed = Promise.withResolvers<string>();
    const thread: WorkerThread = {
      port,
      failed: failed.promise,
      [Symbol.dispose]: () => {
        if (!this.#workers.delete(thread)) return;
        port.close();
        terminateSoon(worker);
      },
    };
    worker.onerror = (event) => {
      event.preventDefault();
      failed.resolve(escapeControls(event.message, { maxLength: 500 }));
    };
    this.#workers.add(thread);
    return thread;
  }

  // deno-lint-ignore require-await -- the sandbox's side waits
  async descriptorsLeft(): Promise<number> {
    return descriptorsLeft();
  }

  async makeLink({ root, path, target }: LinkOrder): Promise<void> {
    const flag = "--allow-read --allow-write";
    if (this.#manifest.links?.includes(root) !== true) {
      throw new CapabilityError(`no links in ${root} were declared`, { flag });
    }
    // Loaded only for those who need it.
    const { isWithinRoot } = await import("../../stores/internal.ts");
    if (!isWithinRoot(path, target)) throw new InjectionError("the link leads outside");
    const { DiskTree, TreeError } = await import("../../stores/mod.ts");
    try {
      await new DiskTree(root).makeLink(path, target);
    } catch (error) {
      if (!(error instanceof TreeError && error.kind === "unsupported")) {
        throw error;
      }
      throw new CapabilityError("creating links requires permissions without a folder limit", {
        flag,
      });
    }
  }

  async sendDatagram({ path, bytes }: DatagramOrder): Promise<void> {
    if (this.#manifest.datagramSockets?.includes(path) !== true) {
      const flag = `--allow-net=unix:${path}`;
      throw new CapabilityError(`no datagrams to ${path} were declared`, { flag });
    }
    const { DatagramRelay } = await import("./datagram_relay.ts");
    await (this.#datagrams ??= new DatagramRelay()).send(path, bytes);
  }

  async dropPrivileges(): Promise<void> {
    const { duties } = this.#manifest;
    if (duties !== undefined) await (await import("./daemon.ts")).dropAsDeclared(duties);
  }

  async notify(state: ServerState): Promise<number> {
    const { duties } = this.#manifest;
    const { systemdSocket, tellSystemd } = await import("./systemd.ts");
    const isTold = systemdSocket() !== undefined;
    if (isTold) {
      const { DatagramRelay } = await import("./datagram_relay.ts");
      await tellSystemd(state, this.#datagrams ??= new DatagramRelay());
    }
    if (state === "ready" && duties !== undefined) {
      await (await import("./daemon.ts")).reportReady(duties);
    }
    return state === "ready" && isTold ? (await import("./systemd.ts")).watchdogMs() : 0;
  }

  async startOnTerminal({ argv, columns, rows }: TerminalOrder): Promise<BrokeredTerminal> {
    const written = JSON.stringify(argv);
    const [program = ""] = argv;
    const flag = `--allow-run=${program}`;
    if (this.#manifest.programs?.some((words) => JSON.stringify(words) === written) !== true) {
      throw new CapabilityError("this program was not declared", { flag });
    }
    // The system's own call does not ask the runtime.
    const { state } = await Deno.permissions.query({ name: "run", command: program });
    if (state !== "granted") {
      throw new CapabilityError(`${program} may not be run`, { flag });
    }
    const { startOnTerminal } = await import("../../os/internal.ts");
    if (this.#terminals.size >= MAX_TERMINALS) {
      throw new LimitError(`${MAX_TERMINALS} programs run already`, { limit: MAX_TERMINALS });
    }
    const running = startOnTerminal({ argv, columns, rows, env: { TERM: "dumb" } });
    const dispose = (): void => running[Symbol.dispose]();
    this.#terminals.add(dispose);
    running.status.then(() => this.#terminals.delete(dispose));
    return {
      read: (p) => running.read(p),
      write: (p) => running.write(p),
      isEchoOff: () => Promise.resolve(running.isEchoOff()),
      end: () => running.end(),
      ended: running.status.then(({ code }) => code),
      [Symbol.dispose]: dispose,
    };
  }

  async listen(endpoint: Endpoint): Promise<SharedSocket> {
    const name = formatEndpoint(endpoint);
    if (!this.#manifest.listen.includes(name)) {
      throw new CapabilityError(`no listening socket on ${name} was declared`, {
        flag: `--allow-net=${name}`,
      });
    }
    return (await this.#starter()).listen(endpoint);
  }

  async startProcess(
    order: WorkerOrder,
    socket: SharedSocket | AcceptedSocket | undefined,
    onReport: (lines: readonly string[]) => void,
  ): Promise<WorkerProcess> {
    return await (await this.#starter()).start(order, socket, onReport, (service, capabilities) => {
      if (!this.#manifest.services.includes(service)) {
        throw new CapabilityError("no such service was declared", { flag: "--allow-all" });
      }
      return this.#grant(capabilities);
    });
  }

  /** Loaded only for those who need it. */
  async #starter(): Promise<ProcessStarter> {
    const { ProcessStarter } = await import("../../servers/brokers/internal.ts");
    return this.#processes ??= new ProcessStarter({ commandLine });
  }

  [Symbol.dispose](): void {
    for (const worker of [...this.#workers]) worker[Symbol.dispose]();
    for (const dispose of this.#terminals) dispose();
    this.#processes?.[Symbol.dispose]();
    this.#datagrams?.[Symbol.dispose]();
  }
}

/** The executable takes no flags: it gives up excess permissions before the first byte. */
function commandLine(capabilities: Capabilities, runOptions: readonly string[]): string[] {
  if (Deno.build.standalone) return ["netwright", WORKER_WORD];
  const { flags } = mainCommand();
  const options = [...flags, ...runOptions, ...toFlags(capabilities)];
  return ["deno", "run", ...options, mainModule(), WORKER_WORD];
}
