import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import fc from "../support/fast-check.ts";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { Markup, html, page, prefersHtml } from "../../src/gateway/markup.ts";
import { stateDiagram } from "../../src/gateway/state-diagram.ts";
import { kinds } from "../../src/services/index.ts";
import { versions } from "../support/caller.ts";
import { activePeering, availableVpc, beijing, hangzhou, requestPeering, succeeded } from "../support/networks.ts";
import { type InProcessServer, startServer } from "../support/server.ts";

/** The pages of the request log, as a browser gets them. */

let server: InProcessServer;
before(async () => {
  server = await startServer({ record: false });
});
after(() => server.stop());

/** What browsers send when their user follows a link or types an address. */
const browser = {
  accept: "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
  "sec-fetch-site": "none",
};

interface Fetched {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}
async function fetched(path: string, headers: Record<string, string> = browser, url: string = server.url): Promise<Fetched> {
  const response = await fetch(`${url}/_linkspan/${path}`, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
/** A page, after its form was checked. */
async function pageOf(path: string, status = 200): Promise<string> {
  const answer = await fetched(path);
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers.get("content-type"), "text/html; charset=utf-8");
  const style = /<style>([^<]*)<\/style>/.exec(answer.text)?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  assert.equal(
    answer.headers.get("content-security-policy"),
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.equal(answer.headers.get("vary"), "accept");
  assertHarmless(answer.text);
  return answer.text;
}

const elements =
  "html head meta title style body a header nav strong main h1 h2 h3 p b div span section table thead tbody tr th td code pre time dl dt dd " +
  "ol li br details summary figure figcaption svg defs marker path g rect text";
const attributes =
  "lang charset name content class href id aria-label role tabindex scope colspan datetime open viewBox width height x y rx d refX refY " +
  "markerWidth markerHeight markerUnits orient marker-end";

/** Asserts that a page is well formed and made of nothing but the elements and attributes that pages are made of. */
function assertHarmless(text: string): void {
  const body = text.replace(/^<!doctype html>/, "");
  assert.equal(XMLValidator.validate(body), true, JSON.stringify(XMLValidator.validate(body)));
  const found = { elements: new Set<string>(), attributes: new Set<string>() };
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== "object" || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === ":@") for (const name of Object.keys(value as object)) found.attributes.add(name);
      else if (key !== "#text") {
        found.elements.add(key);
        visit(value);
      }
    }
  };
  visit(new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: "", processEntities: false }).parse(body));
  assert.deepEqual([...found.elements].filter((name) => !elements.split(" ").includes(name)), []); // prettier-ignore
  assert.deepEqual([...found.attributes].filter((name) => !attributes.split(" ").includes(name)), []); // prettier-ignore
  for (const [, href] of text.matchAll(/ href="([^"]*)"/g))
    assert.match(href ?? "", /^(#main|\/_linkspan\/(requests(\/[0-9A-F-]{36})?|operations|audit))$/);
}
/** A page without its tags, as its reader sees it. */
function read(text: string): string {
  return text
    .replace(/<style>.*?<\/style>/s, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ");
}

test("a refusal by a state is told as a page: why, what to do, the state and where it leads, and the rules in order", async () => {
  const mine = await availableVpc(server, server.requester);
  const theirs = await availableVpc(server, server.accepter, beijing, { CidrBlock: "10.1.0.0/16" });
  const InstanceId = await activePeering(server, mine, theirs);
  succeeded(await server.requester.peer("ModifyVpcPeerConnection", { InstanceId, Name: "new" }));
  const { body } = await server.requester.peer("DeleteVpcPeerConnection", { InstanceId });
  const text = await pageOf(`requests/${body.RequestId}`);
  const seen = read(text);
  assert.match(seen, /DeleteVpcPeerConnection: IncorrectStatus\.VpcPeer Refused\. The status of VpcPeer \[pcc-\w+\] is incorrect\./);
  assert.match(seen, /This did not hold: the connection is in a state that allows DeleteVpcPeerConnection/);
  assert.match(
    seen,
    /What to do next DeleteVpcPeerConnection is allowed in Accepting, Activated, Rejected, Expired\. Wait until pcc-\w+ is Activated/,
  );
  assert.match(seen, new RegExp(`${InstanceId} was Updating : an accept or a modification is taking effect`));
  assert.match(seen, /Event Caused by Leads to updated by itself Activated/);
  assert.match(seen, new RegExp(`InstanceId ${InstanceId} vpc-peering-connection Updating`));
  assert.match(seen, /\d+ ✕ refused the connection is in a state .*? IncorrectStatus\.VpcPeer the operation's own page \d+ – not reached/);
  assert.match(seen, /Answer HTTP 400, IncorrectStatus\.VpcPeer .* Account 1000000000000001/);
  assert.match(seen, /String to sign .* POST&%2F&AccessKeyId%3D/);
  assert.match(text, /<g class="present passing">\s*<rect [^>]*\/>\s*<text [^>]*>Updating<\/text>/);
  await server.advance();
});

test("a success, a repeated answer, a dry run and a fault of the server say what they are", async (t) => {
  const parameters = { RegionId: hangzhou, ClientToken: "page" };
  const first = succeeded(await server.requester.vpc("CreateVpc", parameters)).body;
  const made = read(await pageOf(`requests/${first.RequestId}`));
  assert.match(made, /CreateVpc: OK Succeeded\. Every rule that was judged held\. \d+ changes were made\./);
  assert.match(made, new RegExp(`Changes of state .* ${first.VpcId} vpc CreateVpc \\(new\\) Pending`));
  assert.doesNotMatch(made, /What to do next/);

  const again = succeeded(await server.requester.vpc("CreateVpc", parameters)).body;
  assert.match(read(await pageOf(`requests/${again.RequestId}`)), /Succeeded\. .* its answer was repeated and nothing was changed/);

  const dry = (await server.requester.vpc("CreateVpc", { RegionId: hangzhou, DryRun: true })).body;
  const passed = read(await pageOf(`requests/${dry.RequestId}`));
  assert.match(passed, /DryRunOperation Passed\. Every rule held\. DryRun was set, so nothing was changed/);
  assert.doesNotMatch(passed, /Refused\./);

  const execute = t.mock.method(server.engine, "execute", async () => {
    throw new Error("broken on purpose");
  });
  const broken = (await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou })).body;
  execute.mock.restore();
  const failed = read(await pageOf(`requests/${broken.RequestId}`));
  assert.match(failed, /InternalError Failed\. .* The server is at fault here and not the request/);
  assert.doesNotMatch(failed, /on purpose/);
});

test("a batch of which a member failed is told as a success in part, with the member and its rule", async () => {
  const { routeTableId } = await availableVpc(server, server.requester);
  const member = (DstCidrBlock: string) => ({ RouteTableId: routeTableId, DstCidrBlock, NextHopType: "Instance", NextHop: "i-1" });
  const call = async (...blocks: string[]): Promise<string> => {
    const batch = { RegionId: hangzhou, RouteEntries: blocks.map(member) };
    const { body } = succeeded(await server.requester.vpc("CreateRouteEntries", batch));
    await server.advance();
    return read(await pageOf(`requests/${body.RequestId}`));
  };
  const partly = await call("192.168.1.0/24", "10.0.0.1/24", '<img src="x">');
  assert.match(partly, /CreateRouteEntries: OK Succeeded in part\. 2 of its members failed, see below\. 1 change was made\./);
  assert.match(
    partly,
    new RegExp(`Members that failed .* ${routeTableId} 10\\.0\\.0\\.1/24 [^<]+ InvalidCidrBlock\\.Malformed public documentation`),
  );
  assert.match(partly, /<img src="x"> [^<]+ InvalidCidrBlock\.Malformed/);
  assert.match(await call("x"), /Succeeded in part\. 1 of its members failed, see below\. Nothing was changed\./);
  assert.doesNotMatch(await call("192.168.2.0/24"), /in part|Members that failed/);
});

test("a signature that does not match is told with how to find the difference, for either version", async () => {
  const call = async (signature: "V1" | "V3", common: Record<string, string>): Promise<string> => {
    const { body } = await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou }, { signature, common });
    assert.equal(body.Code, "SignatureDoesNotMatch");
    return read(await pageOf(`requests/${body.RequestId}`));
  };
  const first = await call("V1", { Signature: "d3Jvbmc=" });
  assert.match(first, /Print the string to sign that your client makes, right before it is signed/);
  assert.match(first, /HMAC-SHA1 of the string to sign under the secret with & behind it, in Base64/);
  const third = await call("V3", { "x-acs-content-sha256": "0".repeat(64) });
  assert.match(third, /Print the canonical request that your client makes, right before it is hashed/);
  assert.match(third, /Canonical request POST \/ RegionId=cn-hangzhou host:/);
  for (const seen of [first, third])
    assert.ok(seen.indexOf("String to sign") < seen.indexOf("The rules, in the order"), "the comparison comes first");
});

