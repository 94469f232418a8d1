import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { hangzhou, succeeded } from "../support/networks.ts";
import { type InProcessServer, startServer } from "../support/server.ts";
import { launchChromium, skipWithoutChromium } from "./chromium.ts";

/** The event stream, followed as web pages do. */
describe("an EventSource, in Chromium", { skip: skipWithoutChromium }, () => {
  let server: InProcessServer;
  let browser: Browser;
  let page: Page;

  before(async () => {
    server = await startServer({ pace: "instant" });
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(`${server.url}/_linkspan/health`);
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  /** Follows two kinds of events in the page; what comes lies in `heard` there. */
  const follow = (query: string): Promise<unknown> =>
    page.evaluate(`new Promise((resolve) => {
      heard = [];
      opened = 0;
      source = new EventSource("/_linkspan/events${query}");
      source.onopen = () => resolve(opened += 1);
      for (const name of ["CreateVpc", "created", "gap"]) {
        source.addEventListener(name, ({ type, lastEventId, data }) => heard.push({ type, lastEventId, data: JSON.parse(data) }));
      }
    })`);
  const heard = async (): Promise<{ type: string; lastEventId: string; data: any }[]> => page.evaluate("heard");
  const createVpc = async (): Promise<string> => succeeded(await server.requester.vpc("CreateVpc", { RegionId: hangzhou })).body.VpcId;

  test("hears what happens, and after a break goes on by itself where it was", async () => {
    await follow("?kind=vpc");
    const first = await createVpc();
    await page.waitForFunction("heard.length === 2");
    const told = await heard();
    assert.deepEqual(
      told.map(({ type, data }) => [type, data.resource, data.from, data.to]),
      [
        ["CreateVpc", first, "", "Pending"],
        ["created", first, "Pending", "Available"],
      ],
    );
    for (const { lastEventId, data } of told) assert.equal(lastEventId, String(data.id));

    // Broken off from this side; while the browser waits, more happens.
    server.app.server.closeAllConnections();
    const second = await createVpc();
    await page.waitForFunction("heard.length === 4 && opened === 2");
    assert.deepEqual(
      (await heard()).slice(2).map(({ data }) => data.resource),
      [second, second],
    );

    assert.equal((await server.admin("POST", "reset")).status, 200);
    await page.waitForFunction("heard.at(-1).type === 'gap'");
    await page.evaluate("source.close()");
  });

  test("that was open before anything happened misses nothing either", async () => {
    await follow("?kind=vpc");
    server.app.server.closeAllConnections();
    const made = await createVpc();
    await page.waitForFunction("heard.length === 2");
    assert.deepEqual(
      (await heard()).map(({ data }) => data.resource),
      [made, made],
    );
    await page.evaluate("source.close()");
  });

  test("of another site is refused", async () => {
    const foreign = await browser.newPage();
    await foreign.goto(`${server.url.replace("127.0.0.1", "localhost")}/_linkspan/health`);
    const state = await foreign.evaluate(`new Promise((resolve) => {
      const source = new EventSource("${server.url}/_linkspan/events");
      source.onopen = () => resolve("open");
      source.onerror = () => resolve(source.readyState);
    })`);
    assert.equal(state, 2, "closed for good");
    assert.equal(server.engine.eventStream.watchers, 0, "and it followed nothing");
    await foreign.close();
  });
});
