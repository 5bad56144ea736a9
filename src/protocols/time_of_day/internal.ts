/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { TIME_OF_DAY_GROUP } from "../../reference/usual_places.ts";
export {
  decodeTimeOfDay,
  encodeTimeOfDay,
  TIME_OF_DAY_EVERY_MS,
  TIME_OF_DAY_HOPS,
} from "./client.ts";
