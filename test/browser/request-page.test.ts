import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { Answer } from "../support/caller.ts";
import { availableVpc, beijing, hangzhou, refusedWith, succeeded } from "../support/networks.ts";
import { attach, userWith } from "../support/principals.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { launchChromium, skipWithoutChromium } from "./chromium.ts";

/** The address in `Recommend`, opened as people do. */
describe("the page of a refusal, in Chromium", { skip: skipWithoutChromium }, () => {
  let server: InProcessServer;
  let browser: Browser;
  let refusal: string;
  /** A peering connection whose name is markup, so that every page about it would run it if it could. */
  const hostile = `<img src=x onerror="document.title='owned'">`;

  before(async () => {
    server = await startServer();
    browser = await launchChromium();
    const own = await availableVpc(server, server.requester);
    const other = await availableVpc(server, server.accepter, beijing);
    const { body } = succeeded(
      await server.requester.peer("CreateVpcPeerConnection", {
        RegionId: hangzhou,
        VpcId: own.vpcId,
        AcceptingAliUid: server.accepter.key.account,
        AcceptingRegionId: beijing,
        AcceptingVpcId: other.vpcId,
      }),
    );
    const refused = await server.requester.peer("ModifyVpcPeerConnection", { InstanceId: body.InstanceId, Name: hostile });
    refusal = refusedWith(refused, "IncorrectStatus.VpcPeer").body.Recommend;
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  /** Opens an address, and fails when the page complains or leaves its address. */
  async function open(address: string, options: Parameters<Browser["newPage"]>[0] = {}): Promise<Page> {
    const page = await browser.newPage(options);
    page.on("pageerror", (error) => assert.fail(error));
    page.on("console", (message) => assert.fail(`the page says: ${message.text()}`));
    page.on("request", (request) => assert.ok(request.url().startsWith(server.url), `asks ${request.url()}`));
    const response = await page.goto(address);
    assert.equal(response?.status(), 200);
    return page;
  }

  test("says what was refused, by which rule, in which state, and what to do", async () => {
    const page = await open(refusal);
    assert.equal(await page.locator("h1").innerText(), "ModifyVpcPeerConnection: IncorrectStatus.VpcPeer");
    const text = await page.locator("main").innerText();
    assert.match(text, /the connection is in a state that allows ModifyVpcPeerConnection/);
    assert.match(text, /was Creating/);
    assert.match(text, /What to do next/);
    assert.match(text, /String to sign/);
    assert.equal(await page.locator("tr.bad").count(), 1, "exactly one rule refused");
    assert.ok(await page.locator("tr.bad").isVisible(), "and it can be seen without opening anything");
    await page.close();
  });

  test("draws the states, and nothing of the drawing lies outside it", async () => {
    const page = await open(refusal);
    const drawing = await page.locator("svg").boundingBox();
    assert.ok(drawing !== null && drawing.width > 100 && drawing.height > 100);
    for (const box of await Promise.all((await page.locator("svg rect, svg text").all()).map((shape) => shape.boundingBox()))) {
      assert.ok(box !== null && box.x >= drawing.x - 1 && box.x + box.width <= drawing.x + drawing.width + 1);
      assert.ok(box.y >= drawing.y - 1 && box.y + box.height <= drawing.y + drawing.height + 1);
    }
    await page.close();
  });

  test("shows markup that was sent as text, and runs none of it", async () => {
    const page = await open(refusal);
    assert.notEqual(await page.title(), "owned");
    assert.equal(await page.locator("img, script").count(), 0);
    assert.ok((await page.locator("main").innerText()).includes(hostile));
    await page.close();
  });

  test("fits a phone, in light and in dark", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await open(refusal, { viewport: { width: 360, height: 740 }, colorScheme });
      const overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
      assert.equal(overflow, 0, `${colorScheme}: no part is wider than the screen`);
      await page.close();
    }
  });

  test("explains a denied permission: what was considered, what decided, and what would have been enough", async () => {
    const root = server.requester;
    const { name, caller } = await userWith(root, { Effect: "Allow", Action: "vpc:Describe*", Resource: "*" });
    const call = (): Promise<Answer> => caller.peer("ListVpcPeerConnections", { RegionId: hangzhou });
    const Condition = { StringEquals: { "acs:PrincipalARN": hostile } };
    await attach(root, { user: name }, { Effect: "Allow", Action: "vpc:List*", Resource: "*", Condition });
    const lacking = await open(refusedWith(await call(), "Forbidden.RAM", 403).body.Recommend, { viewport: { width: 360, height: 740 } });
    const section = lacking.locator("section", { has: lacking.getByRole("heading", { name: "Permission", exact: true, level: 2 }) });
    assert.match(
      await section.innerText(),
      /Denied, because no statement allows it\.[^]*✕ StringEquals acs:PrincipalARN[^]*does not apply/,
    );
    const smallest = JSON.parse(await section.locator("pre").innerText());
    assert.deepEqual(smallest.Statement, [{ Effect: "Allow", Action: "vpc:ListVpcPeerConnections", Resource: "*" }]);
    assert.equal(await lacking.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"), 0);
    await lacking.close();

    await attach(root, { user: name }, ...smallest.Statement);
    succeeded(await call());
    const against = await attach(root, { user: name }, { Effect: "Deny", Action: "vpc:*Peer*", Resource: "*" });
    const denied = await open(refusedWith(await call(), "Forbidden.RAM", 403).body.Recommend);
    const deciding = denied.locator("section tr.bad", { hasText: against });
    assert.match(await deciding.innerText(), /Deny[^]*decided/);
    assert.match(await denied.locator("main").innerText(), /no policy can allow it while this one says so/);
    await denied.close();
  });

  test("is reached from the list of requests by keyboard alone", async () => {
    const page = await open(`${server.url}/_linkspan/requests`);
    const link = page.locator(`a[href="${new URL(refusal).pathname}"]`);
    await link.focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(refusal);
    await page.locator("summary").first().focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("details").first().getAttribute("open"), "");
    await page.close();
  });

  test("asks for the admin token once accounts with keys of their own exist, and opens with it", async () => {
    await server.stranger();
    const page = await browser.newPage();
    // Headless, the browser has nobody to ask for the token, and says so.
    await assert.rejects(page.goto(refusal), /ERR_INVALID_AUTH_CREDENTIALS/);
    await page.close();
    const context = await browser.newContext({ httpCredentials: { username: "admin", password: server.adminToken } });
    const admitted = await context.newPage();
    assert.equal((await admitted.goto(refusal))?.status(), 200);
    await context.close();
  });
});