const hostile = [
  '<script>alert("1")</script>',
  "</pre><img src=x onerror=alert(1)>",
  '" onmouseover="alert(1)" x="',
  "' onfocus='alert(1)' autofocus='",
  "<!--",
  "]]>",
  "&lt;b&gt;&#60;i&#62;",
  "javascript:alert(1)",
  "</title></style><style>*{display:none}</style>",
  "a\u202eb\u0007c\u2066d",
];
test("what an attacker sends is shown as text, wherever it is shown", async () => {
  for (const text of hostile) {
    const requests = [
      await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou, VpcName: text, [text]: text }),
      await server.requester.vpc("DescribeVpcs", { RegionId: text, ...Object.fromEntries([[`Tag.1.${text}`, text]]) }),
      await server.requester.vpc("DeleteVpc", { VpcId: text }),
      await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou }, { common: { AccessKeyId: text, Timestamp: text } }),
      await server.requester.vpc(text, {}),
      await server.requester.call(text, "DescribeVpcs", {}, { format: text }),
    ];
    for (const { body } of requests) assert.match(read(await pageOf(`requests/${body.RequestId}`)), /The rules, in the order/);
    await pageOf(`requests/${encodeURIComponent(text.slice(0, 30))}`, 404);
  }
  await pageOf("requests?limit=1000");
  const { body } = await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou, VpcName: hostile[0] });
  assert.match(read(await pageOf(`requests/${body.RequestId}`)), /VpcName <script>alert\("1"\)<\/script>/, "and it is shown, not dropped");
});

