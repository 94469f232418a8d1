import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** The browser that the page tests run in: Debian's Chromium, unless LINKSPAN_TEST_CHROMIUM names another. */
const path = process.env["LINKSPAN_TEST_CHROMIUM"] ?? "/usr/bin/chromium";

/** Why the page tests are skipped here; `false` when they are not. */
export const skipWithoutChromium: string | false = existsSync(path) ? false : `no browser at ${path}: apt-get install chromium`;

export function launchChromium(): Promise<Browser> {
  // Its sandbox does not start as root, and the pages are our own.
  return chromium.launch({ executablePath: path, args: ["--no-sandbox"] });
}
