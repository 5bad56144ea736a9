/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { formatFingerQuery, parseFingerQuery, parseFingerTarget } from "./query.ts";
