/**
 * Folders of an FTP server with all that is in them, or all that is above them.
 *
 * @module
 */

import { ReplyError } from "../../../net/mod.ts";
import { command } from "../../wire/mod.ts";
import { asEntryName, type FtpEntry } from "../codec/entry.ts";
import type { FtpListing } from "./_listing.ts";
import type { FtpRequests } from "./_requests.ts";

/** The methods of a client that are needed to empty a folder. */
interface Remover {
  list(path: string): AsyncIterable<FtpEntry>;
  remove(path: string): Promise<void>;
  removeFolder(path: string, options: { readonly recursive: boolean }): Promise<void>;
}

/** Removes all that is in a folder; links are removed and not followed. */
export async function emptyFolder(client: Remover, path: string): Promise<void> {
  const entries = await Array.fromAsync(client.list(path));
  for (const { name, kind } of entries) {
    const inner = `${path.replace(/\/$/, "")}/${name.validate(asEntryName)}`;
    if (kind === "folder") await client.removeFolder(inner, { recursive: true });
    else await client.remove(inner);
  }
}

/** Creates a folder and its parents; an existing one is not an error. */
export async function makeFolders(
  requests: FtpRequests,
  listing: FtpListing,
  path: string,
): Promise<void> {
  const parts = path.split("/").filter((part) => part !== "");
  for (let length = 1; length <= parts.length; length++) {
    const folder = (path.startsWith("/") ? "/" : "") + parts.slice(0, length).join("/");
    try {
      await requests.send(command`MKD ${folder}`);
    } catch (error) {
      // It may exist, or its parent may be one where nothing may be made; the last one decides.
      if (!(error instanceof ReplyError)) throw error;
      if (length === parts.length && (await listing.stat(folder))?.kind !== "folder") throw error;
    }
  }
}
