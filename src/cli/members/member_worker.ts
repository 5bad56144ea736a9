/**
 * The first module of a member's Worker: loads the one module that the broker names.
 *
 * @module
 */

import { MEMBERS } from "./members.ts";
import type { MemberStart } from "../sandbox/start_worker.ts";

const scope = globalThis as unknown as { onmessage: (event: MessageEvent<MemberStart>) => void };

scope.onmessage = async ({ data: { module, port, descriptor } }) => {
  if (descriptor !== undefined) await openLibrary();
  const { member } = await MEMBERS[module]();
  await member(port, descriptor);
};

/** Opens the C library and revokes the permission for it, before any code that handles network input runs. */
async function openLibrary(): Promise<void> {
  const [{ openSocketCalls }, { revoke }] = await Promise.all([
    import("../../os/internal.ts"),
    import("../sandbox/permissions.ts"),
  ]);
  openSocketCalls();
  revoke(["ffi"]);
}
