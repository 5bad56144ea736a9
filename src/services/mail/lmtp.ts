/**
 * Takes mail of a mail server, with an answer for each recipient (RFC 2033).
 *
 * @module
 */

import type { ServiceModule } from "../core/service.ts";
import { MAIL_OPTIONS, MAIL_SERVICE, type MailConfiguration } from "./_mail_configuration.ts";

/** The lmtp service. */
export const service: ServiceModule<MailConfiguration> = {
  ...MAIL_SERVICE,
  name: "lmtp",
  summary: "receive mail from a mail server (RFC 2033)",
  port: 2424,
  options: MAIL_OPTIONS,
  stream: async (configuration) => {
    return await (await import("./_mail_service.ts")).mailService("lmtp", configuration);
  },
};
