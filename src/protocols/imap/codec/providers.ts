/**
 * Habits of big providers, as data: their signs, and the exceptions that they need.
 *
 * @module
 */

/** A provider, and its habits. */
export interface ImapProvider {
  /** Its name. */
  readonly name: string;
  /** Whether messages have labels and identifiers of Gmail (`X-GM-EXT-1`). */
  readonly hasGmailItems?: boolean;
  /** Whether results of ESEARCH are incomplete, so that the older form is used. */
  readonly hasBrokenExtendedSearch?: boolean;
  /** Whether a search without a range finds identifiers that no message has, so that `UID 1:*` is added. */
  readonly needsSearchRange?: boolean;
  /** Whether IDLE is refused or never reports anything, so that the server is asked now and then. */
  readonly hasBrokenIdle?: boolean;
  /** Maximum length of a set of messages in a command, in characters, where it is less than usual. */
  readonly maxSetLength?: number;
}

/** How a provider is recognized; one sign is enough. */
interface Signs {
  /** Ends of host names. */
  readonly hosts?: readonly string[];
  /** Capabilities, in upper case. */
  readonly capabilities?: readonly string[];
  /** Words in the greeting. */
  readonly greeting?: string;
}

const PROVIDERS: readonly (ImapProvider & { readonly signs: Signs })[] = [
  {
    name: "Gmail",
    hasGmailItems: true,
    signs: { hosts: ["imap.gmail.com", "imap.googlemail.com"], capabilities: ["X-GM-EXT-1"] },
  },
  {
    // nextcloud/mail#9454: MIN and MAX are missing. kenn-io/msgvault#436: identifiers without messages.
    name: "iCloud",
    hasBrokenExtendedSearch: true,
    needsSearchRange: true,
    signs: { hosts: [".mail.me.com"], capabilities: ["X-APPLE-REMOTE-LINKS"] },
  },
  {
    // thunderbird/thunderbird-android#5429, jakartaee/mail-api#419.
    name: "Yahoo",
    hasBrokenIdle: true,
    signs: {
      hosts: [".mail.yahoo.com", ".mail.yahoo.co.jp", "imap.aol.com"],
      capabilities: ["XYMHIGHESTMODSEQ", "AUTH=XYMCOOKIE"],
    },
  },
  {
    // imapsync/imapsync#212, mjs/imapclient#385: long sets are refused.
    name: "Exchange",
    maxSetLength: 1000,
    signs: {
      hosts: [".office365.com", ".outlook.com", ".hotmail.com"],
      greeting: "microsoft exchange",
    },
  },
];

/**
 * Recognizes a provider.
 *
 * @param hostname The server's name; undefined for a server on this host.
 * @param greeting Its greeting.
 * @param capabilities Its capabilities, in upper case.
 * @returns The provider; undefined if it is none of the known.
 */
export function providerOf(
  hostname: string | undefined,
  greeting: string,
  capabilities: ReadonlySet<string>,
): ImapProvider | undefined {
  const host = hostname?.toLowerCase() ?? "";
  const said = greeting.toLowerCase();
  return PROVIDERS.find(({ signs: { hosts = [], capabilities: names = [], greeting: word } }) =>
    hosts.some((end) => host === end || end.startsWith(".") && host.endsWith(end)) ||
    names.some((name) => capabilities.has(name)) ||
    word !== undefined && said.includes(word)
  );
}
