/**
 * Takes mail over SMTP or LMTP into mailboxes.
 *
 * @module
 */

import { clientKeys, TokenBuckets } from "../../net/internal.ts";
import { type Address, escapeForDisplay, isLoopback } from "../../net/mod.ts";
import { handleSmtp, SmtpReject } from "../../protocols/smtp/mod.ts";
import { describeError } from "../core/error_text.ts";
import type { Service } from "../core/service.ts";
import type { MailConfiguration } from "./_mail_configuration.ts";
import { accountsOf } from "../core/accounts.ts";
import { LocalDelivery } from "./_local_delivery.ts";
import { openMail } from "./_mail_stores.ts";

/**
 * Takes mail.
 *
 * @param protocol By which protocol.
 * @param configuration The accepted mail, the users, and the mailboxes.
 * @returns The service.
 * @throws {NetwrightError} If the folder of mailboxes cannot be written.
 */
export async function mailService(
  protocol: "smtp" | "lmtp",
  configuration: MailConfiguration,
): Promise<Service> {
  const users = configuration.users && new Map(Object.entries(configuration.users));
  const drop = new LocalDelivery(
    await openMail(configuration.maildir, { maxBytes: configuration.quotaBytes }),
    (mailbox) => users === undefined || users.has(mailbox),
    new Map(Object.entries(configuration.aliases)),
  );
  const accounts = users === undefined ? undefined : accountsOf(users);
  const mayTake = clientRate(configuration);
  return {
    name: protocol,
    busy: new TextEncoder().encode("421 4.3.2 Too many clients. Try again in a moment.\r\n"),
    async handle(connection, context): Promise<void> {
      const onError = (error: unknown) => context.log?.(escapeForDisplay(describeError(error)));
      await handleSmtp(connection, {
        protocol,
        name: configuration.name,
        maxBytes: configuration.maxBytes,
        bareLineBreaks: configuration.bareLf,
        tls: configuration.tls,
        isSecure: configuration.isSecure,
        users: protocol === "lmtp" ? undefined : accounts,
        requireAuth: configuration.requireAuth,
        insecureAuth: configuration.insecureAuth,
        now: () => context.now(),
        // The server ends silent sessions.
        timeoutMs: Infinity,
        beforeClosing: (say) => context.beforeClosing?.(say),
        signal: context.signal,
        sender() {
          if (mayTake(connection.remoteAddr)) return Promise.resolve();
          throw new SmtpReject(450, "4.7.1 too many messages in a minute; try again later");
        },
        recipient: async (address) => void await drop.mailboxes(address),
        async deliver(incoming) {
          const answers = protocol === "lmtp"
            ? await drop.deliverEach(incoming, onError)
            : await drop.deliver(incoming);
          const { id, from, to } = incoming;
          const kept = to.filter((_, index) => answers?.[index] === undefined);
          if (kept.length > 0) {
            context.log?.(escapeForDisplay(`${id} from <${from}> to ${addresses(kept)}`));
          }
          return answers;
        },
        onRefused({ from, to, reply: [code, text] }) {
          const recipient = to.length === 0 ? "" : ` to ${addresses(to)}`;
          context.log?.(
            escapeForDisplay(`refused with ${code} ${text}: from <${from}>${recipient}`),
          );
        },
        onError,
      });
    },
  };
}

function addresses(list: readonly string[]): string {
  return list.map((address) => `<${address}>`).join(" ");
}

/** How often each client may send; this host's own only if it was said how often. */
function clientRate(
  { messageRate, isLocalLimited }: MailConfiguration,
): (client: Address) => boolean {
  if (messageRate === undefined) return () => true;
  const keyOf = clientKeys();
  const buckets = new TokenBuckets({ perSecond: messageRate / 60, burst: messageRate });
  return (client) => {
    const isLocal = !("hostname" in client && !isLoopback(client.hostname));
    return (isLocal && !isLocalLimited) || buckets.take(keyOf(client)) === "yes";
  };
}
