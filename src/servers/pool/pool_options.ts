/**
 * Options of the models that keep a pool.
 *
 * @module
 */

import type { OptionRules } from "../../net/internal.ts";
import { WORKER_RULES, type WorkerServeOptions } from "../workers/worker_options.ts";

/** How large a pool is. */
export interface PoolSize {
  /** Workers that wait for clients, at least. @default {2} */
  readonly idleMin?: number | undefined;
  /** Workers that wait for clients, at most; the others retire. @default {6} */
  readonly idleMax?: number | undefined;
  /** Workers at once, without those that retire. @default {64} */
  readonly childrenMax?: number | undefined;
}

/** Options of the models that keep a pool. */
export interface PoolServeOptions
  extends
    Omit<WorkerServeOptions, "maxConnectionsPerClient" | "clientPrefix" | "whenFull">,
    PoolSize {
  /**
   * Where workers accept: from one socket that all share, so that no connection is lost when workers come
   * and go, or each from its own, among which the system spreads clients: faster, but what waits for a
   * worker that ends is reset. @default {"shared" for processes, "own" for Workers}
   */
  readonly accept?: "shared" | "own" | undefined;
  /** Connections at once of one worker. @default {1 with a shared socket, else maxConnections} */
  readonly connectionsPerChild?: number | undefined;
  /** Connections after which a worker retires and is replaced. @default {Infinity} */
  readonly requestsPerChild?: number | undefined;
}

const { maxConnectionsPerClient: _, clientPrefix: __, whenFull: ___, ...POOLED } = WORKER_RULES;

/** Validation rules. */
export const POOL_RULES: OptionRules<PoolServeOptions> = {
  ...POOLED,
  idleMin: "whole",
  idleMax: "count",
  childrenMax: "count",
  accept: ["shared", "own"],
  connectionsPerChild: "count",
  requestsPerChild: "count",
};
