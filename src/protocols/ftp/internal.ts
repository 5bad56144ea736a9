/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { isAnonymous } from "./codec/anonymous.ts";
export {
  formatExtendedAddress,
  formatHostPort,
  parseExtendedAddress,
  parseExtendedPort,
  parseHostPort,
} from "./codec/data_address.ts";
export { type FactsInput, formatFacts, parseFacts, parseSizeText } from "./codec/facts.ts";
export { ListReader, parseListLine, parseMlsdLine } from "./codec/listing.ts";
export { formatFtpTime, parseFtpTime } from "./codec/time.ts";
export { parseFtpFaults } from "./server/fault.ts";
export { knownFacts, requireWhole } from "./client/download.ts";
