/**
 * Verbs for logging in, TLS, and the server's features.
 *
 * @module
 */

import { escapeForDisplay } from "../../../net/mod.ts";
import { isAnonymous } from "../codec/anonymous.ts";
import { FACT_NAMES } from "../codec/facts.ts";
import type { FtpServerState, FtpVerb } from "./_state.ts";

/** Pause after a wrong password, in milliseconds: guessing must not be fast. */
const WRONG_MS = 500;

/** Makes them. */
export function accessVerbs(state: FtpServerState): Record<string, FtpVerb> {
  const { options, session } = state;
  const reply = state.reply.bind(state);
  let wrong = 0;
  let protects = false;

  const logOut = (): void => {
    state.user = undefined;
    state.userName = "";
    state.folder = [];
    state.offset = 0;
  };

  const logIn = async (password: string): Promise<"quit" | void> => {
    const user = await options.authenticate(state.userName, password);
    if (user !== undefined) {
      state.user = user;
      state.folder = [];
      return await reply(230, "Logged in.");
    }
    await new Promise((resolve) => setTimeout(resolve, WRONG_MS));
    if (++wrong < (options.maxLogins ?? 3)) return await reply(530, "Login incorrect.");
    await reply(421, "Too many wrong passwords.");
    return "quit";
  };

  return {
    async USER(name) {
      logOut();
      if (name === "") return await reply(501, "USER requires a name.");
      if (options.requireTls && !state.isSecure && !isAnonymous(name)) {
        return await reply(530, "TLS is required: send AUTH TLS first.");
      }
      state.userName = name;
      await reply(331, `Password for ${escapeForDisplay(name)}, please.`);
    },
    async PASS(password) {
      if (state.user !== undefined) return await reply(230, "Already logged in.");
      if (state.userName === "") return await reply(503, "USER comes first.");
      return await logIn(password);
    },
    async REIN() {
      logOut();
      await reply(220, "Ready for another user.");
    },
    async ACCT() {
      await reply(202, "No account is needed.");
    },
    async HOST() {
      await reply(504, "This server is one host.");
    },
    async QUIT() {
      await state.transfers.finish();
      await reply(221, "Goodbye.");
      return "quit";
    },
    async NOOP() {
      await reply(200, "OK.");
    },
    async SYST() {
      await reply(215, "UNIX Type: L8");
    },
    async HELP() {
      await reply(214, "RFC 959, 1123, 2389, 2428, 3659" + (options.tls ? ", 4217" : ""));
    },
    async FEAT() {
      const facts = FACT_NAMES.map((fact) =>
        `${fact}${state.facts.has(fact.toLowerCase()) ? "*" : ""};`
      );
      const features = [
        "EPRT",
        "EPSV",
        "MDTM",
        "MFMT",
        `MLST ${facts.join("")}`,
        "REST STREAM",
        "SIZE",
        "TVFS",
        "UTF8",
        "HASH SHA-256*",
        ...(options.tls ? ["AUTH TLS", "PBSZ", "PROT"] : []),
      ];
      await reply(211, "Features:", ...features.map((feature) => ` ${feature}`), "End");
    },
    async OPTS(argument) {
      const [name = "", ...values] = argument.split(/[ \t]+/);
      switch (name.toUpperCase()) {
        case "UTF8":
          return await reply(200, "UTF-8 is always on.");
        case "HASH":
          return values[0] === undefined || values[0].toUpperCase() === "SHA-256"
            ? await reply(200, "SHA-256")
            : await reply(501, "Only SHA-256 is known.");
        case "MLST": {
          const requested = (values[0] ?? "").toLowerCase().split(";");
          const known = FACT_NAMES.filter((fact) => requested.includes(fact.toLowerCase()));
          state.facts = new Set(known.map((fact) => fact.toLowerCase()));
          return await reply(
            200,
            `MLST OPTS ${known.map((fact) => `${fact};`).join("")}`.trimEnd(),
          );
        }
        default:
          await reply(501, "There is no such option.");
      }
    },
    async AUTH(mechanism) {
      const { tls } = options;
      if (!/^(?:TLS|TLS-C|SSL)$/i.test(mechanism)) return await reply(504, "Only TLS is known.");
      if (tls === undefined) return await reply(502, "This server speaks no TLS.");
      if (state.isSecure) return await reply(503, "TLS has begun already.");
      // Logins in clear text are void.
      logOut();
      await reply(234, "Proceed with TLS negotiation.");
      await session.upgrade(tls);
      state.isSecure = true;
    },
    async PBSZ() {
      if (!state.isSecure) return await reply(503, "AUTH TLS comes first.");
      protects = true;
      await reply(200, "PBSZ=0");
    },
    async PROT(level) {
      if (!protects) return await reply(503, "PBSZ comes first.");
      const letter = level.toUpperCase();
      if (letter === "C" && options.requireTls) return await reply(534, "Data must be protected.");
      if (letter !== "C" && letter !== "P") return await reply(504, "Only C and P are known.");
      state.side.isProtected = letter === "P";
      await reply(200, letter === "P" ? "Data is protected." : "Data is in clear text.");
    },
  };
}
