/**
 * Users with hashed passwords, as a YAML file names them.
 *
 * @module
 */

import { timingSafeEqual } from "../net/internal.ts";
import { UsageError } from "../net/mod.ts";

/** Rounds of PBKDF2 for new hashes: programs that use Cyrus SASL, such as mbsync, refuse to log in with more. */
const ROUNDS = 65_536;
/** Most rounds that a file may ask for. */
const MAX_ROUNDS = 10_000_000;
/** The former format, which is still read. */
const PBKDF2 = /^\$pbkdf2-sha256\$i=(\d{1,8})\$([A-Za-z0-9+/]{4,172})\$([A-Za-z0-9+/]{43})$/;
/** The form that PostgreSQL has as well: rounds, salt, and the two keys of RFC 5802 §3. */
const SCRAM =
  /^SCRAM-SHA-256\$(\d{1,8}):([A-Za-z0-9+/]{4,172}={0,2})\$([A-Za-z0-9+/]{43}=):([A-Za-z0-9+/]{43}=)$/;

/** Someone who may log in. */
export interface StoredUser {
  /** The password's hash, as {@link hashPassword} makes it. */
  readonly password: string;
  /** Whether they may change anything. @default {true} */
  readonly write?: boolean;
  /** The hash of an access token that lets them in too. */
  readonly token?: string;
}

/** A server's data for a password with SCRAM-SHA-256: enough to check a proof, not to make one. */
export interface StoredScram {
  /** The salt. */
  readonly salt: Uint8Array;
  /** How many rounds of PBKDF2. */
  readonly iterations: number;
  /** What checks the client's proof. */
  readonly storedKey: Uint8Array;
  /** What makes the server's. */
  readonly serverKey: Uint8Array;
}

/** Users by name. */
export type StoredUsers = ReadonlyMap<string, StoredUser>;

/**
 * Reads users: a mapping of names to hashes, or to `password`, `token` and `write`.
 *
 * @param data The content of the YAML file.
 * @returns The users.
 * @throws {UsageError} If it is something else, or a password is not a hash.
 */
export function parseUsers(data: unknown): StoredUsers {
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new UsageError("a file of users maps names to hashed passwords");
  }
  const users = new Map<string, StoredUser>();
  for (const [name, value] of Object.entries(data)) {
    const { password, token, write: given, ...others } = typeof value === "string"
      ? { password: value, write: true }
      : value as Record<string, unknown> ?? {};
    // A file whose values are all read as strings has these as text.
    const write = given === "true" ? true : given === "false" ? false : given;
    for (
      const [what, hash] of [["password", password], ["token", token ?? UNUSABLE_HASH]] as const
    ) {
      if (typeof hash === "string" && shapeOf(hash) !== undefined) continue;
      throw new UsageError(`the ${what} of ${name} is not a hash; netwright password makes one`);
    }
    if ((write !== undefined && typeof write !== "boolean") || Object.keys(others).length > 0) {
      throw new UsageError(`${name} may have password, token and write (true or false) only`);
    }
    if (!/^[^\p{Cc}]{1,256}$/u.test(name)) {
      throw new UsageError("a user's name must be one line of text");
    }
    users.set(name, {
      password: password as string,
      ...(token !== undefined && { token: token as string }),
      ...(write !== undefined && { write }),
    });
  }
  if (users.size === 0) throw new UsageError("the file of users is empty");
  return users;
}

/**
 * Hashes a password with a new salt, so that it can be checked, and proven by SCRAM-SHA-256.
 *
 * @param password The password.
 * @returns The hash: `SCRAM-SHA-256$ROUNDS:SALT$STOREDKEY:SERVERKEY`.
 *
 * @example A hash
 * ```ts
 * import { hashPassword, verifyPassword } from "@netwright/netwright/stores";
 * const hash = await hashPassword("sesame");
 * if (!await verifyPassword("sesame", hash) || await verifyPassword("open", hash)) throw new Error();
 * ```
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const { storedKey, serverKey } = await scramKeys(password, salt, ROUNDS);
  return `SCRAM-SHA-256$${ROUNDS}:${salt.toBase64()}$${storedKey.toBase64()}:${serverKey.toBase64()}`;
}

/** The keys of a password (RFC 5802 §3), prepared by SASLprep as on the client's side. */
async function scramKeys(password: string, salt: Uint8Array, rounds: number) {
  const salted = await derive(password.normalize("NFKC"), salt, rounds);
  const clientKey = await hmac(salted, "Client Key");
  const storedKey = new Uint8Array(await crypto.subtle.digest("SHA-256", clientKey));
  return { storedKey, serverKey: await hmac(salted, "Server Key") };
}

async function hmac(key: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", imported, new TextEncoder().encode(text));
  return new Uint8Array(mac);
}

