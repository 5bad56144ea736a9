/**
 * The configuration of a chat.
 *
 * @module
 */

import type { HostEndpoint, MulticastInterface } from "../../net/mod.ts";

/** What users may do, and by which ways. */
export interface ChatConfiguration {
  /** Titles and topics of channels; those of the book if absent. */
  readonly channels: Readonly<Record<string, string>> | undefined;
  /** Users at once. */
  readonly maxUsers: number | undefined;
  /** Users of one host. */
  readonly maxPerHost: number | undefined;
  /** Characters of a message. */
  readonly maxText: number | undefined;
  /** Messages of a user a second. */
  readonly perSecond: number | undefined;
  /** Delivery to multicast groups. */
  readonly multicast:
    | {
      readonly port: number;
      readonly hops: number;
      readonly places: readonly MulticastInterface[];
    }
    | undefined;
  /** Where users connect to. */
  readonly lines: HostEndpoint | undefined;
  /** Whether they come by Telnet. */
  readonly telnet: boolean;
}
