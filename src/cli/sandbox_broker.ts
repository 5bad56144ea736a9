/**
 * The sandbox's side of the broker: asks the launcher, for nothing can be started in here.
 *
 * @module
 */

import {
  type Capabilities,
  CapabilityError,
  LimitError,
  NetwrightError,
  UsageError,
} from "../net/mod.ts";
import type { Broker, Member } from "../servers/mod.ts";
import type { Answer, Call } from "./broker_calls.ts";

/** Passes calls on to the launcher and its answers back. */
export class SandboxBroker implements Broker {
  readonly #send: (call: Call) => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<MessagePort>>();
  readonly #failures = new Map<number, (text: string) => void>();
  #nextId = 0;

  /** @param send Takes a call to the launcher. */
  constructor(send: (call: Call) => void) {
    this.#send = send;
  }

  /** Takes an answer of the launcher. */
  take(answer: Answer): void {
    const { id } = answer;
    if (answer.answer === "failed") return this.#failures.get(id)?.(answer.text);
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (answer.answer === "started") waiting?.resolve(answer.port);
    else waiting?.reject(toError(answer));
  }

  async start(module: string, capabilities: Capabilities): Promise<Member> {
    const id = this.#nextId++;
    const waiting = Promise.withResolvers<MessagePort>();
    this.#waiting.set(id, waiting);
    const failed = Promise.withResolvers<string>();
    this.#failures.set(id, failed.resolve);
    this.#send({ call: "start", id, module, capabilities });
    try {
      const port = await waiting.promise;
      return {
        port,
        failed: failed.promise,
        [Symbol.dispose]: () => {
          if (!this.#failures.delete(id)) return;
          port.close();
          this.#send({ call: "stop", id });
        },
      };
    } catch (error) {
      this.#failures.delete(id);
      throw error;
    }
  }
}

function toError({ kind, reason, detail }: Answer & { answer: "refused" }): NetwrightError {
  switch (kind) {
    case "capability":
      return new CapabilityError(reason, { flag: detail });
    case "limit":
      return new LimitError(reason, { limit: Number(detail) });
    case "usage":
      return new UsageError(reason);
    case "other":
      return new NetwrightError(reason);
  }
}
