/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export {
  authenticate,
  authenticateChannel,
  type SaslClientDialogue,
  type SaslExchange,
} from "./client_dialogue.ts";
export {
  authenticateClient,
  authenticateSession,
  type SaslOutcome,
  type SaslServerDialogue,
} from "./server_dialogue.ts";
