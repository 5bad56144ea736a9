/**
 * The main module of a process that {@link localBroker} starts; if its first argument is `narrow`, it gives up
 * the permissions for its socket.
 *
 * @module
 */

import { endWithStarter, readOrder, serveAsProcess } from "./serve_as_process.ts";

const order = readOrder();
if (order === undefined) {
  console.error("netwright: this module is the inside of a server; see serveFork and servePrefork");
  Deno.exit(2);
}
endWithStarter();
await serveAsProcess(order, () => {
  if (Deno.args[0] !== "narrow") return;
  for (const name of ["env", "ffi"] as const) Deno.permissions.revokeSync({ name });
});
Deno.exit(0);
