/**
 * Sockets that are opened before the process gives up the right to.
 *
 * @module
 */

import { closeQuietly } from "../../net/internal.ts";
import {
  type DatagramConnection,
  formatEndpoint,
  type Listener,
  overrideNetwork,
  UnsupportedError,
} from "../../net/mod.ts";
import type { SharedSocket } from "../../servers/mod.ts";
import type { Context } from "../command/context.ts";
import type { CommandBroker } from "../command/broker.ts";
import type { ServePlan } from "./serve_plan.ts";
import { SERVER_MODELS } from "./server_models.ts";

/** Where servers find the sockets. */
export type BoundPlace = Pick<Context, "network" | "broker">;

/**
 * Opens the ports of servers.
 *
 * @param plans The servers; those with UNIX sockets open them later, as the user that they run as.
 * @param context The command.
 * @param stack Closes what was not taken.
 * @returns A network and a broker that hand out the open sockets, each once.
 * @throws {ConnectError} If an address is in use or not ours.
 * @throws {UnsupportedError} If a model's workers open sockets for themselves.
 */
export async function bindFirst(
  plans: readonly ServePlan[],
  { network, broker }: Context,
  stack: AsyncDisposableStack,
): Promise<BoundPlace> {
  const listeners = new Map<string, Listener>();
  const datagrams = new Map<string, DatagramConnection>();
  const shared = new Map<string, SharedSocket>();
  stack.defer(() => {
    for (const socket of [...listeners.values(), ...datagrams.values()]) closeQuietly(socket);
    for (const socket of shared.values()) socket[Symbol.dispose]();
  });
  for (const plan of plans) {
    const { endpoint, model } = plan;
    if ("path" in endpoint) continue;
    const { hostname, port } = endpoint;
    const name = formatEndpoint(endpoint);
    requirePossible(plan);
    if (plan.datagrams) {
      datagrams.set(name, network.listenDatagram({ transport: "udp", hostname, port }));
    } else if (SERVER_MODELS[model]!.isInThread === true || model === "thread") {
      listeners.set(name, network.listen({ transport: "tcp", hostname, port }));
    } else shared.set(name, await broker.listen(endpoint));
  }
  return {
    network: overrideNetwork(network, {
      listen: (options) =>
        ("port" in options ? take(listeners, nameOf(options)) : undefined) ??
          network.listen(options),
      listenDatagram: (options) =>
        ("port" in options ? take(datagrams, nameOf(options)) : undefined) ??
          network.listenDatagram(options),
    }),
    broker: new Proxy(broker, {
      get(target, name) {
        if (name === "listen") {
          return async (endpoint: Parameters<CommandBroker["listen"]>[0]) =>
            take(shared, formatEndpoint(endpoint)) ?? await target.listen(endpoint);
        }
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    }),
  };
}

function nameOf({ hostname = "0.0.0.0", port }: { hostname?: string; port: number }): string {
  return formatEndpoint({ transport: "tcp", hostname, port });
}

function take<T>(from: Map<string, T>, name: string): T | undefined {
  const found = from.get(name);
  from.delete(name);
  return found;
}

function requirePossible({ model, accept, fast, datagrams, duties }: ServePlan): void {
  const refuse = (what: string): never => {
    throw new UnsupportedError(`${what} cannot give up root's power after listening`, {
      operation: "serve",
    });
  };
  if (fast) refuse("--fast");
  if (datagrams) return;
  const isPool = SERVER_MODELS[model]!.isPool === true;
  if (isPool && (accept ?? (model === "prethread" ? "own" : "shared")) === "own") {
    refuse("--accept own");
  }
  if (duties?.chroot !== undefined && (model === "fork" || model === "prefork")) {
    throw new UnsupportedError(
      `--model ${model} starts processes, whose program is not in --chroot`,
      {
        operation: "serve",
      },
    );
  }
}
