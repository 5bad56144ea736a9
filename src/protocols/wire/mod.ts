/**
 * What the protocols of commands and replies share: SMTP, FTP, POP3, NNTP, Travesty.
 *
 * @module
 */

export * from "./address_literal.ts";
export * from "./command.ts";
export * from "./command_channel.ts";
export * from "./command_channel_options.ts";
export * from "./command_server.ts";
export * from "./command_session.ts";
export * from "./connect_channel.ts";
export * from "./dot_text.ts";
export * from "./name_pattern.ts";
export * from "./netrc.ts";
export * from "./reply.ts";
export { STARTTLS_PROTOCOLS } from "../../reference/usual_places.ts";
export * from "./starttls.ts";
export * from "./transcript.ts";
