/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { type Charset, charsetOf } from "./core/charset.ts";
export { ControlParser, type ControlSequence } from "./screen/control_sequences.ts";
export { parseScript } from "./script/parse_script.ts";
export { allSteps, variablesIn } from "./script/script.ts";
