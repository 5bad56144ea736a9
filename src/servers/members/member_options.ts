/**
 * Options of the models that start processes or Workers.
 *
 * @module
 */

import type { ServeOptions } from "../core/server.ts";
import type { Broker } from "./broker.ts";
import type { NamedService } from "../../services/mod.ts";

/** Options of the models that start processes or Workers. */
export interface MemberServeOptions extends Omit<ServeOptions<NamedService>, "network" | "now"> {
  /** Who starts them. @default {localBroker()} */
  readonly broker?: Broker | undefined;
}
