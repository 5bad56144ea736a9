/**
 * The way in which a process receives its order.
 *
 * @module
 */

/** The variable of the environment that holds its order; only processes of the same user can read it. */
export const WORKER_VARIABLE = "NETWRIGHT_WORKER";
