// The plainest UDP echo server of Node.
import { createSocket } from "node:dgram";
const socket = createSocket({ type: "udp4", recvBufferSize: 4 << 20 });
socket.on("message", (message, from) => socket.send(message, from.port, from.address));
socket.bind(0, "127.0.0.1", () => console.log(`listening on 127.0.0.1:${socket.address().port}`));
