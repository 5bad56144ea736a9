/**
 * Giving up root's power, for good.
 *
 * @module
 */

import { NetwrightError } from "../../net/mod.ts";
import { cString, errno, libc, outsideHeap } from "../libc/libc.ts";
import { systemCallError } from "../libc/system_call_error.ts";
import type { Account } from "./accounts.ts";

/** What is given up. */
export interface PrivilegeDrop {
  /** Who the process runs as from now on. */
  readonly account?: Account | undefined;
  /** The folder that becomes the root of the file system. */
  readonly chroot?: string | undefined;
}

/**
 * Enters a folder as the root of the file system, and becomes another user, in all threads; then makes sure that it holds and
 * that there is no way back.
 *
 * @param drop What is given up.
 * @throws {SystemCallError} If the system does not permit it; some of it may have happened, so the process must end.
 * @throws {NetwrightError} If the process is not who it should be afterwards.
 */
export function dropPrivileges({ account, chroot }: PrivilegeDrop): void {
  const system = libc();
  if (chroot !== undefined) {
    check(system.chroot(cString(chroot)), "enter the folder", chroot);
    // What was open of the folders outside stays so, but no path leads there.
    check(system.chdir(cString("/")), "enter the folder", chroot);
  }
  if (account === undefined) return;
  const { uid, gid, groups } = account;
  const list = new Uint8Array(Uint32Array.from(groups).buffer);
  // The groups first: without root's power they cannot be changed any more.
  check(system.setgroups(BigInt(groups.length), list), "set the groups", String(groups));
  check(system.setresgid(gid, gid, gid), "set the group", String(gid));
  check(system.setresuid(uid, uid, uid), "set the user", String(uid));
  verify(account);
}

/** Whether the process has root's power. */
export function isRoot(): boolean {
  const ids = outsideHeap(12);
  libc().getresuid(ids.subarray(0, 4), ids.subarray(4, 8), ids.subarray(8, 12));
  return new Uint32Array(ids.buffer)[1] === 0;
}

/**
 * Sets the permission bits that new files do not get.
 *
 * @param mask The bits.
 */
export function setUmask(mask: number): void {
  libc().umask(mask);
}

function check(result: number, operation: string, peer: string): void {
  if (result !== 0) throw systemCallError(errno(), { operation, peer });
}

function verify({ uid, gid, groups }: Account): void {
  const system = libc();
  const three = (call: (a: Uint8Array, b: Uint8Array, c: Uint8Array) => number): number[] => {
    const ids = outsideHeap(12);
    call(ids.subarray(0, 4), ids.subarray(4, 8), ids.subarray(8, 12));
    return [...new Uint32Array(ids.buffer)];
  };
  const users = three((a, b, c) => system.getresuid(a as never, b as never, c as never));
  const firsts = three((a, b, c) => system.getresgid(a as never, b as never, c as never));
  const list = outsideHeap(4 * 65_536);
  const count = system.getgroups(65_536, list);
  const kept = [...new Uint32Array(list.buffer, 0, Math.max(0, count))].sort();
  const isRight = users.every((one) => one === uid) && firsts.every((one) => one === gid) &&
    kept.join() === [...new Set(groups)].sort().join();
  if (!isRight) throw new NetwrightError("the process kept rights that it was to give up");
  // Whoever is not root must not become it again.
  if (uid !== 0 && system.setresuid(0, 0, 0) === 0) {
    throw new NetwrightError("the process could become root again");
  }
}
