/**
 * The first module of a member's Worker: loads the one module that the broker names.
 *
 * @module
 */

import { MEMBERS } from "./members.ts";

/** What the broker sends, once. */
export interface MemberStart {
  /** A name of the table. */
  readonly module: string;
  /** The member's end of the channel to its starter. */
  readonly port: MessagePort;
  /** A listening socket to accept from. */
  readonly descriptor?: number | undefined;
}

const scope = globalThis as unknown as { onmessage: (event: MessageEvent<MemberStart>) => void };

scope.onmessage = async ({ data: { module, port, descriptor } }) => {
  if (descriptor !== undefined) await openLibrary();
  const { member } = await MEMBERS[module]!();
  await member(port, descriptor);
};

/** Opens the C library and revokes the permission for it, before any code that handles network input runs. */
async function openLibrary(): Promise<void> {
  const [{ openSocketCalls }, { revoke }] = await Promise.all([
    import("../../os/mod.ts"),
    import("../sandbox/permissions.ts"),
  ]);
  openSocketCalls();
  revoke(["ffi"]);
}
