/**
 * What the command line uses of processes: apart from the rest, because it makes the system's own calls.
 *
 * @module
 */

export { MEMBER_VARIABLE } from "./member_variable.ts";
export { ProcessStarter } from "./process_starter.ts";
export { endWithStarter, readOrder, serveAsProcess } from "./serve_as_process.ts";
export type { MemberProgram } from "./start_process.ts";
