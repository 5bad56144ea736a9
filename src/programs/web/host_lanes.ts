/**
 * Many tasks at once, but few for each host.
 *
 * @module
 */

/** How many tasks run at once. */
export interface HostLanesOptions {
  /** In all. */
  readonly total: number;
  /** For one host. */
  readonly perHost: number;
}

interface Waiting<T> {
  readonly host: string;
  readonly run: () => Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs tasks as soon as there is room for their host. Those of one host run in the order in which they came; no host waits
 * for another one's.
 *
 * @example Two at once
 * ```ts
 * import { HostLanes } from "./host_lanes.ts";
 * const lanes = new HostLanes({ total: 2, perHost: 1 });
 * const done = await Promise.all(["a", "a", "b"].map((host, index) =>
 *   lanes.run(host, () => Promise.resolve(index))
 * ));
 * if (done.join() !== "0,1,2") throw new Error(done.join());
 * ```
 */
export class HostLanes {
  readonly #total: number;
  readonly #perHost: number;
  /** Tasks that wait, by host; hosts in the order in which their turn comes. */
  readonly #waiting = new Map<string, Waiting<unknown>[]>();
  readonly #running = new Map<string, number>();
  #count = 0;

  /**
   * Opens the lanes.
   * @param options How many tasks run at once.
   */
  constructor({ total, perHost }: HostLanesOptions) {
    this.#total = total;
    this.#perHost = perHost;
  }

  /** How many tasks run. */
  get running(): number {
    return this.#count;
  }

  /**
   * Runs a task when there is room.
   * @param host Its host.
   * @param run The task.
   * @returns Its result.
   */
  run<T>(host: string, run: () => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const list = this.#waiting.get(host);
    const waiting = { host, run, resolve, reject } as Waiting<unknown>;
    if (list === undefined) this.#waiting.set(host, [waiting]);
    else list.push(waiting);
    this.#start();
    return promise;
  }

  #start(): void {
    // A host that has had its turn goes behind the others.
    for (const [host, list] of this.#waiting) {
      if (this.#count >= this.#total) return;
      let room = this.#perHost - (this.#running.get(host) ?? 0);
      if (room <= 0) continue;
      while (room-- > 0 && list.length > 0 && this.#count < this.#total) {
        void this.#begin(list.shift()!);
      }
      this.#waiting.delete(host);
      if (list.length > 0) this.#waiting.set(host, list);
    }
  }

  async #begin({ host, run, resolve, reject }: Waiting<unknown>): Promise<void> {
    this.#count++;
    this.#running.set(host, (this.#running.get(host) ?? 0) + 1);
    try {
      resolve(await run());
    } catch (error) {
      reject(error);
    } finally {
      this.#count--;
      const left = this.#running.get(host)! - 1;
      if (left === 0) this.#running.delete(host);
      else this.#running.set(host, left);
      this.#start();
    }
  }
}
