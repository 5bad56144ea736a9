/**
 * Takes mail (7.5 of the book's list).
 *
 * @module
 */

import { mailCapabilities, mailService, optionsAt, SMTP_OPTIONS } from "./_mail_service.ts";
import type { ServiceModule } from "../core/service.ts";

/** The smtp service. */
export const service: ServiceModule = {
  name: "smtp",
  summary: "take mail into mailboxes (RFC 5321)",
  port: 2525,
  startsTls: true,
  options: SMTP_OPTIONS,
  optionsAt,
  capabilities: mailCapabilities,
  stream: (options) => mailService("smtp", options),
};
