/**
 * Starts servers, and runs them until they are stopped.
 *
 * @module
 */

import { formatEndpoint, UnsupportedError } from "../../net/mod.ts";
import { isModuleAddress } from "../../services/internal.ts";
import type { NamedService, ServiceModule } from "../../services/mod.ts";
import { buildService } from "../../servers/internal.ts";
import { serveDatagrams, type ServeOptions, type Server } from "../../servers/mod.ts";
import type { Context } from "../command/context.ts";
import { requireService } from "./require_service.ts";
import { bindFirst } from "./bind_first.ts";
import { fastDatagrams, fastStreams } from "./fast_network.ts";
import { refuseUnknownOptions } from "./own_service.ts";
import { reachableAt } from "./reachable.ts";
import { readConfiguration, readTls } from "./read_configuration.ts";
import type { ServePlan } from "./serve_plan.ts";
import { ServerLog } from "../logging/server_log.ts";
import { withSocketFile } from "./socket_file.ts";
import { PREPARE_MODEL } from "./start_models.ts";
import { onSignal } from "../terminal/interrupt.ts";

/**
 * Runs servers until the command is interrupted: HUP reloads them, USR2 shows their status.
 *
 * @param plans The servers.
 * @param context The command.
 * @throws {NetwrightError} If one cannot start; then none runs.
 */
export async function runServers(plans: readonly ServePlan[], context: Context): Promise<void> {
  // Signals are handled before an address is printed.
  const { signal } = context;
  const running: Server[] = [];
  // A failure is logged; the server continues with its old configuration.
  using _hangup = onSignal("SIGHUP", () => void reload(running, context));
  const [first] = plans;
  const duties = first?.duties;
  const isConfined = (duties?.user ?? duties?.group ?? duties?.chroot) !== undefined;
  await using log = await ServerLog.open(context, first?.log, isConfined);
  using _status = onSignal("SIGUSR2", () => {
    for (const server of running) log.status(server.status());
  });
  await using started = new AsyncDisposableStack();
  // Files of options are read, and ports are taken, before root's power is given up; everything else happens after it.
  const prepared: Prepared[] = [];
  for (const plan of plans) prepared.push(await prepare(plan, context, log));
  const place = isConfined ? await bindFirst(plans, context, started) : context;
  if (isConfined) await context.broker.dropPrivileges();
  for (const begin of prepared) running.push(started.use(await begin(place)));
  for (const [index, server] of running.entries()) {
    const name = plans.length === 1 ? "" : `${plans[index]!.service} `;
    await context.stdout.line(`${name}listening on ${formatEndpoint(server.endpoint)}`);
    await printReachable(plans[index]!, server, context);
  }
  using _watchdog = await reportReady(context);
  const stop = (): void =>
    running.forEach((server, index) => {
      void server.shutdown(plans[index]!.graceMs);
      if (index === 0) void context.broker.notify("stopping").catch(() => {});
    });
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  await Promise.all(running.map(({ finished }) => finished));
}

/** Reads the configuration again; a failure is logged, and the server continues with its old one. */
async function reload(running: readonly Server[], { broker }: Context): Promise<void> {
  await broker.notify("reloading");
  await Promise.allSettled(running.map((server) => server.reload()));
  await broker.notify("ready");
}

/** Says that the servers serve, and goes on saying so if that is wanted. */
async function reportReady({ broker }: Context): Promise<Disposable> {
  const everyMs = await broker.notify("ready");
  if (everyMs === 0) return { [Symbol.dispose]: () => {} };
  const timer = setInterval(() => void broker.notify("alive").catch(() => {}), everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Prints an address for other hosts, of a server that listens on all addresses. */
async function printReachable(plan: ServePlan, server: Server, context: Context): Promise<void> {
  if (!plan.printsAddress) return;
  const isSecure = plan.tls !== undefined && !plan.startsTls;
  const address = await reachableAt(server.endpoint, plan.service, isSecure);
  if (address !== undefined) await context.stderr.line(`reachable at ${address}`);
}

/** Starts a server on a network, and with a broker. */
type Prepared = (place: Pick<Context, "network" | "broker">) => Promise<Server>;

/** Reads what a server needs. */
async function prepare(plan: ServePlan, context: Context, log: ServerLog): Promise<Prepared> {
  const { endpoint } = plan;
  const isOwn = isModuleAddress(plan.service);
  let loads = 0;
  /** A module of the user's own is loaded again on reload, under another address: the runtime keeps the old one. */
  const fresh = (): string => isOwn && loads > 1 ? `${plan.service}?${loads}` : plan.service;
  const load = async (): Promise<ServiceModule> => {
    loads++;
    return await requireService(fresh());
  };
  const service = await load();
  if ((plan.datagrams ? service.datagram : service.stream) === undefined) {
    throw new UnsupportedError(
      `${service.name} is not defined over ${plan.datagrams ? "UDP" : "TCP"}`,
    );
  }
  if (isOwn) refuseUnknownOptions(service, plan.serviceArguments.options);
  const options: Omit<ServeOptions, "reload" | "network"> = {
    ...plan.limits,
    endpoint,
    quiet: context.quiet,
    log: log.event,
  };
  const warn = (text: string): void =>
    options.log?.({ kind: "warning", service: service.name, text });
  const configuration = async (module: ServiceModule): Promise<unknown> =>
    await readConfiguration(plan, module, warn);
  if (plan.datagrams) {
    const build = async (module: ServiceModule) =>
      await module.datagram!(await configuration(module));
    const reload = async () => ({ service: await build(await load()) });
    const read = await configuration(service);
    return async ({ network: plain }) => {
      const network = plan.fast ? fastDatagrams(plain) : plain;
      const datagrams = await service.datagram!(read);
      return await withSocketFile(plan.socketFile, endpoint, async () => {
        const server = serveDatagrams(datagrams, { ...options, network, reload });
        await server.begun;
        return server;
      });
    };
  }
  const read = async (module: ServiceModule): Promise<NamedService> => ({
    service: plan.service,
    configuration: await configuration(module) ?? {},
    ...(isOwn && { needs: plan.needs }),
    ...(plan.telnet && { telnet: true }),
  });
  const tls = async () => plan.startsTls ? undefined : await readTls(plan);
  const named = await read(service);
  const certificate = await tls();
  return async ({ network, broker }) => {
    // Whatever is wrong with the files is said before the file of a dead server goes.
    const starting = await PREPARE_MODEL[plan.model]!({
      named,
      options: {
        ...options,
        network: plan.fast ? fastStreams(network) : network,
        tls: certificate,
        reload: async () => ({ service: await read(await load()), tls: await tls() }),
      },
      pool: { ...plan.pool, accept: plan.accept },
      broker,
      build: (named) => buildService({ ...named, service: fresh() }),
    });
    return await withSocketFile(plan.socketFile, endpoint, starting);
  };
}