test("what turns or hides text is shown by its number", () => {
  assert.equal(
    html`<p title="${"'\"<&>"}">${"a\u202eb\u0000\r\u200bc\ud800\n"}</p>`.text,
    '<p title="&#39;&quot;&lt;&amp;&gt;">a\\u{202e}b\\u{0}\\u{d}\\u{200b}c\\u{d800}\n</p>',
  );
});

test("any text in a page leaves it well formed", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(...Array.from("<>&\"'/=- \n;#xa")) }),
    fc.constantFrom(...hostile),
  );
  fc.assert(
    fc.property(text, text, (one, other) =>
      assertHarmless(
        page(
          one,
          html`<p class="${one}">${other}</p>
            <pre>${[one, new Markup("<b>x</b>"), other]}</pre>`,
        ),
      ),
    ),
  );
});

test("secrets are masked in the page as they are in JSON", async () => {
  const answers = [
    await server.requester.call(versions.Ram, "CreateLoginProfile", { UserName: "u", Password: "hunter2" }),
    await server.requester.vpc("CreateVpnConnection", { IkeConfig: '{"Psk":"hunter2"}' }, { signature: "V3", place: "form" }),
    await server.requester.vpc("DescribeVpcs", { RegionId: hangzhou, Passphrase: "hunter2" }, { common: { Signature: "d3Jvbmc=" } }),
  ];
  for (const { body } of answers) {
    const seen = read(await pageOf(`requests/${body.RequestId}`));
    assert.doesNotMatch(seen, /hunter2/);
    assert.match(seen, /Values shown as \*{6} are secret, or may be/);
  }
});

