/**
 * Validation rules for the options of servers.
 *
 * @module
 */

import type { OptionRules } from "../../net/internal.ts";
import type { ServeOptions } from "./server.ts";

/** Of all models. */
export const COMMON_RULES: OptionRules<Omit<ServeOptions, "network" | "now">> = {
  endpoint: "any",
  maxConnections: "count",
  whenFull: ["refuse", "queue"],
  maxConnectionsPerClient: "count",
  clientPrefix: "any",
  proxies: "any",
  clientRate: "count",
  idleTimeoutMs: "time",
  sessionTimeoutMs: "time",
  tls: "any",
  reload: "any",
  quiet: "flag",
  log: "any",
  signal: "signal",
};

/** Of models that serve in this thread. */
export const SERVE_RULES: OptionRules<ServeOptions> = {
  ...COMMON_RULES,
  network: "any",
  now: "any",
};
