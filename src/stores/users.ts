/**
 * Users with hashed passwords, as a YAML file names them.
 *
 * @module
 */

import { sameBytes, UsageError } from "../net/mod.ts";

/** Rounds of PBKDF2 for new hashes. */
const ROUNDS = 210_000;
/** Most rounds that a file may ask for. */
const MAX_ROUNDS = 10_000_000;
const HASH = /^\$pbkdf2-sha256\$i=(\d{1,8})\$([A-Za-z0-9+/]{4,172})\$([A-Za-z0-9+/]{43})$/;

/** Someone who may log in. */
export interface StoredUser {
  /** The password's hash, as {@link hashPassword} makes it. */
  readonly password: string;
  /** Whether they may change anything. @default {true} */
  readonly write?: boolean;
}

/** Users by name. */
export type StoredUsers = ReadonlyMap<string, StoredUser>;

/**
 * Reads users: a mapping of names to hashes, or to `password` and `write`.
 *
 * @param data What the YAML file holds.
 * @returns The users.
 * @throws {UsageError} If it is something else, or a password is no hash.
 */
export function parseUsers(data: unknown): StoredUsers {
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new UsageError("a file of users maps names to hashed passwords");
  }
  const users = new Map<string, StoredUser>();
  for (const [name, value] of Object.entries(data)) {
    const { password, write, ...others } = typeof value === "string"
      ? { password: value, write: true }
      : value as Record<string, unknown> ?? {};
    if (typeof password !== "string" || !HASH.test(password)) {
      throw new UsageError(`the password of ${name} is no hash; netwright password makes one`);
    }
    if ((write !== undefined && typeof write !== "boolean") || Object.keys(others).length > 0) {
      throw new UsageError(`${name} may have password and write (true or false) only`);
    }
    users.set(name, { password, ...(write !== undefined && { write }) });
  }
  return users;
}

/**
 * Hashes a password with a new salt.
 *
 * @param password The password.
 * @returns The hash, in the form of PHC strings.
 *
 * @example A hash
 * ```ts
 * import { hashPassword, verifyPassword } from "@netwright/netwright";
 * const hash = await hashPassword("sesame");
 * if (!await verifyPassword("sesame", hash) || await verifyPassword("open", hash)) throw new Error();
 * ```
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  return `$pbkdf2-sha256$i=${ROUNDS}$${toBase64(salt)}$${
    toBase64(await derive(password, salt, ROUNDS))
  }`;
}

/**
 * Checks a password, in a time that does not tell how much of it was right.
 *
 * @param password What was given.
 * @param hash What {@link hashPassword} made; a user who is not there gets {@link NOBODY}, and costs as much.
 * @returns Whether it is the one.
 */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [, rounds, salt, wanted] = HASH.exec(hash) ?? [];
  if (rounds === undefined || Number(rounds) > MAX_ROUNDS) return false;
  const given = await derive(password, fromBase64(salt!), Number(rounds));
  return sameBytes(given, fromBase64(wanted!));
}

/** The hash of a password that nobody has. */
export const NOBODY: string = `$pbkdf2-sha256$i=${ROUNDS}$${"A".repeat(22)}$${"A".repeat(43)}`;

async function derive(password: string, salt: Uint8Array, iterations: number): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(password);
  const key = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits(
    { name: "PBKDF2", hash: "SHA-256", salt: salt as BufferSource, iterations },
    key,
    256,
  );
  return new Uint8Array(bits);
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/**
 * Finds who logs in. A name that is not there takes as long to refuse as a wrong password.
 *
 * @param users All users.
 * @param name The name that was given.
 * @param password The password that was given.
 * @returns The user; undefined if the name or the password is wrong.
 */
export async function checkUser(
  users: StoredUsers,
  name: string,
  password: string,
): Promise<StoredUser | undefined> {
  const user = users.get(name);
  return await verifyPassword(password, user?.password ?? NOBODY) ? user : undefined;
}
