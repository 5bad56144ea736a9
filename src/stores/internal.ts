/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { CrawlStore } from "./crawl/crawl_store.ts";
export type {
  CrawledUrl,
  CrawlLink,
  CrawlMode,
  CrawlNote,
  CrawlResult,
  WaitingUrl,
} from "./crawl/crawl_types.ts";
export type { Delivered, DeliveredFacts, MailDelivery } from "./delivery/delivery.ts";
export { FetchJournal } from "./delivery/fetch_journal.ts";
export { GatewayMemory } from "./delivery/gateway_memory.ts";
export { FolderDelivery } from "./delivery/folder_delivery.ts";
export { MaildirDelivery } from "./delivery/maildir_delivery.ts";
export { MboxDelivery, toMbox } from "./delivery/mbox_delivery.ts";
export { withLf } from "./delivery/lf_decoder.ts";
export { AppendedLines } from "./logs/appended_lines.ts";
export { replaceFile, writeAtomically } from "./files/atomic_file.ts";
export { requireEveryName } from "./files/every_name.ts";
export { recordOncePer } from "./files/record_once_per.ts";
export { BackgroundLines, type LineSink, standardLines } from "./logs/background_lines.ts";
export { LogFile, type LogFileOptions } from "./logs/log_file.ts";
export { isWithinRoot } from "./files/link.ts";
export { localName, openSpecialFile, writeNewFile } from "./files/new_file.ts";
export { openMaildir } from "./mail/maildir.ts";
export { openFile, regularSize } from "./files/open_file.ts";
export { originPath, readOrigin, writeOrigin } from "./files/partial_origin.ts";
export {
  isVersionedPartial,
  openPartialFile,
  PartialFile,
  partialPath,
  versionTag,
} from "./files/partial_file.ts";
export { checkName } from "./files/path_gate.ts";
export { sha256 } from "./files/sha256.ts";
export {
  isThere,
  listFiles,
  makeWritableFolder,
  modifiedAt,
  readBytesIfThere,
  readTextFile,
  readTextIfThere,
  readTextInside,
  requireFolder,
} from "./files/text_file.ts";
export { type RunStart, SyncJournal, type SyncLink } from "./syncing/sync_journal.ts";
export { SyncMemory } from "./syncing/sync_memory.ts";
export { type PublicEntry, type PublicFile, PublicFiles } from "./trees/public_files.ts";
export { checkToken, checkUser, scramOf, UNUSABLE_HASH } from "./users.ts";
