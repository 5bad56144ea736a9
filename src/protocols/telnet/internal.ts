/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { characterWidth } from "./character_width.ts";
export { optionName } from "./codes.ts";
export { checkUserName } from "./suboptions.ts";
