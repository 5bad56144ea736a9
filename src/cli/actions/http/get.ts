/**
 * `netwright http get`, inside the sandbox.
 *
 * @module
 */

export { requestAction as action } from "../../http/request_action.ts";
