/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { overTelnet } from "./core/over_telnet.ts";
export { isModuleAddress, moduleScope, shortName } from "./_own_module.ts";
