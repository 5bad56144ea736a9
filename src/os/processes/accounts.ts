/**
 * Users and groups of the system.
 *
 * @module
 */

import { UsageError } from "../../net/mod.ts";
import { cString, errno, libc, outsideHeap } from "../libc/libc.ts";

/** Who a process runs as. */
export interface Account {
  /** The user's number. */
  readonly uid: number;
  /** The number of the first group. */
  readonly gid: number;
  /** All groups, the first one among them. */
  readonly groups: readonly number[];
}

/** `struct passwd` and `struct group` begin with two pointers; then come the numbers. */
const STRUCT_BYTES = 256;
const ID_AT = 16;
const GID_AT = 20;
/** Room for the texts of an entry: members of a large group. */
const TEXT_BYTES = 1024 * 1024;
const MAX_GROUPS = 65_536;
/** Largest number of a user or group; one more stands for none. */
const MAX_ID = 0xffff_fffe;

/**
 * Finds an account by the names of its user and group, in whatever directories the system has.
 *
 * @param user Name or number; who the process runs as if absent.
 * @param group Name or number of the only group; the user's own groups if absent.
 * @returns The numbers.
 * @throws {UsageError} If there is no such user or group.
 * @throws {UnsupportedError} If this is not Linux.
 */
export function findAccount(user: string | undefined, group: string | undefined): Account {
  const system = libc();
  const own = outsideHeap(12);
  system.getresuid(own.subarray(0, 4), own.subarray(4, 8), own.subarray(8, 12));
  const found = user === undefined ? undefined : findUser(user);
  const uid = found?.uid ?? new DataView(own.buffer).getUint32(0, true);
  if (group !== undefined) {
    const gid = findGroup(group);
    return { uid, gid, groups: [gid] };
  }
  if (found === undefined) throw new UsageError("a user or a group is missing");
  if (found.gid === undefined) {
    throw new UsageError(`the user ${user} has no entry: name a group too`);
  }
  return { uid, gid: found.gid, groups: groupsOf(found.name, found.gid) };
}

function findUser(
  text: string,
): { readonly uid: number; readonly gid: number | undefined; readonly name: string } {
  const system = libc();
  const [entry, texts, result] = [
    outsideHeap(STRUCT_BYTES),
    outsideHeap(TEXT_BYTES),
    outsideHeap(8),
  ];
  const number = numberOf(text);
  const size = BigInt(TEXT_BYTES);
  const failed = number === undefined
    ? system.getpwnam_r(cString(text), entry, texts, size, result)
    : system.getpwuid_r(number, entry, texts, size, result);
  const isFound = failed === 0 && result.some((byte) => byte !== 0);
  if (!isFound) {
    if (number !== undefined) return { uid: number, gid: undefined, name: "" };
    throw new UsageError(`there is no user ${JSON.stringify(text)}`);
  }
  const view = new DataView(entry.buffer);
  // The name comes first among the texts.
  const end = texts.indexOf(0);
  const name = new TextDecoder().decode(texts.subarray(0, end));
  return { uid: view.getUint32(ID_AT, true), gid: view.getUint32(GID_AT, true), name };
}

function findGroup(text: string): number {
  const number = numberOf(text);
  if (number !== undefined) return number;
  const [entry, texts, result] = [
    outsideHeap(STRUCT_BYTES),
    outsideHeap(TEXT_BYTES),
    outsideHeap(8),
  ];
  const failed = libc().getgrnam_r(cString(text), entry, texts, BigInt(TEXT_BYTES), result);
  if (failed !== 0 || result.every((byte) => byte === 0)) {
    throw new UsageError(`there is no group ${JSON.stringify(text)}`);
  }
  return new DataView(entry.buffer).getUint32(ID_AT, true);
}

function numberOf(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) && Number(text) <= MAX_ID ? Number(text) : undefined;
}

/** The groups of a user, as the system's login gives them. */
function groupsOf(name: string, gid: number): number[] {
  const count = new Int32Array([MAX_GROUPS]);
  const groups = outsideHeap(MAX_GROUPS * 4);
  const countBytes = new Uint8Array(count.buffer);
  const found = libc().getgrouplist(cString(name), gid, groups, countBytes);
  if (found < 0) throw new UsageError(`the groups of ${name} cannot be read: ${errno()}`);
  const view = new DataView(groups.buffer);
  return Array.from({ length: count[0]! }, (_, at) => view.getUint32(at * 4, true));
}
