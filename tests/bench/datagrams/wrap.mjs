// A wrap server in Node.
import { createServer } from "node:net";
const [, , path] = process.argv;
createServer({ allowHalfOpen: true }, (socket) => {
  const parts = [];
  socket.on("data", (part) => parts.push(part));
  socket.on("error", () => {});
  socket.on("end", () => {
    const lines = [""];
    for (const word of Buffer.concat(parts).toString().split(/\s+/)) {
      const line = lines.at(-1);
      if (line.length + 1 + word.length < 50) {
        lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
      } else lines.push(word);
    }
    socket.end(`${lines.join("\n")}\n`);
  });
}).listen(path, () => console.log(`listening on unix:${path}`));
