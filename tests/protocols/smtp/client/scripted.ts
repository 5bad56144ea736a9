/**
 * An SMTP server that follows a script.
 *
 * @module
 */

import { SmtpClient, type SmtpClientOptions } from "../../../../src/protocols/smtp/mod.ts";
import { SCRIPTED, scriptedServer } from "../../../support/scripted_server.ts";

/**
 * Speaks to one client.
 *
 * @param script The greeting, and the reply to each line; `-` is nothing, an empty one closes.
 * @param options How the client connects.
 * @param act The client's part.
 * @returns The lines that were received.
 */
export async function scripted(
  script: readonly string[],
  options: Partial<SmtpClientOptions>,
  act: (client: SmtpClient) => Promise<void>,
): Promise<string[]> {
  return await scriptedServer(script, async (network) => {
    await using client = await SmtpClient.connect(SCRIPTED, {
      network,
      timeoutMs: 2_000,
      name: "me",
      ...options,
    });
    await act(client);
  });
}
