/**
 * The server models as the command line offers them: what each needs, and how it is started.
 *
 * @module
 */

import { LIBC_PATHS, union } from "../../net/internal.ts";
import { type Capabilities, type Endpoint, formatEndpoint } from "../../net/mod.ts";
import type { BrokerManifest } from "../command/broker.ts";
import { WORKER_CAPABILITIES } from "../sandbox/start_worker.ts";

/** The service and the endpoint of a model. */
export interface ModelSetting {
  /** The service's name. */
  readonly service: string;
  /** The capabilities of the service. */
  readonly needs: Capabilities;
  /** Where. */
  readonly endpoint: Endpoint;
  /** How workers of a pool accept, if the user said. */
  readonly accept: "shared" | "own" | undefined;
}

/** A model. */
export interface ServerModel {
  /** One line of help. */
  readonly summary: string;
  /** Whether its workers accept, so that the connections of one client cannot be counted. */
  readonly isPool?: boolean;
  /** Whether connections run in the thread that accepts them, so that their sockets may be `--fast`. */
  readonly isInThread?: boolean;
  /** Whether it starts Workers, whose permissions are an unstable feature of the runtime. */
  readonly startsWorkers?: boolean;
  /** The capabilities of the command itself. */
  own(plan: ModelSetting): Capabilities;
  /** The requests to the launcher. */
  brokered?(plan: ModelSetting): BrokerManifest;
}

/** The models; the first is the default. */
export const SERVER_MODELS: Readonly<Record<string, ServerModel>> = {
  multiplex: {
    summary: "one thread for all",
    isInThread: true,
    own: listenAndServe,
  },
  serial: {
    summary: "one client after the other",
    isInThread: true,
    own: listenAndServe,
  },
  fork: {
    summary: "a process for each",
    own: socketFile,
    brokered: sharing,
  },
  prefork: {
    summary: "a pool of processes",
    isPool: true,
    own: socketFile,
    brokered: ({ accept = "shared", ...plan }) => {
      const manifest = accept === "shared" ? sharing(plan) : ownSockets(plan);
      return { ...manifest, launcher: SYSTEM_CALLS };
    },
  },
  thread: {
    summary: "a Worker for each",
    startsWorkers: true,
    own: listenAndServe,
    brokered: ({ service }) => ({
      launcher: WORKER_CAPABILITIES,
      workers: {},
      listen: [],
      services: [service],
    }),
  },
  prethread: {
    summary: "a pool of Workers",
    startsWorkers: true,
    isPool: true,
    own: socketFile,
    brokered: ({ accept = "own", ...plan }) => {
      const manifest = accept === "shared" ? sharing(plan) : ownSockets(plan);
      return { ...manifest, launcher: union(manifest.launcher, WORKER_CAPABILITIES) };
    },
  },
};

/** The capabilities that the launcher needs to share sockets and to start processes. */
const SYSTEM_CALLS: Capabilities = { ffi: LIBC_PATHS };

type Place = Pick<ModelSetting, "service" | "needs" | "endpoint">;

/** The launcher opens the listening socket. */
function sharing({ service, needs, endpoint }: Place): BrokerManifest {
  return {
    launcher: SYSTEM_CALLS,
    workers: needs,
    listen: [formatEndpoint(endpoint)],
    services: [service],
  };
}

/** Each worker opens one; where the first is to pick the port, only the host is known. */
function ownSockets({ service, needs, endpoint }: Place): BrokerManifest {
  const written = formatEndpoint(endpoint);
  const net = "port" in endpoint && endpoint.port === 0 ? written.replace(/:0$/, "") : written;
  return { launcher: {}, workers: union(needs, { net: [net] }), listen: [], services: [service] };
}

/** What workers serve, and the file of a UNIX socket, which the launcher opens and the command looks after. */
function socketFile({ needs, endpoint }: ModelSetting): Capabilities {
  return "path" in endpoint ? union({ net: [formatEndpoint(endpoint)] }, needs) : needs;
}

function listenAndServe({ needs, endpoint }: ModelSetting): Capabilities {
  return union({ net: [formatEndpoint(endpoint)] }, needs);
}
