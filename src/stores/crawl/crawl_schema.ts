/**
 * The tables of a crawl's state file.
 *
 * @module
 */

/** Version of the tables; a file of another version is refused. */
export const SCHEMA_VERSION = 1;

/** Identifies the file as ours (`PRAGMA application_id`): "NWRB". */
export const APPLICATION_ID = 0x4e575242;

/**
 * The tables. A URL's state is 0 while it waits, 1 when it was requested, 2 if only an earlier crawl has reached it. The index
 * `waiting` covers only URLs that were not requested yet, so that finding the next one takes constant time.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hosts(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, waiting INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS busy ON hosts(id) WHERE waiting > 0;
CREATE TABLE IF NOT EXISTS urls(
  id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, host INTEGER NOT NULL, mode INTEGER NOT NULL,
  depth INTEGER NOT NULL, hops INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
  outcome TEXT, status INTEGER, reason TEXT, redirect INTEGER, redirect_fragment TEXT, type TEXT, bytes INTEGER,
  ms INTEGER, title TEXT, anchors TEXT, canonical INTEGER, etag TEXT, modified TEXT, links TEXT, twin INTEGER
);
CREATE INDEX IF NOT EXISTS waiting ON urls(host, id) WHERE state = 0;
CREATE INDEX IF NOT EXISTS twins ON urls(twin) WHERE twin IS NOT NULL;
CREATE TABLE IF NOT EXISTS notes(
  url INTEGER NOT NULL, problem TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS noted ON notes(url);
`;
