/**
 * Whoever may start more of this program: inside the sandbox nobody can, so it is asked for.
 *
 * @module
 */

import type { Capabilities } from "../net/mod.ts";

/** A Worker that was started; disposing of it ends it. */
export interface Member extends Disposable {
  /** Talks to it. */
  readonly port: MessagePort;
  /** Resolves when it has ended by a failure of its own, to what went wrong. */
  readonly failed: Promise<string>;
}

/** Starts members: the one place where permissions are given out. */
export interface Broker {
  /**
   * Starts a Worker.
   *
   * @param module A name of the launcher's fixed table of modules.
   * @param capabilities What the Worker may do; it must lie inside what the caller may do.
   * @returns The running member.
   * @throws {CapabilityError} If the capabilities are more than the caller's own; nothing was started.
   * @throws {LimitError} If too many members run already.
   * @throws {UsageError} If there is no such module.
   */
  start(module: string, capabilities: Capabilities): Promise<Member>;
}
