/**
 * Where things are kept: files through one gate, whole or not at all.
 *
 * @module
 */

export * from "./appended_lines.ts";
export * from "./atomic_file.ts";
export * from "./disk_tree.ts";
export * from "./every_name.ts";
export * from "./file_tree.ts";
export * from "./first_in_period.ts";
export * from "./link.ts";
export * from "./mail_store.ts";
export * from "./maildir.ts";
export * from "./memory_mail.ts";
export * from "./memory_tree.ts";
export * from "./modified_utf7.ts";
export * from "./new_file.ts";
export * from "./open_file.ts";
export * from "./partial_file.ts";
export * from "./path_gate.ts";
export * from "./public_files.ts";
export * from "./sha256.ts";
export * from "./text_file.ts";
export * from "./users.ts";
