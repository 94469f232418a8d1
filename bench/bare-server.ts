// The bare server, with which the product is compared: `node:http` and nothing else. It parses a signed form, verifies HMAC-SHA1 in
// constant time, and answers JSON like an answer of the product. It looks nothing up, writes nothing down and remembers no nonce.
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { argv } from "node:process";

/** The secret that signs the requests, and the answer of the product to them as JSON. */
const [secret = "", answer = "{}"] = argv.slice(2);
const answerFields = JSON.parse(answer) as Record<string, unknown>;

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
function decode(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}

function isSigned(form: string): boolean {
  const pairs: [string, string][] = [];
  let signature = "";
  for (const pair of form.split("&")) {
    const mark = pair.indexOf("=");
    const name = decode(pair.slice(0, mark));
    const value = decode(pair.slice(mark + 1));
    if (name === "Signature") signature = value;
    else pairs.push([name, value]);
  }
  pairs.sort(([a], [b]) => (a < b ? -1 : 1));
  const canonical = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
  const calculated = createHmac("sha1", `${secret}&`)
    .update(`POST&%2F&${encode(canonical)}`)
    .digest();
  const given = Buffer.from(signature, "base64");
  return given.length === calculated.length && timingSafeEqual(given, calculated);
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const status = isSigned(Buffer.concat(chunks).toString("utf8")) ? 200 : 400;
    const body = JSON.stringify({ ...answerFields, RequestId: randomUUID().toUpperCase() });
    response.writeHead(status, { "content-type": "application/json;charset=utf-8", "content-length": Buffer.byteLength(body) });
    response.end(body);
  });
});
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("disconnect", () => process.exit());
