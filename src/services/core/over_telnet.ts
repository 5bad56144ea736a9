/**
 * A service of lines, for people at terminals (RFC 854).
 *
 * @module
 */

import type { Service } from "./service.ts";

/**
 * Puts Telnet around a service that reads and writes lines: lines are edited, the terminal's width is known.
 *
 * @param service The service.
 * @returns The service as people reach it by Telnet.
 */
export function overTelnet(service: Service): Service {
  const { name, busy } = service;
  return {
    name,
    ...(busy !== undefined && { busy }),
    async handle(connection, context): Promise<void> {
      // The launcher loads services too, and no protocol code.
      const { LineTerminal } = await import("../../protocols/telnet/mod.ts");
      const terminal = new LineTerminal(connection);
      // The negotiated options last as long as the conversation.
      await service.handle(terminal, { ...context, canPark: false, terminal });
    },
  };
}
