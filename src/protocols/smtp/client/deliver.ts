/**
 * Delivery straight to the hosts that take mail for each recipient (RFC 5321 §5.1).
 *
 * @module
 */

import { checkOptions, type OptionRules } from "../../../net/internal.ts";
import {
  ConnectError,
  DestinationGate,
  DisconnectedError,
  type HostEndpoint,
  type Network,
  NetwrightError,
  overrideNetwork,
  ReplyError,
  systemNetwork,
  TlsError,
} from "../../../net/mod.ts";
import { SmtpClient } from "./client.ts";
import type { ClientTlsMode } from "../../wire/mod.ts";
import type { SmtpClientOptions } from "./client_options.ts";
import { type Envelope, formatPath, type Recipient } from "../codec/envelope.ts";
import { mailExchangers, NullMxError } from "./mail_exchangers.ts";
import { EnvelopeError, type SendResult, type SmtpReply, smtpReply } from "./transaction.ts";

/** Domains that are delivered to at once. */
const WIDTH = 10;

/** How {@link deliver} connects. */
export interface DeliveryOptions extends
  Pick<
    SmtpClientOptions,
    | "network"
    | "trust"
    | "chunking"
    | "name"
    | "connectTimeoutMs"
    | "timeoutMs"
    | "storeMs"
    | "signal"
    | "transcript"
  > {
  /** Decides where the records of a domain may send us. @default {to outer addresses only} */
  readonly gate?: DestinationGate | undefined;
  /**
   * Whether TLS is spoken. If `opportunistic`, a host whose TLS fails, as by an untrusted certificate,
   * is spoken to in clear text, as RFC 7435 has it. @default {"opportunistic"}
   */
  readonly tls?: Exclude<ClientTlsMode, "implicit"> | undefined;
  /** Name servers to ask; the system's if absent. */
  readonly servers?: readonly HostEndpoint[] | undefined;
  /** The port. @default {25} */
  readonly port?: number | undefined;
  /** Most hosts of a domain that are tried. @default {5} */
  readonly maxExchangers?: number | undefined;
}

const DELIVERY_RULES: OptionRules<DeliveryOptions> = {
  network: "any",
  trust: "any",
  chunking: "any",
  name: "any",
  connectTimeoutMs: "time",
  timeoutMs: "time",
  storeMs: "time",
  signal: "signal",
  transcript: "any",
  gate: "any",
  tls: ["none", "starttls", "opportunistic"],
  servers: "any",
  port: "port",
  maxExchangers: "count",
};

/** Options with a gate. */
type GatedOptions = DeliveryOptions & {
  readonly gate: DestinationGate;
  readonly network: Network;
};

/** What became of a recipient. */
export interface DeliveryResult {
  /** The address, as in the envelope. */
  readonly address: string;
  /** The host that decided; undefined if none was reached. */
  readonly exchanger?: string | undefined;
  /** The reply, to the recipient or to the text. */
  readonly reply?: SmtpReply | undefined;
  /** Why it was not delivered; undefined if it was. */
  readonly error?: unknown;
  /** Whether trying again later is of no use; or might deliver it twice. */
  readonly isFinal: boolean;
}

/**
 * Delivers a message to the hosts that take mail for its recipients. The hosts of a domain are tried in the order of
 * their preference, until one has said yes or a final no to every recipient.
 *
 * @param envelope Sender and recipients.
 * @param message The message; it is held whole, as it goes to several hosts.
 * @param options How to connect.
 * @returns What became of each recipient, in the order of the envelope.
 * @throws {InjectionError} If an address is none; nothing was sent.
 * @throws {NetwrightError} If one has no domain; nothing was sent.
 *
 * @example Deliver to a domain
 * ```ts
 * import { deliver } from "@netwright/netwright/smtp";
 * async function post(message: Uint8Array): Promise<void> {
 *   const envelope = { from: "ann@example.org", to: ["bob@example.net"] };
 *   for (const { address, error } of await deliver(envelope, message)) {
 *     if (error !== undefined) console.error(address, error);
 *   }
 * }
 * ```
 */
export async function deliver(
  envelope: Envelope,
  message: Uint8Array,
  options: DeliveryOptions = {},
): Promise<DeliveryResult[]> {
  checkOptions(options, DELIVERY_RULES);
  formatPath(envelope.from);
  const byDomain = Map.groupBy(envelope.to, domainOf);
  // Recipients may be a stranger's wish: without a gate that says otherwise, none leads inwards.
  const gate = options.gate ?? new DestinationGate({ capabilities: { net: true } });
  const { network = systemNetwork() } = options;
  const waiting = [...byDomain];
  const found = new Map<string, DeliveryResult>();
  await Promise.all(Array.from({ length: Math.min(WIDTH, waiting.length) }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [domain, to] = next;
      for (
        const delivery of await toDomain(
          { ...options, gate, network },
          domain,
          { ...envelope, to },
          message,
        )
      ) {
        found.set(delivery.address, delivery);
      }
    }
  }));
  return envelope.to.map((to) => found.get(addressOf(to))!);
}