test("a resource of another account is told exactly like one that is not there", async () => {
  const theirs = await availableVpc(server, server.accepter, hangzhou, { CidrBlock: "10.2.0.0/16" });
  const other = await availableVpc(server, server.accepter, hangzhou, { CidrBlock: "10.3.0.0/16" });
  // At work, so that a rule on its state would refuse if it were reached.
  const connection = await requestPeering(theirs, other);
  const without = (text: string, ...names: string[]): string =>
    names
      .reduce((rest, name) => rest.replaceAll(name, "NAME"), text)
      .replace(/\d{4}-\d\d-\d\d[T ][\d:.]+(Z| UTC)|\d{4}-\d\d-\d\dT\d\d(%253A\d\d){2}Z/g, "TIME")
      .replace(/"milliseconds":[\d.]+|[\d.]+ ms/g, "MILLISECONDS");
  const told = async (product: "peer" | "vpc", action: string, parameters: Record<string, string>, id: string): Promise<string[]> => {
    const { body } = await server.requester[product](action, parameters);
    const path = `requests/${body.RequestId}`;
    const json = (await fetched(path, { accept: "application/json" })).text;
    const nonce = JSON.parse(json).parameters.SignatureNonce;
    return [await pageOf(path), json].map((text) => without(text, nonce, id, body.RequestId));
  };
  for (const id of [theirs.vpcId, other.vpcId]) {
    const missing = `vpc-${"0".repeat(id.length - 4)}`;
    const parameters = (VpcId: string): Record<string, string> => ({ RegionId: hangzhou, VpcId });
    assert.deepEqual(await told("vpc", "DeleteVpc", parameters(id), id), await told("vpc", "DeleteVpc", parameters(missing), missing));
  }
  const missing = `pcc-${"0".repeat(connection.length - 4)}`;
  for (const name of ["DeleteVpcPeerConnection", "ModifyVpcPeerConnection", "GetVpcPeerConnectionAttribute"]) {
    const [seen, json] = await told("peer", name, { InstanceId: connection }, connection);
    assert.deepEqual([seen, json], await told("peer", name, { InstanceId: missing }, missing));
    assert.match(read(seen ?? ""), /not there, or not visible to the caller/);
    assert.doesNotMatch(seen ?? "", /<svg/);
  }
  await server.advance();
});

test("the list has the newest first, each with its link, and is JSON for programs", async () => {
  const made: string[] = [];
  for (const action of ["DescribeRegions", "NoSuchAction"]) made.unshift((await server.requester.vpc(action)).body.RequestId);
  const text = await pageOf("requests?limit=2");
  assert.deepEqual(
    [...text.matchAll(/href="\/_linkspan\/requests\/([^"]+)"/g)].map(([, id]) => id),
    made,
  );
  assert.match(read(text), /NoSuchAction .* 404 InvalidAction\.NotFound .* DescribeRegions .* 200 OK 1000000000000001/);
  for (const accept of ["*/*", "application/json", "application/json, text/html;q=0.9"]) {
    const { requests } = JSON.parse((await fetched("requests?limit=2", { accept })).text);
    assert.deepEqual(requests.map(({ requestId }: { requestId: string }) => requestId), made); // prettier-ignore
  }
  assert.match(read(await pageOf("requests?limit=many", 400)), /400 Invalidlimit/);
});

test("an id that is not known, and an address that is not there, have a page that says so", async () => {
  const seen = read(await pageOf("requests/00000000-0000-0000-0000-000000000000", 404));
  assert.match(seen, /404 NotFound There is no recent request 00000000-0000-0000-0000-000000000000\. The log keeps the last 5000\./);
  await pageOf("nothing", 404);
});

test("HTML goes to those that prefer it, and JSON to all others", () => {
  const yes = [
    browser.accept,
    "text/html",
    "TEXT/HTML",
    "text/html, */*",
    "text/*",
    "text/html;q=0.9, application/json;q=0.8",
    "text/html;level=1;q=1",
  ];
  const no = [
    undefined,
    "",
    "*/*",
    "application/json",
    "text/html, application/json",
    "text/html;q=0.1, */*",
    "text/html;q=0",
    "text/html;q=x",
    "image/png",
  ];
  assert.deepEqual(yes.filter((accept) => !prefersHtml(accept)), []); // prettier-ignore
  assert.deepEqual(no.filter(prefersHtml), []);
});

