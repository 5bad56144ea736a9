/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { authenticateChannel, type SaslClientDialogue } from "./client_dialogue.ts";
export {
  authenticateSession,
  type SaslOutcome,
  type SaslServerDialogue,
} from "./server_dialogue.ts";
