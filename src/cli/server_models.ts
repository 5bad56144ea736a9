/**
 * The server models as the command line offers them: what each needs, and how it is started.
 *
 * @module
 */

import { type Capabilities, type Endpoint, formatEndpoint, union } from "../net/mod.ts";
import { LIBC_PATHS } from "../os/mod.ts";
import {
  type MemberServeOptions,
  type NamedService,
  serveFork,
  serveMultiplex,
  type ServeOptions,
  type Server,
  serveSerial,
  serveThread,
} from "../servers/mod.ts";
import type { Service } from "../services/mod.ts";
import type { BrokerManifest } from "./command.ts";
import { MEMBER_CAPABILITIES } from "./launcher_broker.ts";

/** Where and what a model is to serve, as far as it is known from the command line. */
export interface ServePlan {
  /** The service's name. */
  readonly service: string;
  /** What the service needs. */
  readonly needs: Capabilities;
  /** Where. */
  readonly endpoint: Endpoint;
}

/** What a model is started with. */
export interface ServeStart {
  /** All common options. */
  readonly options: ServeOptions<NamedService> & MemberServeOptions;
  /** The service by name. */
  readonly named: NamedService;
  /** Builds the service for this thread. */
  build(named: NamedService): Promise<Service>;
}

/** A model. */
export interface ServerModel {
  /** What it means, for the help. */
  readonly summary: string;
  /** What the command may do itself. */
  own(plan: ServePlan): Capabilities;
  /** What it asks the launcher for. */
  brokered?(plan: ServePlan): BrokerManifest;
  /** Starts it. */
  start(start: ServeStart): Promise<Server>;
}

/** The models; the first is the default. */
export const SERVER_MODELS: Readonly<Record<string, ServerModel>> = {
  multiplex: {
    summary: "one thread for all",
    own: listenAndServe,
    start: async (start) => serveMultiplex(...await inThread(start)),
  },
  serial: {
    summary: "one client after the other",
    own: listenAndServe,
    start: async (start) => serveSerial(...await inThread(start)),
  },
  fork: {
    summary: "a process for each",
    own: () => ({}),
    brokered: ({ service, needs, endpoint }) => ({
      capabilities: union(needs, { ffi: LIBC_PATHS }),
      listen: [formatEndpoint(endpoint)],
      services: [service],
    }),
    start: ({ named, options }) => serveFork(named, options),
  },
  thread: {
    summary: "a Worker for each",
    own: listenAndServe,
    brokered: ({ service }) => ({
      capabilities: MEMBER_CAPABILITIES,
      listen: [],
      services: [service],
    }),
    start: ({ named, options }) => serveThread(named, options),
  },
};

function listenAndServe({ needs, endpoint }: ServePlan): Capabilities {
  return union({ net: [formatEndpoint(endpoint)] }, needs);
}

/** The arguments of a model that serves in this thread. */
async function inThread(
  { named, options, build }: ServeStart,
): Promise<[service: Service, options: ServeOptions]> {
  const { reload, ...common } = options;
  const again = reload && (async () => {
    const { service, tls } = await reload();
    return { service: await build(service), tls };
  });
  return [await build(named), { ...common, reload: again }];
}
