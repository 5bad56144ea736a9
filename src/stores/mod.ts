/**
 * Where things are kept: files through one gate, whole or not at all.
 *
 * @module
 */

export * from "./files/appended_lines.ts";
export * from "./files/atomic_file.ts";
export * from "./trees/disk_tree.ts";
export * from "./files/every_name.ts";
export * from "./trees/file_tree.ts";
export * from "./files/first_in_period.ts";
export * from "./files/link.ts";
export * from "./mail/mail_store.ts";
export * from "./mail/maildir.ts";
export * from "./mail/memory_mail.ts";
export * from "./trees/memory_tree.ts";
export * from "./mail/modified_utf7.ts";
export * from "./files/new_file.ts";
export * from "./files/open_file.ts";
export * from "./files/partial_file.ts";
export * from "./files/path_gate.ts";
export * from "./trees/public_files.ts";
export * from "./files/sha256.ts";
export * from "./files/text_file.ts";
export * from "./users.ts";
