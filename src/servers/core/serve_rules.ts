/**
 * What the options of servers may be.
 *
 * @module
 */

import type { OptionRules } from "../../net/internal.ts";
import type { MemberServeOptions } from "../members/member_options.ts";
import type { PoolServeOptions } from "../pool/pool_options.ts";
import type { ServeOptions } from "./server.ts";

const COMMON: OptionRules<Omit<ServeOptions, "network" | "now">> = {
  endpoint: "any",
  maxConnections: "count",
  whenFull: ["refuse", "queue"],
  maxConnectionsPerClient: "count",
  clientPrefix: "any",
  clientRate: "count",
  idleTimeoutMs: "time",
  sessionTimeoutMs: "time",
  tls: "any",
  reload: "any",
  quiet: "any",
  log: "any",
  signal: "any",
};

/** Of models that serve in this thread. */
export const SERVE_RULES: OptionRules<ServeOptions> = { ...COMMON, network: "any", now: "any" };

/** Of models that start a process for each client. */
export const MEMBER_RULES: OptionRules<MemberServeOptions> = { ...COMMON, broker: "any" };

const { maxConnectionsPerClient: _, clientPrefix: __, whenFull: ___, ...POOLED } = MEMBER_RULES;

/** Of models that keep a pool. */
export const POOL_RULES: OptionRules<PoolServeOptions> = {
  ...POOLED,
  idleMin: "whole",
  idleMax: "count",
  childrenMax: "count",
  accept: ["shared", "own"],
  connectionsPerChild: "count",
  requestsPerChild: "count",
};
