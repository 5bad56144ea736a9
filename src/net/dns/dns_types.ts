/**
 * Types of DNS records (IANA).
 *
 * @module
 */

/** Numbers of record types (IANA). */
export const DNS_TYPES = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  AAAA: 28,
  LOC: 29,
  SRV: 33,
  NAPTR: 35,
  CERT: 37,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  SSHFP: 44,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  ANY: 255,
  URI: 256,
  CAA: 257,
} as const;

/**
 * The number of a record type.
 *
 * @param text Its name, its number, or `TYPE` and its number (RFC 3597 §5); in any case.
 * @returns 1 to 65535; undefined if it is none that can be asked for.
 */
export function dnsTypeNumber(text: string): number | undefined {
  const name = text.toUpperCase();
  if (Object.hasOwn(DNS_TYPES, name) && name !== "OPT") {
    return DNS_TYPES[name as keyof typeof DNS_TYPES];
  }
  const number = Number(/^(?:TYPE)?(\d{1,5})$/.exec(name)?.[1]);
  return number >= 1 && number <= 65535 && number !== DNS_TYPES.OPT ? number : undefined;
}

/** The name of a record type; `TYPE` and its number if it has none here. */
export function dnsTypeName(number: number): string {
  return Object.entries(DNS_TYPES).find(([, known]) => known === number)?.[0] ?? `TYPE${number}`;
}
