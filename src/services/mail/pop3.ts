/**
 * Lets users read their mail by POP3 (8.4 of the book's list).
 *
 * @module
 */

import type { ServiceModule } from "../core/service.ts";
import {
  MAILBOX_OPTIONS,
  MAILBOX_SERVICE,
  type MailboxConfiguration,
} from "./_mailbox_configuration.ts";

/** The pop3 service. */
export const service: ServiceModule<MailboxConfiguration> = {
  ...MAILBOX_SERVICE,
  name: "pop3",
  summary: "let users read their mail by POP3 (RFC 1939)",
  port: 1110,
  // RFC 1939 §3 asks for ten minutes at least.
  idleTimeoutMs: 600_000,
  options: MAILBOX_OPTIONS,
  examples: ["--maildir mail --any-password", "--maildir mail --users users.yaml"],
  stream: async (configuration) => {
    return await (await import("./_pop3_service.ts")).pop3Service(configuration);
  },
};
