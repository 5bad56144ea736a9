/**
 * Takes mail of a mail server, with an answer for each recipient (RFC 2033).
 *
 * @module
 */

import { MAIL_OPTIONS, mailCapabilities, mailService, optionsAt } from "./_mail_service.ts";
import type { ServiceModule } from "../core/service.ts";

/** The lmtp service. */
export const service: ServiceModule = {
  name: "lmtp",
  summary: "take mail of a mail server (RFC 2033)",
  port: 2424,
  startsTls: true,
  options: MAIL_OPTIONS,
  optionsAt,
  capabilities: mailCapabilities,
  stream: (options) => mailService("lmtp", options),
};
