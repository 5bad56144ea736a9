/**
 * `netwright serve`, inside the sandbox.
 *
 * @module
 */

import { formatEndpoint, UnsupportedError } from "../../../net/mod.ts";
import { isModuleAddress } from "../../../services/internal.ts";
import type { NamedService } from "../../../services/mod.ts";
import { buildService } from "../../../servers/internal.ts";
import { serveDatagrams, type ServeOptions, type Server } from "../../../servers/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import { requireService } from "../../commands/serve/serve.ts";
import { fastDatagrams, fastStreams } from "../../serving/fast_network.ts";
import { refuseUnknownOptions } from "../../serving/own_service.ts";
import { readConfiguration, readTls } from "../../serving/read_configuration.ts";
import type { ServePlan } from "../../serving/serve_plan.ts";
import { serverEvents, tellStatus } from "../../serving/server_log.ts";
import { withSocketFile } from "../../serving/socket_file.ts";
import { PREPARE_MODEL } from "../../serving/start_models.ts";
import { onSignal } from "../../terminal/interrupt.ts";

/** The command, in the sandbox. */
export const action: Action<ServePlan> = {
  async run(plan, context) {
    // Signals are handled before the address is printed.
    const { signal } = context;
    const running: { server?: Server } = {};
    // A failure is logged; the server continues with its old configuration.
    using _hangup = onSignal("SIGHUP", () => void running.server?.reload().catch(() => {}));
    using _status = onSignal(
      "SIGUSR2",
      () => running.server && tellStatus(running.server.status(), context),
    );
    await using server = await start(plan, context);
    running.server = server;
    await context.stdout.line(`listening on ${formatEndpoint(server.endpoint)}`);
    const stop = (): void => void server.shutdown(plan.graceMs);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    await server.finished;
  },
};

async function start(plan: ServePlan, context: Context): Promise<Server> {
  const { endpoint } = plan;
  const service = await requireService(plan.service);
  if ((plan.datagrams ? service.datagram : service.stream) === undefined) {
    throw new UnsupportedError(
      `${service.name} is not defined over ${plan.datagrams ? "UDP" : "TCP"}`,
    );
  }
  const isOwn = isModuleAddress(plan.service);
  if (isOwn) refuseUnknownOptions(service, plan.serviceArguments.options);
  const options: Omit<ServeOptions, "reload"> = {
    ...plan.limits,
    network: context.network,
    endpoint,
    quiet: context.quiet,
    log: serverEvents(context),
  };
  const warn = (text: string): void =>
    options.log?.({ kind: "warning", service: service.name, text });
  const configuration = async (): Promise<unknown> => await readConfiguration(plan, service, warn);
  if (plan.datagrams) {
    const build = async () => await service.datagram!(await configuration());
    const reload = async () => ({ service: await build() });
    const network = plan.fast ? fastDatagrams(context.network) : context.network;
    const datagrams = await build();
    return await withSocketFile(plan.socketFile, endpoint, async () => {
      const server = serveDatagrams(datagrams, { ...options, network, reload });
      await server.begun;
      return server;
    });
  }
  const read = async (): Promise<NamedService> => ({
    service: plan.service,
    configuration: await configuration() ?? {},
    ...(isOwn && { needs: plan.needs }),
  });
  const tls = async () => plan.startsTls ? undefined : await readTls(plan);
  const named = await read();
  const certificate = await tls();
  // Whatever is wrong with the files is said before the file of a dead server goes.
  const starting = await PREPARE_MODEL[plan.model]!({
    named,
    options: {
      ...options,
      network: plan.fast ? fastStreams(context.network) : context.network,
      tls: certificate,
      reload: async () => ({ service: await read(), tls: await tls() }),
    },
    pool: { ...plan.pool, accept: plan.accept },
    broker: context.broker,
    build: buildService,
  });
  return await withSocketFile(plan.socketFile, endpoint, starting);
}
