// A look-alike of Firebase that costs as little as it can: HTTP/2 over TLS, a token endpoint, and a name for whatever is sent.
// It counts what it accepted, because a sender that is quick at losing messages is no sender.
//   node fcm_lookalike.mjs KEY.pem CERT.pem   -> prints {"port": n}; GET /count, GET /delay?ms=50
import { createSecureServer } from "node:http2";
import { readFileSync } from "node:fs";

const [key, cert] = process.argv.slice(2, 4).map((path) => readFileSync(path));
let accepted = 0, delay = 0, first = 0;
const json = { "content-type": "application/json" };
const server = createSecureServer({ key, cert, allowHTTP1: true, settings: { maxConcurrentStreams: 100 } });

server.on("request", (request, response) => {
  let size = 0;
  request.on("data", (chunk) => { size += chunk.length; });
  request.on("end", () => {
    const path = request.url;
    if (path.endsWith("messages:send")) {
      const answer = () => {
        accepted += 1;
        if (!first) first = Date.now();
        response.writeHead(200, json);
        response.end(`{"name":"projects/bench/messages/${accepted}"}`);
      };
      delay ? setTimeout(answer, delay) : answer();
    } else if (path === "/token") {
      response.writeHead(200, json);
      response.end('{"access_token":"bench","expires_in":3600,"token_type":"Bearer"}');
    } else if (path === "/count") {
      response.writeHead(200, json);
      response.end(JSON.stringify({ accepted, first, cpu: process.cpuUsage() }));
      accepted = 0;
      first = 0;
    } else {
      delay = Number(new URL(path, "https://x").searchParams.get("ms"));
      response.writeHead(200, json);
      response.end("{}");
    }
  });
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
