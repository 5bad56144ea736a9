/**
 * How each server model is started.
 *
 * @module
 */

import {
  type NamedService,
  type PoolServeOptions,
  serveFork,
  serveMultiplex,
  type ServeOptions,
  servePrefork,
  servePrethread,
  type Server,
  serveSerial,
  serveThread,
} from "../../servers/mod.ts";
import type { Service } from "../../services/mod.ts";

/** What a model is started with. */
export interface ServeStart {
  /** All common options. */
  readonly options: ServeOptions<NamedService> & PoolServeOptions;
  /** The service by name. */
  readonly named: NamedService;
  /** Builds the service for this thread. */
  build(named: NamedService): Promise<Service>;
}

/** Starts a model; checks all arguments before it has any side effect. */
type Prepare = (start: ServeStart) => Promise<() => Promise<Server> | Server>;

/** How each model is started, by its name. */
export const PREPARE_MODEL: Readonly<Record<string, Prepare>> = {
  multiplex: async (start) => {
    const prepared = await inThread(start);
    return () => serveMultiplex(...prepared);
  },
  serial: async (start) => {
    const prepared = await inThread(start);
    return () => serveSerial(...prepared);
  },
  fork: async (start) => {
    const prepared = await byName(start);
    return () => serveFork(...prepared);
  },
  prefork: async (start) => {
    const prepared = await byName(start);
    return () => servePrefork(...prepared);
  },
  thread: async (start) => {
    const prepared = await byName(start);
    return () => serveThread(...prepared);
  },
  prethread: async (start) => {
    const prepared = await byName(start);
    return () => servePrethread(...prepared);
  },
};

/** The arguments of a model that starts members: what they could not build is told at once. */
async function byName(
  { named, options, build }: ServeStart,
): Promise<[named: NamedService, options: PoolServeOptions & ServeOptions<NamedService>]> {
  const { reload, ...common } = options;
  const again = reload && (async () => {
    const read = await reload();
    await build(read.service);
    return read;
  });
  await build(named);
  return [named, { ...common, reload: again }];
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
