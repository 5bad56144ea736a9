/**
 * One worker of a pool, as the pool sees it.
 *
 * @module
 */

import type { WorkerStatus } from "../core/server.ts";

/** A process or Worker that was started. */
export interface PoolHandle {
  /** Its process id, or its number. */
  readonly id: number;
  /** Resolves when it has ended, to how: empty if in order. */
  readonly ended: Promise<string>;
  /** Makes it accept no more. */
  retire(): void;
  /** Asks it to say goodbye to its clients, and to end then. */
  end(): void;
  /** Ends it at once. */
  kill(): void;
}

/** The pool's knowledge about a worker. */
export interface PooledWorker {
  /** What controls it. */
  readonly handle: PoolHandle;
  /** When it was started. */
  readonly since: number;
  /** Its state. */
  state: WorkerStatus["state"];
  /** Connections now. */
  connections: number;
  /** Connections since its start. */
  accepted: number;
  /** Connected clients without a later report: how many of each name, and since when. */
  readonly clients: Map<string, { count: number; readonly since: number }>;
}

/** Notes that a client of a name has come. */
export function addClient({ clients }: PooledWorker, name: string): void {
  const known = clients.get(name);
  if (known === undefined) clients.set(name, { count: 1, since: performance.now() });
  else known.count++;
}

/** Notes that a client of a name has gone. */
export function removeClient({ clients }: PooledWorker, name: string): void {
  const known = clients.get(name);
  if (known !== undefined && --known.count === 0) clients.delete(name);
}

/** Returns its status. */
export function toStatus({ handle, since, clients: _, ...rest }: PooledWorker): WorkerStatus {
  return { id: handle.id, ...rest, ageMs: Math.round(performance.now() - since) };
}
