/**
 * Users of a chat who connect and type lines: the server does the client's work for them.
 *
 * @module
 */

import { escapeControls, formatEndpoint, NetwrightError, UsageError } from "../../net/mod.ts";
import { chatHelp, formatNews, parseChatLine, readNews } from "../../protocols/chat/internal.ts";
import type { ChatEvent, ChatRooms, ChatSeat } from "../../protocols/chat/mod.ts";
import type { LinePeer, LineTalk } from "../core/service.ts";

/** The rooms and events of the users. */
type Guest = ChatSeat & { isIn: boolean };

/**
 * Lets peers talk in the rooms: the first line is the nickname, the others are lines as the chat's client takes them.
 *
 * @param rooms The rooms.
 * @returns The callbacks.
 */
export function chatGuests(
  rooms: ChatRooms,
): Pick<LineTalk, "opened" | "received" | "ended"> {
  const guests = new WeakMap<LinePeer, Guest>();
  return {
    opened(peer): void {
      guests.set(peer, guestOf(peer));
      peer.send("-- please type your nickname");
    },
    received(peer, line): void {
      const guest = guests.get(peer)!;
      try {
        if (guest.isIn || line.trimStart().startsWith("/")) run(rooms, peer, guest, line);
        else if (line.trim() !== "") rooms.receive(guest, "loginRequest", line);
      } catch (error) {
        if (!(error instanceof NetwrightError)) throw error;
        peer.send(`-- ${escapeControls(error.message)}`);
      }
    },
    ended(peer): void {
      const guest = guests.get(peer);
      if (guest?.isIn) rooms.receive(guest, "logoff", "");
    },
  };
}

/** Commands that a client does by itself. */
const ELSEWHERE = ["query", "ignore", "topic"];

function run(rooms: ChatRooms, peer: LinePeer, guest: Guest, line: string): void {
  const command = parseChatLine(line);
  if (command.kind === "ask") rooms.receive(guest, command.request, command.text);
  else if (command.kind === "login") rooms.receive(guest, "loginRequest", command.nickname);
  else if (command.kind === "help") { for (const text of chatHelp(ELSEWHERE)) peer.send(text); }
  else if (command.kind === "quit") peer.end();
  else if (command.kind !== "nothing") throw new UsageError(`there is no /${command.kind} here`);
}

function guestOf(peer: LinePeer): Guest {
  const { address } = peer;
  const guest: Guest = {
    key: `${address.transport} ${formatEndpoint(address)}`,
    host: "hostname" in address ? address.hostname : address.transport,
    isConnected: true,
    isIn: false,
    send(event: ChatEvent, text: string): void {
      const shown = escapeControls(text, { maxLength: 4000 });
      if (event === "loginAck") {
        guest.isIn = true;
        peer.send(`-- you are ${shown}; /help lists the commands`);
      } else if (event === "error") peer.send(`-- ${shown}`);
      const news = readNews(event, shown);
      if (news !== undefined) peer.send(formatNews(news));
    },
  };
  return guest;
}
