/**
 * The sandbox's side of the broker: asks the launcher, for nothing can be started in here.
 *
 * @module
 */

import {
  type Address,
  type Capabilities,
  CapabilityError,
  ConnectError,
  type ConnectErrorKind,
  type Endpoint,
  formatEndpoint,
  LimitError,
  NetwrightError,
  UnsupportedError,
  UsageError,
} from "../../net/mod.ts";
import type {
  AcceptedSocket,
  SharedSocket,
  WorkerOrder,
  WorkerProcess,
  WorkerThread,
} from "../../servers/mod.ts";
import type { Answer, Call } from "./broker_calls.ts";
import { PortTerminal } from "./terminal_port.ts";
import type {
  BrokeredTerminal,
  CommandBroker,
  DatagramOrder,
  LinkOrder,
  ServerState,
  TerminalOrder,
} from "../command/broker.ts";

type Made = Exclude<Answer, { answer: "refused" | "failed" | "report" | "over" }>;
type Made$<K extends Made["answer"]> = Extract<Made, { answer: K }>;
type Numbered<C> = C extends { id: number } ? Omit<C, "id"> : never;

/** Passes calls on to the launcher and its answers back. */
export class SandboxBroker implements CommandBroker {
  readonly #send: (call: Call) => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<Made>>();
  readonly #over = new Map<number, (text: string) => void>();
  readonly #reports = new Map<number, (lines: readonly string[]) => void>();
  #nextId = 0;

  /** @param send Takes a call to the launcher. */
  constructor(send: (call: Call) => void) {
    this.#send = send;
  }

  /** Takes an answer of the launcher. */
  take(answer: Answer): void {
    const { id } = answer;
    switch (answer.answer) {
      case "report":
        return this.#reports.get(id)?.(answer.lines);
      case "failed":
        return this.#over.get(id)?.(answer.text);
      case "over":
        this.#reports.delete(id);
        this.#over.get(id)?.(answer.text);
        this.#over.delete(id);
        return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (answer.answer === "refused") waiting?.reject(toError(answer));
    else waiting?.resolve(answer);
  }

  #ask<K extends Made["answer"]>(call: Numbered<Call>, _kind: K, id: number): Promise<Made$<K>> {
    const waiting = Promise.withResolvers<Made>();
    this.#waiting.set(id, waiting);
    this.#send({ ...call, id } as Call);
    return waiting.promise as Promise<Made$<K>>;
  }

  async start(
    module: string,
    capabilities: Capabilities,
    socket?: SharedSocket,
  ): Promise<WorkerThread> {
    const id = this.#nextId++;
    const failed = Promise.withResolvers<string>();
    this.#over.set(id, failed.resolve);
    try {
      const call = { call: "start", module, capabilities, socket: numberOf(socket) } as const;
      const { port } = await this.#ask(call, "started", id);
      return {
        port,
        failed: failed.promise,
        [Symbol.dispose]: () => {
          if (!this.#over.delete(id)) return;
          port.close();
          this.#send({ call: "stop", id });
        },
      };
    } catch (error) {
      this.#over.delete(id);
      throw error;
    }
  }

  async descriptorsLeft(): Promise<number> {
    const { count } = await this.#ask({ call: "descriptorsLeft" }, "count", this.#nextId++);
    return count;
  }

  async makeLink(order: LinkOrder): Promise<void> {
    await this.#ask({ call: "makeLink", order }, "done", this.#nextId++);
  }

  async sendDatagram(order: DatagramOrder): Promise<void> {
    await this.#ask({ call: "sendDatagram", order }, "done", this.#nextId++);
  }

  async dropPrivileges(): Promise<void> {
    await this.#ask({ call: "dropPrivileges" }, "done", this.#nextId++);
  }

  async notify(state: ServerState): Promise<number> {
    const { count } = await this.#ask({ call: "notify", state }, "count", this.#nextId++);
    return count;
  }

  async startOnTerminal(order: TerminalOrder): Promise<BrokeredTerminal> {
    const id = this.#nextId++;
    const { port } = await this.#ask({ call: "startOnTerminal", order }, "started", id);
    return new PortTerminal(port, () => this.#send({ call: "stop", id }));
  }

  async listen(endpoint: Endpoint): Promise<SharedSocket> {
    const id = this.#nextId++;
    const call = { call: "listen", endpoint: formatEndpoint(endpoint) } as const;
    const { address } = await this.#ask(call, "socket", id);
    return new SandboxSocket(id, address, () => this.#send({ call: "stop", id }), async () => {
      const inner = this.#nextId++;
      const { address: remote } = await this.#ask({ call: "accept", socket: id }, "socket", inner);
      return new SandboxSocket(inner, remote, () => this.#send({ call: "stop", id: inner }));
    });
  }

  async startProcess(
    order: WorkerOrder,
    socket: SharedSocket | AcceptedSocket | undefined,
    onReport: (lines: readonly string[]) => void,
  ): Promise<WorkerProcess> {
    const id = this.#nextId++;
    const ended = Promise.withResolvers<string>();
    this.#over.set(id, ended.resolve);
    this.#reports.set(id, onReport);
    try {
      const call = { call: "startProcess", order, socket: numberOf(socket) } as const;
      const { pid } = await this.#ask(call, "process", id);
      return {
        pid,
        ended: ended.promise,
        retire: () => this.#send({ call: "retire", id }),
        end: () => this.#send({ call: "end", id }),
        kill: () => this.#send({ call: "stop", id }),
      };
    } catch (error) {
      this.#over.delete(id);
      this.#reports.delete(id);
      throw error;
    }
  }
}

/** A socket that the launcher holds, by the number of the call that made it. */
class SandboxSocket implements SharedSocket, AcceptedSocket {
  readonly id: number;
  readonly address: Address;
  readonly #close: () => void;
  readonly #accept: (() => Promise<AcceptedSocket>) | undefined;

  constructor(
    id: number,
    address: Address,
    close: () => void,
    accept?: () => Promise<AcceptedSocket>,
  ) {
    this.id = id;
    this.address = address;
    this.#close = close;
    this.#accept = accept;
  }

  get remote(): Address {
    return this.address;
  }

  accept(): Promise<AcceptedSocket> {
    if (this.#accept !== undefined) return this.#accept();
    return Promise.reject(new UsageError("a connection accepts none"));
  }

  [Symbol.dispose](): void {
    this.#close();
  }
}

function numberOf(socket: SharedSocket | AcceptedSocket | undefined): number | undefined {
  if (socket === undefined) return undefined;
  if (socket instanceof SandboxSocket) return socket.id;
  throw new UsageError("the socket does not belong to this broker");
}

function toError({ kind, reason, peer, detail }: Answer & { answer: "refused" }): NetwrightError {
  const context = { peer };
  switch (kind) {
    case "capability":
      return new CapabilityError(reason, { peer, flag: detail });
    case "limit":
      return new LimitError(reason, { peer, limit: Number(detail) });
    case "usage":
      return new UsageError(reason, context);
    case "unsupported":
      return new UnsupportedError(reason, context);
    case "connect":
      return new ConnectError(reason, { peer, kind: detail as ConnectErrorKind });
    case "other":
      return new NetwrightError(reason, context);
  }
}
