/**
 * Options of commands that show messages at the terminal, for their attachments.
 *
 * @module
 */

import { type Capabilities, UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";

/** Commands that show messages have these. */
export const ATTACHMENT_OPTIONS: OptionSpecs = {
  attachments: { value: "DIR", help: "where attachments are saved, at the terminal" },
  viewer: { value: "PROGRAM", help: "show attachments by this program, at the terminal" },
};

/** How attachments are kept and shown. */
export interface AttachmentPlan {
  /** The folder for attachments; they are not saved if absent. */
  readonly attachments: string | undefined;
  /** The program that shows them, and its arguments. */
  readonly viewer: readonly string[] | undefined;
}

/**
 * Reads how attachments are kept and shown.
 *
 * @param args The command line.
 * @returns How.
 * @throws {UsageError} If an option is missing.
 */
export function planAttachments(args: Arguments): AttachmentPlan {
  const attachments = args.value("attachments");
  const viewer = args.value("viewer")?.split(" ").filter((word) => word !== "");
  if (viewer !== undefined && (viewer.length === 0 || attachments === undefined)) {
    throw new UsageError("--viewer requires a program, and --attachments for its files");
  }
  return { attachments, viewer };
}

/** Returns the capabilities for keeping and showing them. */
export function attachmentCapabilities({ attachments, viewer }: AttachmentPlan): Capabilities {
  return {
    ...(attachments !== undefined && { read: [attachments], write: [attachments] }),
    ...(viewer !== undefined && { run: [viewer[0]!] }),
  };
}