test("every state of every kind is drawn once, inside the picture and beside the others", () => {
  for (const { name, states } of kinds) {
    for (const present of Object.keys(states.states)) {
      const { text } = stateDiagram(states, present, "states");
      assert.equal(XMLValidator.validate(text), true, name);
      const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)" width/.exec(text)?.map(Number) ?? [];
      const boxes = [
        ...text.matchAll(/<g class="([^"]*)">\s*<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"[^>]*>\s*<text[^>]*>([^<]*)</g),
      ].map(([, classes = "", x, y, wide, state = ""]) => ({ classes, x: Number(x), y: Number(y), width: Number(wide), state }));
      const expected = [...Object.keys(states.states), ...(text.includes(">gone<") ? ["gone"] : [])];
      assert.deepEqual(boxes.map(({ state }) => state).sort(), expected.sort(), name);
      assert.deepEqual(boxes.filter(({ classes }) => classes.includes("present")).map(({ state }) => state), [present]); // prettier-ignore
      for (const box of boxes) {
        assert.ok(box.x >= 0 && box.x + box.width <= (width ?? 0) && box.y + 28 <= (height ?? 0), `${name} ${box.state} is inside`);
        const beside = boxes.filter(
          (other) => other !== box && other.y === box.y && other.x < box.x + box.width && box.x < other.x + other.width,
        );
        assert.deepEqual(beside, [], `${name} ${box.state} overlaps`);
      }
      const leads = Object.values(states.states[present]?.moves ?? {}).flatMap((to) => (typeof to === "string" ? [to] : to.oneOf));
      const others = new Set(leads.filter((to) => to !== present));
      assert.equal([...text.matchAll(/<path class="open"/g)].length, others.size, `${name}: arrows out of ${present}`);
    }
  }
});

test("a browser is asked for the admin token when one is needed, and sends it as a password", async () => {
  const own = await startServer({ record: false });
  let token = "";
  own.app.server.once("request", ({ headers }) => (token = (headers.authorization ?? "").replace("Bearer ", "")));
  await own.admin("GET", "health");
  const { body } = await own.requester.vpc("NoSuchAction");
  const path = `requests/${body.RequestId}`;
  assert.equal((await fetched(path, browser, own.url)).status, 200, "none is needed while only development accounts exist");
  await own.stranger();

  const basic = (credentials: string): Record<string, string> => ({
    authorization: `Basic ${Buffer.from(credentials).toString("base64")}`,
  });
  const asked = await fetched(path, browser, own.url);
  assert.equal(asked.status, 401);
  assert.equal(asked.headers.get("www-authenticate"), 'Basic realm="Linkspan admin token"');
  assertHarmless(asked.text);
  assert.match(read(asked.text), /401 NotAdmitted .* the password of any user name/);
  assert.doesNotMatch(asked.text, /NoSuchAction/);
  const program = await fetched(path, { accept: "*/*" }, own.url);
  assert.equal(program.status, 401);
  assert.equal(program.headers.get("www-authenticate"), 'Bearer realm="Linkspan admin token"');
  assert.equal(JSON.parse(program.text).error, "NotAdmitted");

  for (const user of ["", "admin", "any user"]) {
    const shown = await fetched(path, { ...browser, ...basic(`${user}:${token}`) }, own.url);
    assert.equal(shown.status, 200, user);
    assert.match(shown.text, /NoSuchAction/);
  }
  const told = await fetched(path, basic(`x:${token}`), own.url);
  assert.equal(JSON.parse(told.text).requestId, body.RequestId, "for programs too");
  for (const wrong of [`x:${token}x`, token, `${token}:`, `${token}:x`, "", ":", `x:${token}:`]) {
    const refused = await fetched(path, { ...browser, ...basic(wrong) }, own.url);
    assert.equal(refused.status, 401, wrong);
    assert.match(refused.headers.get("www-authenticate") ?? "", /^Basic /);
  }
  // The password that a browser keeps is no use to pages of other sites.
  const foreignPages: Record<string, string>[] = [{ "sec-fetch-site": "cross-site" }, { origin: "http://evil.example" }];
  for (const foreign of foreignPages) {
    const refused = await fetched(path, { ...browser, ...basic(`x:${token}`), ...foreign }, own.url);
    assert.equal(refused.status, 403);
    assert.match(read(refused.text), /pages of other sites/);
  }
  const followed = await fetched(path, { ...browser, ...basic(`x:${token}`), "sec-fetch-site": "same-origin" }, own.url);
  assert.equal(followed.status, 200, "a link of our own pages");
  await own.stop();
});
