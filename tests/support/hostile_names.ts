/**
 * Names that a hostile peer may give a file, for the path gate and each protocol in which peers name files.
 *
 * @module
 */

/** Names that must never become local ones. */
export const HOSTILE_NAMES: readonly (readonly [name: string, why: string])[] = [
  ["", "empty"],
  ["/etc/passwd", "absolute"],
  ["//server/share", "absolute on a network"],
  ["\\\\server\\share", "absolute on a network, for Windows"],
  ["\\etc", "absolute, for Windows"],
  ["C:\\autoexec.bat", "with a drive"],
  ["c:x", "with a drive"],
  ["..", "climbs"],
  ["../x", "climbs"],
  ["a/../../x", "climbs"],
  ["a/..", "climbs"],
  ["..\\x", "climbs, for Windows"],
  ["./x", "names the folder itself"],
  ["a//b", "has an empty part"],
  ["a/", "has an empty part"],
  ["a\0b", "NUL"],
  ["a\nb", "LF"],
  ["a\x1b[2Jb", "a terminal escape"],
  ["a\x7f", "DEL"],
  ["a\x85b", "a C1 control"],
  ["con", "a device"],
  ["CON.txt", "a device"],
  ["nul", "a device"],
  ["a/aux.tar.gz", "a device"],
  ["com1", "a device"],
  ["LPT9.x", "a device"],
  ["conin$", "a device"],
  ["file.", "ends with a dot"],
  ["file ", "ends with a space"],
  ["dir./file", "a folder that ends with a dot"],
  ["...", "ends with a dot"],
  ["a:stream", "an alternate stream"],
  ["a?b", "not for Windows"],
  ["a*b", "not for Windows"],
  ['a"b', "not for Windows"],
  ["a|b", "not for Windows"],
  ["<a>", "not for Windows"],
  ["\ud800", "no well-formed text"],
  ["x".repeat(256), "too long"],
  ["é".repeat(128), "too long in bytes"],
];

/** Names that may. */
export const GOOD_NAMES: readonly string[] = [
  "readme.txt",
  "pub/linux/readme",
  ".hidden",
  "..a",
  "a..b",
  "-rf",
  "~",
  "%2e%2e",
  "console",
  "com10",
  "nullable.txt",
  "größe 1 (2).txt",
  "日本語",
  "x".repeat(255),
];
