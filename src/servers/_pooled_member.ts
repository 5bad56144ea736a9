/**
 * One member of a pool, as the pool sees it.
 *
 * @module
 */

import type { MemberStatus } from "./server.ts";

/** A process or Worker that was started. */
export interface PoolHandle {
  /** Its process id, or its number. */
  readonly id: number;
  /** Resolves when it has ended, to how: empty if in order. */
  readonly ended: Promise<string>;
  /** Tells it to accept no more. */
  retire(): void;
  /** Asks it to tell its clients goodbye, and to end then. */
  end(): void;
  /** Ends it at once. */
  kill(): void;
}

/** What the pool knows about it. */
export interface PooledMember {
  /** What controls it. */
  readonly handle: PoolHandle;
  /** When it was started. */
  readonly since: number;
  /** What it does. */
  state: MemberStatus["state"];
  /** Connections now. */
  connections: number;
  /** Connections since its start. */
  accepted: number;
}

/** Tells about it. */
export function toStatus({ handle, since, ...rest }: PooledMember): MemberStatus {
  return { id: handle.id, ...rest, ageMs: Math.round(performance.now() - since) };
}
