// The plainest chat server of the book's wire in Node: one channel.
import { createSocket } from "node:dgram";
const socket = createSocket({ type: "udp4", recvBufferSize: 4 << 20 });
const [nicknames, members] = [new Map(), new Map()];
const event = (code, text) => {
  const bytes = Buffer.from(`\0\0${text}`);
  bytes.writeUInt16BE(code);
  return bytes;
};
socket.on("message", (message, from) => {
  const [code, text, key] = [
    message.readUInt16BE(),
    message.toString("utf8", 2),
    `${from.address}:${from.port}`,
  ];
  if (code === 90 && members.has(key)) {
    const bytes = event(100, `Pets ${nicknames.get(key)} ${text}`);
    for (const { address, port } of members.values()) socket.send(bytes, port, address);
  } else if (code === 40) {
    members.delete(key);
  } else if (code === 20) {
    nicknames.set(key, text);
    socket.send(event(30, text), from.port, from.address);
  } else if (code === 50) {
    members.set(key, from);
    socket.send(event(60, "Pets 1 Cats"), from.port, from.address);
  }
});
socket.bind(0, "127.0.0.1", () => console.log(`listening on 127.0.0.1:${socket.address().port}`));
