/* Node's http with the file read at each request. Arguments: folder. */
import { readFile } from "node:fs";
import { createServer } from "node:http";
const [folder] = process.argv.slice(2);
const server = createServer((request, response) => {
  readFile(folder + request.url, (error, bytes) => {
    response.writeHead(error ? 404 : 200, { "content-length": error ? 0 : bytes.length });
    response.end(bytes);
  });
});
server.listen(0, "127.0.0.1", () => console.log(`listening on 127.0.0.1:${server.address().port}`));
