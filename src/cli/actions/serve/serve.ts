/**
 * `netwright serve`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { formatEndpoint, UsageError } from "../../../net/mod.ts";
import {
  buildService,
  type NamedService,
  serveDatagrams,
  type ServeOptions,
  type Server,
} from "../../../servers/mod.ts";
import type { ServiceModule } from "../../../services/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Context } from "../../command/context.ts";
import { onSignal } from "../../terminal/interrupt.ts";
import { serverEvents, tellStatus } from "../../serving/server_log.ts";
import { fastDatagrams, fastStreams } from "../../serving/fast_network.ts";
import {
  endpointOf,
  poolOptions,
  prefixOf,
  refusePoolOptions,
  startsTls,
  usesDatagrams,
} from "../../serving/serving_options.ts";
import { readConfiguration, readTls } from "../../serving/read_configuration.ts";
import { withSocketFile } from "../../serving/socket_file.ts";
import { PREPARE_MODEL } from "../../serving/start_models.ts";
import { modelName, modelOf, serviceOf } from "../../commands/serve/serve.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    const service = await serviceOf(args);
    // Signals are taken over before anyone is told that there is a server to end.
    const { signal } = context;
    const graceMs = args.milliseconds("grace", 500);
    const running: { server?: Server } = {};
    // A failure stands in the log; the server goes on with what it had.
    using _hangup = onSignal("SIGHUP", () => void running.server?.reload().catch(() => {}));
    using _status = onSignal(
      "SIGUSR2",
      () => running.server && tellStatus(running.server.status(), context),
    );
    await using server = await start(service, args, context);
    running.server = server;
    await context.stdout.line(`listening on ${formatEndpoint(server.endpoint)}`);
    const stop = (): void => void server.shutdown(graceMs);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    await server.finished;
  },
});

async function start(service: ServiceModule, args: Arguments, context: Context): Promise<Server> {
  const endpoint = endpointOf(args, service);
  const options: Omit<ServeOptions, "reload"> = {
    network: context.network,
    endpoint,
    maxConnections: args.integer("max-connections", { min: 1, fallback: undefined }),
    maxConnectionsPerClient: args.integer("max-per-client", { min: 1, fallback: undefined }),
    whenFull: args.value("when-full") as "refuse" | "queue" | undefined,
    clientPrefix: prefixOf(args),
    clientRate: args.integer("client-rate", { min: 1, fallback: undefined }),
    idleTimeoutMs: args.milliseconds("idle-timeout", service.idleMs ?? 300_000),
    sessionTimeoutMs: args.milliseconds("session-timeout", Infinity),
    quiet: context.quiet,
    log: serverEvents(context),
  };
  const warn = (text: string): void =>
    options.log?.({ kind: "warning", service: service.name, text });
  const own = async (): Promise<unknown> => await readConfiguration(args, service, warn);
  if (usesDatagrams(args, service)) {
    if (args.has("model")) throw new UsageError("--model is for connections, not for --udp");
    const build = async () => await service.datagram!(await own());
    const reload = async () => ({ service: await build() });
    if (args.has("fast") && endpoint.transport !== "udp") throw new UsageError("--fast is for UDP");
    const network = args.has("fast") ? fastDatagrams(context.network) : context.network;
    const datagrams = await build();
    return await withSocketFile(
      args,
      endpoint,
      async () => {
        const server = serveDatagrams(datagrams, { ...options, network, reload });
        await server.begun;
        return server;
      },
    );
  }
  const model = modelOf(args);
  if (!model.isPool) refusePoolOptions(args);
  if (args.has("fast") && (endpoint.transport !== "tcp" || !model.isInThread)) {
    throw new UsageError("--fast is for UDP, and for TCP in one thread");
  }
  const network = args.has("fast") ? fastStreams(context.network) : context.network;
  const read = async (): Promise<NamedService> => ({
    service: service.name,
    configuration: await own(),
  });
  const tls = async () => startsTls(args, service) ? undefined : await readTls(args);
  const unpooled = ["max-per-client", "client-prefix", "when-full"].find((name) => args.has(name));
  if (model.isPool && unpooled !== undefined) {
    throw new UsageError(`--${unpooled} is for models without a pool: its members each accept`);
  }
  const named = await read();
  const certificate = await tls();
  // Whatever is wrong with the command line is said before the file of a dead server goes.
  const starting = await PREPARE_MODEL[modelName(args)]!({
    named,
    options: {
      ...options,
      network,
      broker: context.broker,
      ...poolOptions(args, endpoint),
      tls: certificate,
      reload: async () => ({ service: await read(), tls: await tls() }),
    },
    build: buildService,
  });
  return await withSocketFile(args, endpoint, starting);
}
