/**
 * The fixed table of modules that a sandboxed command may ask the launcher to start.
 *
 * @module
 */

import type { MEMBER_MODULES } from "../sandbox/start_worker.ts";

/** A module that runs as a member. */
export interface MemberModule {
  /**
   * Begins; the Worker goes on until its starter ends it.
   *
   * @param port Its starter holds the other end.
   * @param descriptor A listening socket to accept from; the socket calls are open by then.
   */
  member(port: MessagePort, descriptor?: number): void | Promise<void>;
}

/** Loads each module by the name that the broker is told. */
export const MEMBERS: Readonly<
  Record<typeof MEMBER_MODULES[number], () => Promise<MemberModule>>
> = {
  "load": () => import("./load_member.ts"),
  "process": () => import("./member_process.ts"),
  "service": () => import("./service_member.ts"),
};
