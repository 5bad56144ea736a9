/**
 * How each server model is started.
 *
 * @module
 */

import {
  type Broker,
  type PoolServeOptions,
  type PoolSize,
  serveFork,
  serveMultiplex,
  type ServeOptions,
  servePrefork,
  servePrethread,
  type Server,
  serveSerial,
  serveThread,
  type ThreadServeOptions,
} from "../../servers/mod.ts";
import type { NamedService, Service } from "../../services/mod.ts";

/** The arguments for starting a model. */
export interface ServeStart {
  /** Options of all models. */
  readonly options: Omit<ServeOptions<NamedService>, "now">;
  /** Options of pools only. */
  readonly pool: PoolSize & Pick<PoolServeOptions, typeof POOL_OPTIONS[number]>;
  /** Who starts workers. */
  readonly broker: Broker;
  /** The service by name. */
  readonly named: NamedService;
  /** Builds the service for this thread. */
  build(named: NamedService): Promise<Service>;
}

const POOL_OPTIONS = ["accept", "connectionsPerChild", "requestsPerChild"] as const;

/** Starts a model; checks all arguments before it has any side effect. */
type Prepare = (start: ServeStart) => Promise<() => Promise<Server> | Server>;

/** How each model is started, by its name. */
export const PREPARE_MODEL: Readonly<Record<string, Prepare>> = {
  multiplex: async (start) => {
    const [service, options] = await inThread(start);
    return () => serveMultiplex(service, options);
  },
  serial: async (start) => {
    const [service, options] = await inThread(start);
    return () => serveSerial(service, options);
  },
  fork: async (start) => {
    const { network: _, ...options } = await byName(start);
    return () => serveFork(start.named, options);
  },
  prefork: async (start) => {
    const options = await pooled(start);
    return () => servePrefork(start.named, options);
  },
  thread: async (start) => {
    const options = await byName(start);
    return () => serveThread(start.named, options);
  },
  prethread: async (start) => {
    const options = await pooled(start);
    return () => servePrethread(start.named, options);
  },
};

/** The options of a model that starts workers; errors of the service are reported at once. */
async function byName({ named, options, broker, build }: ServeStart): Promise<ThreadServeOptions> {
  const { reload, ...common } = options;
  const again = reload && (async () => {
    const read = await reload();
    await build(read.service);
    return read;
  });
  await build(named);
  return { ...common, broker, reload: again };
}

/** The options of a pool, whose workers do not know of each other's clients. */
async function pooled(start: ServeStart): Promise<PoolServeOptions> {
  const { network: _, maxConnectionsPerClient: __, clientPrefix: ___, whenFull: ____, ...options } =
    await byName(start);
  return { ...options, ...start.pool };
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
