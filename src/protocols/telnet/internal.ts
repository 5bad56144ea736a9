/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { characterWidth } from "./character_width.ts";
export { optionName, type TelnetCommandName } from "./codes.ts";
export { LineBuffer, type Typed } from "./line_buffer.ts";
