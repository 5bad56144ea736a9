/**
 * The fixed table of modules that a sandboxed command may ask the launcher to start.
 *
 * @module
 */

/** A module that runs as a member: it gets the port that its starter holds the other end of. */
export interface MemberModule {
  /** Begins; the Worker goes on until its starter ends it. */
  member(port: MessagePort): void | Promise<void>;
}

/** Loads each module by the name that the broker is told. */
export const MEMBERS: Readonly<Record<string, () => Promise<MemberModule>>> = {
  "tour/hostile": () => import("../programs/tour/hostile.ts"),
};
