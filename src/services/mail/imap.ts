/**
 * Lets users work with their mail by IMAP (8.4 of the book's list).
 *
 * @module
 */

import type { ServiceModule } from "../core/service.ts";
import { byteAmount } from "../core/option_values.ts";
import { MAIL_OPTIONS } from "./_mail_configuration.ts";
import {
  type ImapConfiguration,
  MAILBOX_OPTIONS,
  MAILBOX_SERVICE,
} from "./_mailbox_configuration.ts";

/** The imap service. */
export const service: ServiceModule<ImapConfiguration> = {
  ...MAILBOX_SERVICE,
  name: "imap",
  summary: "let users work with their mail by IMAP (RFC 9051, 3501)",
  port: 1143,
  // RFC 9051 §5.4 asks for thirty minutes at least.
  idleTimeoutMs: 1_800_000,
  options: {
    ...MAILBOX_OPTIONS,
    "max-size": MAIL_OPTIONS["max-size"]!,
    quota: MAIL_OPTIONS.quota!,
  },
  examples: ["--maildir mail --any-password", "--maildir mail --users users.yaml"],
  parse(args) {
    return {
      ...MAILBOX_SERVICE.parse(args),
      maxBytes: byteAmount(args.options, "max-size"),
      quotaBytes: byteAmount(args.options, "quota"),
    };
  },
  stream: async (configuration) => {
    return await (await import("./_imap_service.ts")).imapService(configuration);
  },
};