function addressOf(to: string | Recipient): string {
  return typeof to === "string" ? to : to.address;
}

function domainOf(to: string | Recipient): string {
  const { path } = formatPath(addressOf(to));
  const at = path.lastIndexOf("@");
  if (at < 0) {
    throw new NetwrightError("an address without a domain cannot be delivered", {
      operation: "deliver",
      peer: addressOf(to),
    });
  }
  return path.slice(at + 1, -1).toLowerCase();
}

/** Delivers to the recipients of one domain. */
async function toDomain(
  options: GatedOptions,
  domain: string,
  envelope: Envelope,
  message: Uint8Array,
): Promise<DeliveryResult[]> {
  const { network, signal, servers, maxExchangers = 5 } = options;
  let exchangers: string[];
  try {
    exchangers = await mailExchangers(domain, { network, signal, servers });
  } catch (error) {
    signal?.throwIfAborted();
    const isFinal = error instanceof NullMxError ||
      (error instanceof ConnectError && error.kind === "name not found");
    return envelope.to.map((to) => ({ address: addressOf(to), error, isFinal }));
  }
  const found = new Map<string, DeliveryResult>();
  const open = () => envelope.to.filter((to) => found.get(addressOf(to))?.isFinal !== true);
  for (const exchanger of exchangers.slice(0, maxExchangers)) {
    const to = open();
    if (to.length === 0) break;
    for (const delivery of await toHost(options, exchanger, { ...envelope, to }, message)) {
      found.set(delivery.address, delivery);
    }
    signal?.throwIfAborted();
  }
  return [...found.values()];
}

/** Delivers to one host; in clear text if TLS fails and need not be. */
async function toHost(
  options: GatedOptions,
  exchanger: string,
  envelope: Envelope,
  message: Uint8Array,
): Promise<DeliveryResult[]> {
  const failedAll = (error: unknown, isFinal: boolean, reply?: SmtpReply): DeliveryResult[] =>
    envelope.to.map((to) => ({ address: addressOf(to), exchanger, reply, error, isFinal }));
  let client: SmtpClient;
  try {
    client = await connect(options, exchanger);
  } catch (error) {
    // One host's refusal to talk does not concern the domain (RFC 5321 §5.1).
    return failedAll(error, false);
  }
  await using _ = client;
  // That is final if the session is over before the message was taken.
  const closed = new DisconnectedError("the session is closed", { operation: "send a message" });
  let deliveries = failedAll(closed, false);
  const waiting = [{ envelope, message }];
  await client.sendAll({
    take: () => waiting.pop(),
    sent: (_, result) => deliveries = deliveriesOf(result, exchanger),
    failed(_, error, unknown) {
      const rejected = error instanceof EnvelopeError ? error.rejected : undefined;
      if (rejected !== undefined) {
        deliveries = deliveriesOf({ accepted: [], rejected }, exchanger);
        return;
      }
      const reply = error instanceof ReplyError ? replyOf(error) : undefined;
      // Another server may have the extensions that a message needs.
      const isFinal = unknown || (reply !== undefined && reply.code >= 500);
      deliveries = failedAll(error, isFinal, reply);
    },
  }).catch(() => {
    // The message was notified.
  });
  return deliveries;
}

async function connect(options: GatedOptions, exchanger: string): Promise<SmtpClient> {
  const { gate, port = 25, servers: _, maxExchangers: __, ...more } = options;
  const endpoint: HostEndpoint = { transport: "tcp", hostname: exchanger, port };
  const { network, connectTimeoutMs: timeoutMs } = options;
  const gated = overrideNetwork(network, {
    connect: (asked) => {
      const signal = "signal" in asked ? asked.signal : undefined;
      return gate.connect(endpoint, network, { timeoutMs, signal });
    },
  });
  const client = { ...more, network: gated };
  try {
    return await SmtpClient.connect(endpoint, client);
  } catch (error) {
    const mayBePlain = options.tls === undefined || options.tls === "opportunistic";
    if (!mayBePlain || !(error instanceof TlsError)) throw error;
    return await SmtpClient.connect(endpoint, { ...client, tls: "none" });
  }
}

function deliveriesOf(
  { accepted, rejected, reply: kept }: Omit<SendResult, "reply"> & Partial<SendResult>,
  exchanger: string,
): DeliveryResult[] {
  return [
    ...accepted.map(({ address }) => ({ address, exchanger, reply: kept, isFinal: true })),
    ...rejected.map(({ address, reply }) => ({
      address,
      exchanger,
      reply,
      error: new NetwrightError(`${reply.code} ${reply.text}`, {
        operation: "complete RCPT",
        peer: exchanger,
      }),
      isFinal: reply.code >= 500,
    })),
  ];
}

function replyOf({ code, lines }: ReplyError): SmtpReply {
  return smtpReply({ code, lines });
}
