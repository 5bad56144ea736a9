/**
 * Names of mail folders in ASCII: modified UTF-7 (RFC 3501 §5.1.3), as Maildir++ and IMAP4rev1 have them.
 *
 * @module
 */

/**
 * Encodes a name.
 *
 * @param name Any text.
 * @returns The name in ASCII.
 *
 * @example RFC 3501's mailbox
 * ```ts
 * import { encodeFolderName } from "./modified_utf7.ts";
 * if (encodeFolderName("~peter/mail/台北/日本語") !== "~peter/mail/&U,BTFw-/&ZeVnLIqe-") throw new Error();
 * ```
 */
export function encodeFolderName(name: string): string {
  return name.replace(/&|[^\x20-\x7e]+/g, (text) => {
    if (text === "&") return "&-";
    const bytes = new Uint8Array(text.length * 2);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at));
    const base64 = btoa(String.fromCharCode(...bytes)).replace(/=+$/, "").replaceAll("/", ",");
    return `&${base64}-`;
  });
}

/**
 * Decodes a name.
 *
 * @param name What should be modified UTF-7.
 * @returns The text; undefined if it is none.
 */
export function decodeFolderName(name: string): string | undefined {
  if (/[^\x20-\x7e]/.test(name)) return undefined;
  let good = true;
  const text = name.replace(/&([A-Za-z0-9+,]*)(-?)/g, (_, digits: string, end: string) => {
    if (end === "" || digits.length % 4 === 1) good = false;
    if (!good) return "";
    if (digits === "") return "&";
    const bytes = Uint8Array.from(
      atob(digits.replaceAll(",", "/")),
      (character) => character.charCodeAt(0),
    );
    if (bytes.length % 2 !== 0) good = false;
    return new TextDecoder("utf-16be", { ignoreBOM: true }).decode(bytes);
  });
  // A name in another spelling than ours may be another folder's.
  return good && encodeFolderName(text) === name ? text : undefined;
}
