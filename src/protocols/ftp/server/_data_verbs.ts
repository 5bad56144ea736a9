/**
 * Verbs that say how data goes.
 *
 * @module
 */

import { formatHostPort, parseExtendedAddress, parseHostPort } from "../codec/data_address.ts";
import type { FtpServerState, FtpVerb } from "./_state.ts";

/** Makes them. */
export function dataVerbs(state: FtpServerState): Record<string, FtpVerb> {
  const { options, side } = state;
  const reply = state.reply.bind(state);
  /** After EPSV ALL no other way is taken (RFC 2428 §4). */
  let onlyExtended = false;

  const localHost = (): string => {
    const { localAddr } = state.session.connection;
    return "hostname" in localAddr ? localAddr.hostname : "127.0.0.1";
  };
  const isRefused = async (): Promise<boolean> => {
    if (onlyExtended) await reply(503, "After EPSV ALL only EPSV is taken.");
    else if (options.active === false) {
      await reply(502, "Only passive transfers: use EPSV or PASV.");
    }
    return onlyExtended || options.active === false;
  };
  const aim = async (target: ReturnType<typeof parseHostPort>): Promise<void> => {
    if (target === undefined) return await reply(501, "Malformed address.");
    await (side.aim(target)
      ? reply(200, "PORT command successful.")
      : reply(504, "Only your own address, and ports from 1024."));
  };

  return {
    async PASV() {
      if (onlyExtended) return await reply(503, "After EPSV ALL only EPSV is taken.");
      const hostname = (options.publicAddress ?? localHost()).replace(/^::ffff:/i, "");
      if (hostname.includes(":")) return await reply(522, "PASV knows IPv4 only: use EPSV.");
      const port = side.listen();
      await reply(227, `Entering Passive Mode (${formatHostPort({ hostname, port })}).`);
    },
    async EPSV(argument) {
      if (/^all$/i.test(argument)) {
        onlyExtended = true;
        return await reply(200, "Only EPSV from now on.");
      }
      // The data come by the same protocol as the commands.
      const own = localHost().replace(/^::ffff:(?=[\d.]+$)/i, "").includes(":") ? "2" : "1";
      if (argument !== "" && argument !== own) {
        return await reply(522, `Another network protocol, use (${own}).`);
      }
      await reply(229, `Entering Extended Passive Mode (|||${side.listen()}|)`);
    },
    async PORT(argument) {
      const isSix = /^\d+(?:,\d+){5}$/.test(argument.replaceAll(" ", ""));
      if (!await isRefused()) await aim(isSix ? parseHostPort(argument) : undefined);
    },
    async EPRT(argument) {
      if (await isRefused()) return;
      const target = parseExtendedAddress(argument);
      if (target === "unknown") return await reply(522, "Unknown network protocol, use (1,2).");
      await aim(target);
    },
    async TYPE(argument) {
      const type = /^(A|I)(?: N)?$|^L 8$/i.exec(argument);
      if (type === null) return await reply(504, "Only TYPE A and TYPE I are known.");
      state.type = type[1]?.toUpperCase() === "A" ? "A" : "I";
      await reply(200, `TYPE ${state.type}.`);
    },
    async MODE(argument) {
      await (/^S$/i.test(argument) ? reply(200, "MODE S.") : reply(504, "Only MODE S is known."));
    },
    async STRU(argument) {
      await (/^F$/i.test(argument) ? reply(200, "STRU F.") : reply(504, "Only STRU F is known."));
    },
    async REST(argument) {
      if (!/^\d{1,15}$/.test(argument)) return await reply(501, "REST requires a number of bytes.");
      state.offset = Number(argument);
      await reply(350, `The next transfer begins at ${state.offset}.`);
    },
    async ALLO() {
      await reply(202, "No room needs to be made.");
    },
    async ABOR() {
      const wasBusy = state.transfers.isBusy;
      await state.transfers.abort();
      side[Symbol.dispose]();
      await reply(wasBusy ? 226 : 225, wasBusy ? "Aborted." : "No transfer was under way.");
    },
  };
}
