/**
 * Options of the models that keep a pool.
 *
 * @module
 */

import type { OptionRules } from "../../net/internal.ts";
import { MEMBER_RULES, type MemberServeOptions } from "../members/member_options.ts";

/** How large a pool is. */
export interface PoolSize {
  /** Members that wait for clients, at least. @default {2} */
  readonly idleMin?: number | undefined;
  /** Members that wait for clients, at most; the others retire. @default {6} */
  readonly idleMax?: number | undefined;
  /** Members at once, without those that retire. @default {64} */
  readonly childrenMax?: number | undefined;
}

/** Options of the models that keep a pool. */
export interface PoolServeOptions
  extends
    Omit<MemberServeOptions, "maxConnectionsPerClient" | "clientPrefix" | "whenFull">,
    PoolSize {
  /**
   * Where members accept: from one socket that all share, so that no connection is lost when members come
   * and go, or each from its own, among which the system spreads clients: faster, but what waits for a
   * member that ends is reset. @default {"shared" for processes, "own" for Workers}
   */
  readonly accept?: "shared" | "own" | undefined;
  /** Connections at once of one member. @default {1 with a shared socket, else maxConnections} */
  readonly connectionsPerChild?: number | undefined;
  /** Connections after which a member retires and is replaced. @default {Infinity} */
  readonly requestsPerChild?: number | undefined;
}

const { maxConnectionsPerClient: _, clientPrefix: __, whenFull: ___, ...POOLED } = MEMBER_RULES;

/** What they may be. */
export const POOL_RULES: OptionRules<PoolServeOptions> = {
  ...POOLED,
  idleMin: "whole",
  idleMax: "count",
  childrenMax: "count",
  accept: ["shared", "own"],
  connectionsPerChild: "count",
  requestsPerChild: "count",
};
