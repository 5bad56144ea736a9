/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { decodeBase64, encodeBase64 } from "./base64.ts";
