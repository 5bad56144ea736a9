/**
 * The part of processes that the command line uses: apart from the rest, because it makes the system's own calls.
 *
 * @module
 */

export { WORKER_VARIABLE } from "./worker_variable.ts";
export { ProcessStarter } from "./process_starter.ts";
export { endWithStarter, readOrder, serveAsProcess } from "./serve_as_process.ts";
export type { WorkerProgram } from "./start_process.ts";
