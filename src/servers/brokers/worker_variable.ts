/**
 * How a process is told what it serves.
 *
 * @module
 */

/** The variable of the environment that holds its order; only processes of the same user can read it. */
export const WORKER_VARIABLE = "NETWRIGHT_WORKER";
