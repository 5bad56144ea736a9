/**
 * Answers queries about users, from a folder of texts (RFC 1288).
 *
 * @module
 */

import type { ServiceModule } from "../core/service.ts";

/** The finger service. */
export const service: ServiceModule<{ readonly plans: string | undefined }> = {
  name: "finger",
  summary: "answer queries about users (RFC 1288)",
  port: 79,
  isForPeople: true,
  options: { plans: { value: "DIR", help: "folder with a text file for each user" } },
  parse: ({ options: { plans } }) => ({ plans }),
  capabilities: ({ plans }) => plans === undefined ? {} : { read: [plans] },
  stream: async ({ plans }) => (await import("./_finger.ts")).fingerService(plans),
};
