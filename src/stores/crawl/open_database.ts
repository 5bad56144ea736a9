/**
 * The file of a crawl's state.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { NetwrightError, UsageError } from "../../net/mod.ts";
import { isThere } from "../files/text_file.ts";
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from "./crawl_schema.ts";

/** Memory of the database for pages of its file, in KiB. */
const CACHE_KIB = 32 * 1024;

/**
 * Opens the database.
 *
 * @param path The file; memory if absent.
 * @returns The database, with its tables.
 * @throws {UsageError} If the file is something else, or of another version.
 * @throws {NetwrightError} If it cannot be opened, or another run uses it.
 */
export async function openDatabase(path?: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import("node:sqlite");
  if (path !== undefined) await refuseOthers(path);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path ?? ":memory:");
    const kind = Number(pragma(database, "application_id"));
    const version = Number(pragma(database, "user_version"));
    const isNew = database.prepare("SELECT count(*) AS n FROM sqlite_schema").get()!.n === 0;
    if (!isNew && (kind !== APPLICATION_ID || version !== SCHEMA_VERSION)) {
      const what = kind === APPLICATION_ID ? "of another version" : "another program's database";
      throw new UsageError(`${path}: this state file is ${what}`);
    }
    database.exec(
      `PRAGMA cache_size = -${CACHE_KIB}; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;` +
        `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION};` +
        `PRAGMA temp_store = MEMORY; ${SCHEMA}`,
    );
  } catch (cause) {
    database?.close();
    if (cause instanceof UsageError) throw cause;
    const text = cause instanceof Error ? cause.message : String(cause);
    if (/not a database|malformed|corrupt/i.test(text)) {
      throw new UsageError(`${path}: not a state file of a crawl`, { cause });
    }
    const isInUse = /locked|busy/i.test(text);
    throw new NetwrightError(isInUse ? "in use by another run" : `cannot be opened: ${text}`, {
      operation: "open a state file",
      peer: path,
      cause,
    });
  }
  return database;
}

function pragma(database: DatabaseSync, name: string): unknown {
  return database.prepare(`PRAGMA ${name}`).get()![name];
}

/** The database would remove files beside its own that it does not know: they may be somebody's. */
async function refuseOthers(path: string): Promise<void> {
  if (await isThere(path)) return;
  for (const other of [`${path}-wal`, `${path}-shm`, `${path}-journal`]) {
    if (await isThere(other)) {
      throw new UsageError(`${other} is there without ${path}: choose another name for the state`);
    }
  }
}
