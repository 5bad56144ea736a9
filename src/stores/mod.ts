/**
 * Where things are kept: files through one gate, whole or not at all.
 *
 * @module
 */

export { PathGate, type PathGateOptions } from "./files/path_gate.ts";
export {
  type AppendOptions,
  type ByteRange,
  type FlagsChange,
  type FlagsResult,
  type ListedMessage,
  type MailAccount,
  type MailFolder,
  type MailListing,
  type MailQuota,
  type MailStore,
  MailStoreError,
  type MailStoreFailure,
  type MessageText,
  type NewMessage,
  type StoredMessage,
  SYSTEM_FLAGS,
} from "./mail/mail_store.ts";
export { Maildir } from "./mail/maildir.ts";
export { MemoryMail } from "./mail/memory_mail.ts";
export { MemoryNews, type NewsStoreOptions } from "./news/memory_news.ts";
export {
  type NewArticle,
  type NewsGroup,
  type NewsGroupSettings,
  type NewsGroupStatus,
  type NewsStore,
  NewsStoreError,
  type NewsStoreFailure,
  type NumberRange,
  type StoredArticle,
} from "./news/news_store.ts";
export { SpoolNews } from "./news/spool_news.ts";
export { DiskTree, type DiskTreeOptions, type TreePartOptions } from "./trees/disk_tree.ts";
export {
  type FileTree,
  type TreeEntry,
  TreeError,
  type TreeFailure,
  type TreeWriteOptions,
} from "./trees/file_tree.ts";
export { MemoryTree, type MemoryTreeOptions } from "./trees/memory_tree.ts";
export {
  hashPassword,
  parseUsers,
  type StoredScram,
  type StoredUser,
  type StoredUsers,
  verifyPassword,
} from "./users.ts";
export type { CompleteOptions } from "./files/partial_file.ts";
