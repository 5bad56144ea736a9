/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { type Charset, charsetOf } from "./charset.ts";
export { ControlParser, type ControlSequence } from "./control_sequences.ts";
export { parseScript } from "./parse_script.ts";
export { allSteps, variablesIn } from "./script.ts";
