/**
 * Options of the models that start processes or Workers.
 *
 * @module
 */

import type { OptionRules } from "../../net/internal.ts";
import { COMMON_RULES } from "../core/serve_rules.ts";
import type { ServeOptions } from "../core/server.ts";
import type { Broker } from "./broker.ts";
import type { NamedService } from "../../services/mod.ts";

/** Options of the models that start processes or Workers. */
export interface WorkerServeOptions extends Omit<ServeOptions<NamedService>, "network" | "now"> {
  /** Who starts them. @default {localBroker()} */
  readonly broker?: Broker | undefined;
}

/** Validation rules. */
export const WORKER_RULES: OptionRules<WorkerServeOptions> = {
  ...COMMON_RULES,
  broker: "any",
};
