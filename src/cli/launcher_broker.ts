/**
 * The launcher's broker: the one place where permissions are given out.
 *
 * @module
 */

import {
  type Capabilities,
  CapabilityError,
  cleanText,
  LimitError,
  missing,
  toFlag,
  toWorkerPermissions,
  UsageError,
} from "../net/mod.ts";
import type { Broker, Member } from "../servers/mod.ts";
import type { MemberStart } from "./member_worker.ts";
import { MEMBERS } from "./members.ts";

/** Members at once. */
const MAX_MEMBERS = 256;

/** What whoever starts members in place needs: the runtime checks that it may read what their Workers load. */
export const MEMBER_CAPABILITIES: Capabilities = {
  read: [(import.meta.dirname ?? "").replace(/[/\\]cli$/, "")],
};

/** Starts members whose permissions lie inside one manifest; disposing of it ends them all. */
export class LauncherBroker implements Broker, Disposable {
  readonly #manifest: Capabilities;
  readonly #members = new Set<Disposable>();

  /** @param manifest What no member may go beyond. */
  constructor(manifest: Capabilities) {
    this.#manifest = manifest;
  }

  // Async, so that a refusal is always a rejection.
  // deno-lint-ignore require-await
  async start(module: string, capabilities: Capabilities): Promise<Member> {
    if (!Object.hasOwn(MEMBERS, module)) {
      throw new UsageError(`there is no member module "${cleanText(module, { maxLength: 80 })}"`);
    }
    const lacking = missing(this.#manifest, capabilities);
    if (lacking !== undefined) {
      const flag = toFlag(lacking);
      throw new CapabilityError(`a member may not have ${flag}, which its starter lacks`, { flag });
    }
    if (this.#members.size >= MAX_MEMBERS) {
      throw new LimitError(`${MAX_MEMBERS} members run already`, { limit: MAX_MEMBERS });
    }
    return this.#start(module, capabilities);
  }

  #start(module: string, capabilities: Capabilities): Member {
    const permissions = toWorkerPermissions(capabilities);
    // The type lacks the permissions unless the unstable option is on, which deno.json does.
    const url = new URL("./member_worker.ts", import.meta.url);
    const worker = new Worker(url, { type: "module", deno: { permissions } } as object);
    const { port1, port2 } = new MessageChannel();
    const failed = Promise.withResolvers<string>();
    const member: Member = {
      port: port1,
      failed: failed.promise,
      [Symbol.dispose]: () => {
        if (!this.#members.delete(member)) return;
        port1.close();
        worker.terminate();
      },
    };
    worker.onerror = (event) => {
      event.preventDefault();
      failed.resolve(cleanText(event.message, { maxLength: 500 }));
    };
    this.#members.add(member);
    worker.postMessage({ module, port: port2 } satisfies MemberStart, [port2]);
    return member;
  }

  [Symbol.dispose](): void {
    for (const member of [...this.#members]) member[Symbol.dispose]();
  }
}
