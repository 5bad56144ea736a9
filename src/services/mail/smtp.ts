/**
 * Takes mail (7.5 of the book's list).
 *
 * @module
 */

import type { ServiceModule } from "../core/service.ts";
import { MAIL_SERVICE, type MailConfiguration, SMTP_OPTIONS } from "./_mail_configuration.ts";

/** The smtp service. */
export const service: ServiceModule<MailConfiguration> = {
  ...MAIL_SERVICE,
  name: "smtp",
  summary: "receive mail into mailboxes (RFC 5321)",
  port: 2525,
  options: SMTP_OPTIONS,
  stream: async (configuration) => {
    return await (await import("./_mail_service.ts")).mailService("smtp", configuration);
  },
};
