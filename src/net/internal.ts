/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { addressLiteral } from "./address/address_literal.ts";
export { asciiDomain } from "./address/ascii_domain.ts";
export { checkLoginName } from "./address/login_name.ts";
export { clientKeys } from "./address/client_key.ts";
export { parseSyslogTarget, SYSLOG_PORTS, type SyslogTarget } from "./address/syslog_target.ts";
export { parseTarget, type Target } from "./address/endpoint.ts";
export { withoutZone, withZoneOf } from "./address/ip.ts";
export { isFrom } from "./address/is_from.ts";
export { trimBlanks } from "./bytes/blanks.ts";
export { parseAge } from "./bytes/age.ts";
export { parseByteAmount } from "./bytes/byte_amount.ts";
export { decodeFolderName, encodeFolderName } from "./bytes/modified_utf7.ts";
export { CrlfEncoder } from "./bytes/crlf_encoder.ts";
export { compressed } from "./bytes/compressed.ts";
export { pump } from "./bytes/pump.ts";
export { fromByteString, toByteString } from "./bytes/byte_string.ts";
export { escapeMarkup } from "./core/escape_markup.ts";
export { wildcard } from "./core/wildcard.ts";
export { RecentMap } from "./core/recent_map.ts";
export { withoutBrackets } from "./address/endpoint.ts";
export { concat, toBytes } from "./bytes/concat.ts";
export { timingSafeEqual } from "./bytes/timing_safe_equal.ts";
export { openHttp2Client, type PlatformClient } from "./client/platform_fetch.ts";
export { describeProxy } from "./client/proxy_server.ts";
export { connectThroughSocks, type SocksOptions } from "./client/socks5.ts";
export { dialAddresses, interleaveFamilies } from "./connect/happy_eyeballs.ts";
export { removeStaleSocket, setSocketFile } from "./connect/unix_socket.ts";
export { UrgentDataReader } from "./connect/urgent_data.ts";
export { jsonLine } from "./core/escape_controls.ts";
export { closeQuietly } from "./core/close.ts";
export { delay } from "./core/delay.ts";
export { isRuntimeAtLeast, type RuntimeVersion } from "./core/runtime_version.ts";
export { isDiskFull, toFileError } from "./core/system_errors.ts";
export { patternsFor } from "./datagrams/wildcard_address.ts";
export { subnets } from "./datagrams/broadcast.ts";
export { DatagramRequests, type DatagramRequestsOptions } from "./datagrams/datagram_requests.ts";
export { RoundTrip } from "./datagrams/round_trip.ts";
export { shareDatagrams } from "./datagrams/share_datagrams.ts";
export { TokenBuckets } from "./datagrams/token_buckets.ts";
export {
  findRecords,
  type FindRecordsOptions,
  type FoundRecord,
  isRecordType,
} from "./dns/find_records.ts";
export { systemResolver } from "./dns/system_resolver.ts";
export { groupVersion, patternsForGroup } from "./multicast/multicast.ts";
export {
  ALL_CAPABILITIES,
  CAPABILITY_KINDS,
  type CapabilityKind,
  covers,
  firstOfRange,
  missing,
  type PermissionRequest,
  permissionRequests,
  toFlag,
  toFlags,
  toWorkerPermissions,
  union,
} from "./scope/capabilities.ts";
export { LIBC_PATHS } from "./scope/libc_paths.ts";
export { disableNagle, hasUnstableNet, TRIES_EVERY_ADDRESS } from "./scope/system_network.ts";
export { checkServerCredentials, requireServerTls } from "./tls/server_credentials.ts";
export {
  checkEndpoint,
  CLIENT_RULES,
  clientOptions,
  endpointOf,
  streamEndpointOf,
  targetOf,
} from "./client/server_address.ts";
export { checkOptions, type OptionRule, type OptionRules } from "./core/options.ts";
export { replaceExits } from "./core/replace_exits.ts";
