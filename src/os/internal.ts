/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { closeDescriptor, isReset, makePipe, setBlocking } from "./libc/descriptor.ts";
export { openSocketCalls } from "./libc/socket_calls.ts";
export { ERRNO, SystemCallError, systemCallError } from "./libc/system_call_error.ts";
export { type Link, listLinks, parseLinks } from "./netlink/links.ts";
export {
  listOpenSockets,
  type OpenSocket,
  parseInetSockets,
  parseUnixSockets,
} from "./proc/open_sockets.ts";
export { findSocketOwners } from "./proc/socket_owners.ts";
export { type Account, findAccount } from "./processes/accounts.ts";
export { PidFile } from "./processes/pid_file.ts";
export { dropPrivileges, isRoot, type PrivilegeDrop, setUmask } from "./processes/privileges.ts";
export { closeStandardStreams } from "./processes/standard_streams.ts";
export { startChild } from "./processes/child_process.ts";
export { startOnTerminal, type TerminalProgram } from "./processes/terminal_program.ts";
export { PipeReader } from "./processes/pipe_reader.ts";
export { batchedDatagrams, type BatchedDatagramsOptions } from "./sockets/batched_datagrams.ts";
export type { SocketErrorReport } from "./sockets/error_report.ts";
export { openListener } from "./sockets/listening_socket.ts";
export { closePoller, POLL } from "./sockets/poller.ts";
export { SocketFile } from "./sockets/socket_file.ts";
export { SharedListener } from "./sockets/shared_listener.ts";
export { connectSystemStream, type SocketOptionSetting } from "./sockets/system_connect.ts";
export { SystemSocket } from "./sockets/system_socket.ts";
export { SystemStream } from "./sockets/system_stream.ts";
