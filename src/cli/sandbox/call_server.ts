/**
 * The launcher's side of a sandboxed command's calls: what each number stands for.
 *
 * @module
 */

import {
  type Address,
  CapabilityError,
  ConnectError,
  escapeControls,
  LimitError,
  NetwrightError,
  parseEndpoint,
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
import { type Answer, type Call, parseCall } from "./broker_calls.ts";
import type { CommandBroker } from "../command/broker.ts";
import { serveTerminal } from "./terminal_port.ts";
import { describeFailure } from "../terminal/failure.ts";

type Socket = SharedSocket | AcceptedSocket;
type AnsweredCall = Exclude<Call, { call: "ended" | "signals" | "retire" | "end" | "stop" }>;

/** Most calls that wait for their answer: those that accept, and those that start something. */
const MAX_PENDING = 10_000;

/** Takes calls, and answers them; disposing of it ends whatever they made. */
export class CallServer implements Disposable {
  readonly #broker: CommandBroker;
  readonly #answer: (answer: Answer, transfer?: Transferable[]) => void;
  readonly #onSignals: () => void;
  readonly #workers = new Map<number, WorkerThread>();
  readonly #processes = new Map<number, WorkerProcess>();
  readonly #sockets = new Map<number, Socket>();
  /** Numbers of calls that were not answered yet. */
  readonly #pending = new Set<number>();
  /** Numbers of those whose results are to be stopped at once. */
  readonly #stopped = new Set<number>();
  #isDisposed = false;

  /**
   * @param broker Executes the calls, as far as permitted.
   * @param answer Takes answers to the command.
   * @param onSignals Called when the command takes signals over.
   */
  constructor(
    broker: CommandBroker,
    answer: (answer: Answer, transfer?: Transferable[]) => void,
    onSignals: () => void = () => {},
  ) {
    this.#onSignals = onSignals;
    this.#broker = broker;
    this.#answer = answer;
  }

  /**
   * Executes a call of a command; a refusal is an answer too.
   * @param data The message from the sandbox.
   * @returns The exit status, once the command says that it has ended.
   * @throws {LimitError} If more calls are open at once than any command makes; it should be ended.
   */
  take(data: unknown): number | undefined {
    const call = parseCall(data);
    if (call === undefined) {
      const id = (data as { id?: unknown } | null)?.id;
      if (typeof id === "number") this.#refuse(id, new UsageError("the call is malformed"));
    } else if (call.call === "ended") return call.status;
    else if (call.call === "signals") this.#onSignals();
    else if (call.call === "retire") this.#processes.get(call.id)?.retire();
    else if (call.call === "end") this.#processes.get(call.id)?.end();
    else if (call.call === "stop") this.#stop(call.id);
    else this.#begin(call);
    return undefined;
  }

  #begin(call: AnsweredCall): void {
    const { id } = call;
    if (this.#pending.has(id)) return this.#refuse(id, new UsageError(`the number ${id} is taken`));
    this.#pending.add(id);
    if (this.#pending.size > MAX_PENDING) {
      throw new LimitError("the sandbox asks for too much at once", {
        operation: "answer the sandbox",
        limit: MAX_PENDING,
      });
    }
    this.#do(call).catch((error) => this.#refuse(id, error)).finally(() => {
      this.#pending.delete(id);
      // What was made after its end was asked for ends now.
      if (this.#stopped.delete(id) || this.#isDisposed) this.#stop(id);
    });
  }

  async #do(call: AnsweredCall): Promise<void> {
    const { id } = call;
    if (this.#workers.has(id) || this.#processes.has(id) || this.#sockets.has(id)) {
      throw new UsageError(`the number ${id} is taken`);
    }
    switch (call.call) {
      case "start": {
        const socket = this.#socket(call.socket);
        if (socket !== undefined && !("accept" in socket)) throw noSuchSocket();
        const worker = await this.#broker.start(call.module, call.capabilities, socket);
        this.#workers.set(id, worker);
        const { port } = worker;
        this.#answer({ answer: "started", id, port }, [port]);
        worker.failed.then((text) => this.#answer({ answer: "failed", id, text }));
        return;
      }
      case "descriptorsLeft":
        return this.#answer({ answer: "count", id, count: await this.#broker.descriptorsLeft() });
      case "listen": {
        const socket = await this.#broker.listen(parseEndpoint(call.endpoint));
        return this.#made(id, socket, socket.address);
      }
      case "accept": {
        const socket = this.#socket(call.socket);
        if (socket === undefined || !("accept" in socket)) throw noSuchSocket();
        const accepted = await socket.accept();
        return this.#made(id, accepted, accepted.remote);
      }
      case "startOnTerminal": {
        const program = await this.#broker.startOnTerminal(call.order);
        const { port1, port2 } = new MessageChannel();
        serveTerminal(port1, program);
        const stop = (): void => {
          port1.close();
          program[Symbol.dispose]();
        };
        this.#workers.set(id, { port: port1, failed: NEVER, [Symbol.dispose]: stop });
        return this.#answer({ answer: "started", id, port: port2 }, [port2]);
      }
      case "makeLink":
        await this.#broker.makeLink(call.order);
        return this.#answer({ answer: "done", id });
      case "sendDatagram":
        await this.#broker.sendDatagram(call.order);
        return this.#answer({ answer: "done", id });
      case "dropPrivileges":
        await this.#broker.dropPrivileges();
        return this.#answer({ answer: "done", id });
      case "notify":
        return this.#answer({
          answer: "count",
          id,
          count: await this.#broker.notify(call.state),
        });
      case "startProcess": {
        const socket = this.#socket(call.socket);
        const process = await this.#broker.startProcess(
          call.order as WorkerOrder,
          socket,
          (lines) => this.#answer({ answer: "report", id, lines }),
        );
        // A connection belongs to its process now.
        if (socket !== undefined && !("accept" in socket)) this.#sockets.delete(call.socket!);
        this.#processes.set(id, process);
        this.#answer({ answer: "process", id, pid: process.pid });
        process.ended.then((text) => {
          this.#processes.delete(id);
          this.#answer({ answer: "over", id, text });
        }, (error) => this.#refuse(id, error));
      }
    }
  }

  #made(id: number, socket: Socket, address: Address): void {
    this.#sockets.set(id, socket);
    this.#answer({ answer: "socket", id, address });
  }

  #socket(id: number | undefined): Socket | undefined {
    if (id === undefined) return undefined;
    const socket = this.#sockets.get(id);
    if (socket === undefined) throw noSuchSocket();
    return socket;
  }

  #stop(id: number): void {
    if (this.#pending.has(id)) this.#stopped.add(id);
    this.#workers.get(id)?.[Symbol.dispose]();
    this.#workers.delete(id);
    this.#sockets.get(id)?.[Symbol.dispose]();
    this.#sockets.delete(id);
    this.#processes.get(id)?.kill();
  }

  #refuse(id: number, error: unknown): void {
    this.#answer(refusal(id, error));
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    for (const worker of this.#workers.values()) worker[Symbol.dispose]();
    for (const process of this.#processes.values()) process.kill();
    for (const socket of this.#sockets.values()) socket[Symbol.dispose]();
  }
}

/** A terminal fails in its own words. */
const NEVER = new Promise<never>(() => {});

function noSuchSocket(): UsageError {
  return new UsageError("there is no such socket");
}

function refusal(id: number, error: unknown): Answer {
  const reason = error instanceof NetwrightError
    ? error.reason
    : escapeControls(describeFailure(error), { maxLength: 500 });
  const reported = (kind: (Answer & { answer: "refused" })["kind"], detail = ""): Answer => ({
    answer: "refused",
    id,
    kind,
    reason,
    peer: error instanceof NetwrightError ? error.peer : undefined,
    detail,
  });
  if (error instanceof CapabilityError) return reported("capability", error.flag);
  if (error instanceof LimitError) return reported("limit", String(error.limit));
  if (error instanceof ConnectError) return reported("connect", error.kind);
  if (error instanceof UnsupportedError) return reported("unsupported");
  return reported(error instanceof UsageError ? "usage" : "other");
}
