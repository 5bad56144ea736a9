/**
 * What a command asks its launcher for besides members of a server: symbolic links, which the runtime grants to
 * nobody who may write into one folder only.
 *
 * @module
 */

import type { Broker } from "../../servers/mod.ts";

/** A link in a tree of files. */
export interface LinkOrder {
  /** The folder that holds the tree, as it was declared. */
  readonly root: string;
  /** Where the link will be in it. */
  readonly path: readonly string[];
  /** What it leads to, inside the tree. */
  readonly target: string;
}

/** Does what commands ask for. */
export interface CommandBroker extends Broker {
  /**
   * Makes a symbolic link, in place of a file or link that is there.
   * @throws {CapabilityError} If the folder was not declared, or the launcher itself may not.
   * @throws {InjectionError} If the link would lead outside, or stands outside.
   */
  makeLink(order: LinkOrder): Promise<void>;
}
