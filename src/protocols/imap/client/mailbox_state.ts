/**
 * A mailbox as the server's responses describe it (RFC 9051 §6.3.2, RFC 7162).
 *
 * @module
 */

import { ProtocolError } from "../../../net/mod.ts";
import type { ImapValue } from "../codec/cursor.ts";
import type { FetchData } from "../codec/fetch_data.ts";
import type { ImapResponse, StatusResponse } from "../codec/response.ts";
import { parseUidSet } from "../codec/uid_set.ts";

/** A change of the mailbox that another has made, or the server. */
export type MailboxChange =
  | {
    /** Messages have arrived. */
    readonly kind: "arrived";
    /** How many messages there are now. */
    readonly exists: number;
  }
  | {
    /** The flags of a message have changed. */
    readonly kind: "flags";
    /** Its identifier; undefined if the server has not said it. */
    readonly uid: number | undefined;
    /** Its flags now. */
    readonly flags: readonly string[];
  }
  | {
    /** A message was removed. */
    readonly kind: "removed";
    /** Its identifier; undefined if it was never said. */
    readonly uid: number | undefined;
  };

/** Largest number of messages. */
const MAX_MESSAGES = 10_000_000;
/** Maximum number of flags that are kept. */
const MAX_FLAGS = 10_000;

/** Follows the responses. */
export class MailboxState {
  /** How many messages there are. */
  exists = 0;
  /** Changes when identifiers are given anew: all that is known by them is void then. */
  uidValidity = 0;
  /** The identifier that the next message gets, at least. */
  uidNext: number | undefined;
  /** Flags that messages may have. */
  flags: readonly string[] = [];
  /** Flags that can be changed for good; with `\*`, others too. */
  permanentFlags: readonly string[] | undefined;
  /** The modification sequence of the last change; undefined if the mailbox has none. */
  highestModseq: bigint | undefined;
  /** Whether nothing can be changed. */
  isReadOnly = false;
  /** Called with each change that no command here asked for. */
  onChange: ((change: MailboxChange) => void) | undefined;
  /** Identifiers by number, where they are known. */
  readonly #uids: (number | undefined)[] = [];
  readonly #peer: string;

  /**
   * Begins without messages.
   * @param peer The server, for errors.
   */
  constructor(peer: string) {
    this.#peer = peer;
  }

  /**
   * Takes a response, if it concerns the mailbox.
   * @param response The response.
   * @param isAsked Whether a command here requested it; then it does not count as a change.
   */
  apply(response: ImapResponse, isAsked = false): void {
    switch (response.kind) {
      case "exists":
        return this.#setExists(response.number);
      case "expunge":
        return this.#expunge(response.number);
      case "vanished":
        return this.#vanish(response.uids, response.earlier);
      case "flags":
        this.flags = response.flags.slice(0, MAX_FLAGS);
        return;
      case "fetch":
        return this.#fetched(response.data, isAsked);
      case "status":
        return this.#applyCode(response);
    }
  }

  #applyCode({ status, code }: StatusResponse): void {
    if (status !== "OK" || code === undefined) return;
    const [value] = code.values;
    switch (code.name) {
      case "UIDVALIDITY":
        this.uidValidity = numberOf(value) ?? this.uidValidity;
        return;
      case "UIDNEXT":
        this.uidNext = numberOf(value) ?? this.uidNext;
        return;
      case "HIGHESTMODSEQ":
        this.#raiseModseq(bigOf(value));
        return;
      case "NOMODSEQ":
        this.highestModseq = undefined;
        return;
      case "PERMANENTFLAGS":
        this.permanentFlags = Array.isArray(value)
          ? value.filter((flag): flag is string => typeof flag === "string").slice(0, MAX_FLAGS)
          : [];
        return;
      case "READ-ONLY":
        this.isReadOnly = true;
        return;
      case "READ-WRITE":
        this.isReadOnly = false;
        return;
    }
  }

  #raiseModseq(modseq: bigint | undefined): void {
    if (modseq !== undefined && modseq > (this.highestModseq ?? 0n)) this.highestModseq = modseq;
  }

  #setExists(exists: number): void {
    if (exists > MAX_MESSAGES) this.#refuse(`${exists} messages are more than ${MAX_MESSAGES}`);
    const arrived = exists > this.exists;
    this.exists = exists;
    if (this.#uids.length > exists) this.#uids.length = exists;
    if (arrived) this.onChange?.({ kind: "arrived", exists });
  }

  #expunge(number: number): void {
    // Some servers count a message that they have never announced.
    if (number < 1 || number > this.exists) return;
    const [uid] = number <= this.#uids.length ? this.#uids.splice(number - 1, 1) : [];
    this.exists--;
    this.onChange?.({ kind: "removed", uid });
  }

  /** Messages are named by their identifiers (RFC 7162 §3.2.10). */
  #vanish(set: string, isEarlier: boolean): void {
    const uids = parseUidSet(set, MAX_MESSAGES);
    if (uids === undefined) this.#refuse("malformed VANISHED");
    const gone = new Set(uids);
    if (!isEarlier && gone.size > this.exists) {
      this.#refuse(`${gone.size} messages vanished of ${this.exists}`);
    }
    if (!isEarlier) {
      // Identifiers that were never said can be anywhere.
      let kept = 0;
      for (let index = 0; index < this.#uids.length; index++) {
        const uid = this.#uids[index];
        if (uid === undefined || !gone.has(uid)) this.#uids[kept++] = uid;
      }
      if (this.#uids.length - kept < gone.size) kept = 0;
      this.#uids.length = kept;
      this.exists = Math.max(0, this.exists - gone.size);
    }
    for (const uid of gone) this.onChange?.({ kind: "removed", uid });
  }

  #fetched(data: FetchData, isAsked: boolean): void {
    const { number, uid, flags, modseq } = data;
    this.#raiseModseq(modseq);
    if (number >= 1 && number <= this.exists) {
      if (uid !== undefined) this.#know(number, uid);
      const known = this.uidOf(number);
      if (known !== undefined) data.uid = known;
    }
    if (uid !== undefined && uid >= (this.uidNext ?? 1)) this.uidNext = uid + 1;
    if (!isAsked && flags !== undefined) {
      this.onChange?.({ kind: "flags", uid: data.uid, flags });
    }
  }

  #know(number: number, uid: number): void {
    while (this.#uids.length < number) this.#uids.push(undefined);
    this.#uids[number - 1] = uid;
  }

  /**
   * Gives the identifier of a message.
   * @param number Its number, from 1.
   * @returns The identifier; undefined if the server has not said it.
   */
  uidOf(number: number): number | undefined {
    return this.#uids[number - 1];
  }

  #refuse(reason: string): never {
    throw new ProtocolError(reason, { operation: "read a response", peer: this.#peer });
  }
}

function numberOf(value: ImapValue | undefined): number | undefined {
  return typeof value === "string" && /^\d{1,10}$/.test(value) ? Number(value) : undefined;
}

function bigOf(value: ImapValue | undefined): bigint | undefined {
  return typeof value === "string" && /^\d{1,19}$/.test(value) ? BigInt(value) : undefined;
}
