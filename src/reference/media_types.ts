/**
 * What files are, by the endings of their names.
 *
 * @module
 */

const TYPES: Readonly<Record<string, string>> = {
  "7z": "application/x-7z-compressed",
  avif: "image/avif",
  bmp: "image/bmp",
  css: "text/css",
  csv: "text/csv",
  doc: "application/msword",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  eml: "message/rfc822",
  gif: "image/gif",
  gz: "application/gzip",
  htm: "text/html",
  html: "text/html",
  ico: "image/vnd.microsoft.icon",
  ics: "text/calendar",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript",
  json: "application/json",
  map: "application/json",
  md: "text/markdown",
  mjs: "text/javascript",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  ogg: "audio/ogg",
  otf: "font/otf",
  odp: "application/vnd.oasis.opendocument.presentation",
  ods: "application/vnd.oasis.opendocument.spreadsheet",
  odt: "application/vnd.oasis.opendocument.text",
  p7m: "application/pkcs7-mime",
  p7s: "application/pkcs7-signature",
  pdf: "application/pdf",
  png: "image/png",
  ppt: "application/vnd.ms-powerpoint",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  rtf: "application/rtf",
  svg: "image/svg+xml",
  tar: "application/x-tar",
  tif: "image/tiff",
  tiff: "image/tiff",
  ttf: "font/ttf",
  vcf: "text/vcard",
  txt: "text/plain",
  wasm: "application/wasm",
  wav: "audio/wav",
  webm: "video/webm",
  webp: "image/webp",
  webmanifest: "application/manifest+json",
  woff: "font/woff",
  woff2: "font/woff2",
  xhtml: "application/xhtml+xml",
  xls: "application/vnd.ms-excel",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  xml: "application/xml",
  yaml: "application/yaml",
  yml: "application/yaml",
  zip: "application/zip",
};

/**
 * Returns the media type of a file.
 *
 * @param name Its name.
 * @returns Its media type; `application/octet-stream` if the ending is not known.
 */
export function mediaTypeOf(name: string): string {
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(TYPES, ending) ? TYPES[ending]! : "application/octet-stream";
}

/**
 * Gives the ending that names of files of a type have.
 *
 * @param type A media type in lower case, without parameters.
 * @returns The ending without its dot; `txt` for other text, and `bin` for unknown types.
 */
export function extensionForType(type: string): string {
  const known = USUAL[type] ?? Object.entries(TYPES).find(([, known]) => known === type)?.[0];
  return known ?? (type.startsWith("text/") ? "txt" : "bin");
}

/** The usual one, where a type has several. */
const USUAL: Readonly<Record<string, string>> = {
  "application/yaml": "yaml",
  "image/jpeg": "jpg",
  "image/tiff": "tiff",
  "text/html": "html",
  "text/javascript": "js",
  "text/plain": "txt",
};
