/**
 * Faults that a server makes on request, for people who test their own clients.
 *
 * @module
 */

import { parseByteAmount } from "../../../net/internal.ts";
import { UsageError } from "../../../net/mod.ts";

/** A fault. */
export type FtpFault =
  /** The data stops after so many bytes, and nothing more is said. */
  | { readonly kind: "hang-after"; readonly bytes: number }
  /** Both connections are closed after so many bytes of data. */
  | { readonly kind: "close-after"; readonly bytes: number }
  /** The data ends after so many bytes, and is called complete. */
  | { readonly kind: "cut-after"; readonly bytes: number }
  /** Nothing is said when a transfer is over. */
  | { readonly kind: "no-reply" }
  /** No data connection can be had. */
  | { readonly kind: "no-data" };

/**
 * Reads faults.
 *
 * @param text Such as `hang-after=1MiB`, `close-after=64K`, `cut-after=0`, `no-reply`, `no-data`; several with commas.
 * @returns The faults.
 * @throws {UsageError} If there is no such fault.
 */
export function parseFtpFaults(text: string): FtpFault[] {
  return text.split(",").map((word) => {
    const [name = "", amount] = word.trim().split("=", 2);
    if (name === "no-reply" || name === "no-data") {
      if (amount === undefined) return { kind: name };
    } else if (name === "hang-after" || name === "close-after" || name === "cut-after") {
      const bytes = parseByteAmount(amount ?? "");
      if (bytes !== undefined) return { kind: name, bytes };
    }
    throw new UsageError(
      `unknown fault "${word.trim().slice(0, 50)}": hang-after=SIZE, close-after=SIZE, ` +
        "cut-after=SIZE, no-reply, no-data",
    );
  });
}

/** The fault for the data of one transfer: the bytes that pass, and the action. */
export interface FaultyEnd {
  /** Bytes that pass. */
  readonly bytes: number;
  /** The action. */
  readonly then: "hang" | "close" | "cut";
}

/** The fault that ends data first, if any does. */
export function faultyEnd(faults: readonly FtpFault[]): FaultyEnd | undefined {
  const ends = faults.flatMap((fault): FaultyEnd[] =>
    "bytes" in fault
      ? [{ bytes: fault.bytes, then: fault.kind.split("-")[0] as FaultyEnd["then"] }]
      : []
  );
  return ends.sort((a, b) => a.bytes - b.bytes)[0];
}
