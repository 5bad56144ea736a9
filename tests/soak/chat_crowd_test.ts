/** A crowd in the chat. */

import { chatCrowd } from "../support/chat_in_memory.ts";

Deno.test("500 users in 20 channels: every worker gets each of 100,000 messages once, and nothing stays", async () => {
  await chatCrowd({ users: 500, channels: 20, messages: 100_000 });
});