/**
 * Checks a password, in a time that does not reveal how much of it was right.
 *
 * @param password The given password.
 * @param hash A result of {@link hashPassword}; an unknown user gets {@link UNUSABLE_HASH}, and costs as much.
 * @returns Whether it is the one.
 */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const scram = parseScram(hash);
  if (scram !== undefined) {
    if (scram.iterations > MAX_ROUNDS) return false;
    const { storedKey } = await scramKeys(password, scram.salt, scram.iterations);
    return timingSafeEqual(storedKey, scram.storedKey);
  }
  const [, rounds, salt, stored] = PBKDF2.exec(hash) ?? [];
  if (rounds === undefined || Number(rounds) > MAX_ROUNDS) return false;
  const given = await derive(password, fromBase64(salt!), Number(rounds));
  return timingSafeEqual(given, fromBase64(stored!));
}

function parseScram(hash: string): StoredScram | undefined {
  const [, rounds, salt, storedKey, serverKey] = SCRAM.exec(hash) ?? [];
  if (rounds === undefined) return undefined;
  return {
    iterations: Number(rounds),
    salt: fromBase64(salt!),
    storedKey: Uint8Array.fromBase64(storedKey!),
    serverKey: Uint8Array.fromBase64(serverKey!),
  };
}

/** What anybody can see of a hash by trying to log in. */
interface HashShape {
  readonly rounds: number;
  readonly saltBytes: number;
}

/** The shape of a hash; undefined if it is none that can be checked. */
function shapeOf(hash: string): HashShape | undefined {
  const [, rounds, salt] = SCRAM.exec(hash) ?? PBKDF2.exec(hash) ?? [];
  if (rounds === undefined || Number(rounds) < 1 || Number(rounds) > MAX_ROUNDS) return undefined;
  try {
    return { rounds: Number(rounds), saltBytes: fromBase64(salt!).length };
  } catch {
    return undefined;
  }
}

/**
 * Returns a hash for an unknown name, always the same, so that neither the challenge nor the duration reveals
 * that it is unknown.
 */
async function imitated(users: StoredUsers, name: string): Promise<HashShape> {
  const shapes = [...users.values()].map(({ password }) => shapeOf(password)!);
  const [at = 0] = new Uint32Array((await fakeOf(users, `shape of ${name}`)).buffer, 0, 1);
  return shapes[at % shapes.length] ?? { rounds: ROUNDS, saltBytes: 16 };
}

/** Bytes that cannot be guessed, and that are the same in each process. */
async function fakeOf(users: StoredUsers, what: string): Promise<Uint8Array<ArrayBuffer>> {
  const all = [...users.values()].map((user) => user.password).join() || "nobody";
  return await hmac(new TextEncoder().encode(all), what);
}

/** A hash that fits no password. */
export const UNUSABLE_HASH: string = unusableUser(ROUNDS);

function unusableUser(rounds: number): string {
  const key = `${"A".repeat(43)}=`;
  return `SCRAM-SHA-256$${rounds}:${"A".repeat(22)}==$${key}:${key}`;
}

/**
 * Makes ready to give what SCRAM-SHA-256 needs of each user.
 *
 * @param users All users.
 * @returns Gives it; for a name that is not there the same each time, which fits no password. Undefined if a user's hash
 *   is of the older form, who could not log in so.
 */
export function scramOf(users: StoredUsers): ((name: string) => Promise<StoredScram>) | undefined {
  const all = new Map<string, StoredScram>();
  for (const [name, { password }] of users) {
    const scram = parseScram(password);
    if (scram === undefined) return undefined;
    all.set(name, scram);
  }
  return async (name) => {
    const known = all.get(name);
    if (known !== undefined) return known;
    const { rounds, saltBytes } = await imitated(users, name);
    const salt = await fakeOf(users, `salt of ${name}`);
    const longer = await fakeOf(users, `more salt of ${name}`);
    const key = crypto.getRandomValues(new Uint8Array(32));
    return {
      salt: Uint8Array.of(...salt, ...longer, ...salt, ...longer).slice(0, saltBytes),
      iterations: rounds,
      storedKey: key,
      serverKey: key,
    };
  };
}

async function derive(
  password: string,
  salt: Uint8Array,
  iterations: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new TextEncoder().encode(password);
  const key = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits(
    { name: "PBKDF2", hash: "SHA-256", salt: salt as BufferSource, iterations },
    key,
    256,
  );
  return new Uint8Array(bits);
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
  const hash = user?.password ?? unusableUser((await imitated(users, name)).rounds);
  return await verifyPassword(password, hash) ? user : undefined;
}

/**
 * Checks an access token, in a time that does not reveal whether there is such a user.
 *
 * @param users All users.
 * @param name The name that was given.
 * @param token The token that was given.
 * @returns Whether it is theirs.
 */
export async function checkToken(
  users: StoredUsers,
  name: string,
  token: string,
): Promise<boolean> {
  return await verifyPassword(token, users.get(name)?.token ?? UNUSABLE_HASH);
}
