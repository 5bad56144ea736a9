/**
 * Record boundaries of a TLS stream, without decryption: enough to distinguish an end that the peer announced from a
 * truncation attack.
 *
 * @module
 */

const HEADER_BYTES = 5;
const ALERT = 21;
const APPLICATION_DATA = 23;
/** In TLS 1.3 everything looks like data: an alert of two bytes, its real type, and the cipher's tag. */
const ENCRYPTED_ALERT_BYTES = 19;

/** Follows the records of one direction (RFC 5246 §6.2, RFC 8446 §5.1). */
export class TlsRecords {
  readonly #header = new Uint8Array(HEADER_BYTES);
  #headerBytes = 0;
  /** Bytes of the record's body that have not come yet. */
  #left = 0;
  #last: { readonly type: number; readonly length: number } | undefined;

  /** Takes the next bytes. */
  feed(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#left > 0) {
        const count = Math.min(this.#left, bytes.length - at);
        this.#left -= count;
        at += count;
        continue;
      }
      this.#header[this.#headerBytes++] = bytes[at++]!;
      if (this.#headerBytes < HEADER_BYTES) continue;
      this.#headerBytes = 0;
      const [type = 0, , , high = 0, low = 0] = this.#header;
      this.#left = high << 8 | low;
      this.#last = { type, length: this.#left };
    }
  }

  /** Whether the last record is not whole. */
  get isWithin(): boolean {
    return this.#left > 0 || this.#headerBytes > 0;
  }

  /** Whether the last record can be the peer's word that no more will come (`close_notify`). */
  get isClosed(): boolean {
    if (this.isWithin || this.#last === undefined) return false;
    const { type, length } = this.#last;
    return type === ALERT || type === APPLICATION_DATA && length === ENCRYPTED_ALERT_BYTES;
  }
}
