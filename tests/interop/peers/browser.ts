/** Debian's Chromium, which opens pages of ours. */

import puppeteer, { type Browser, type Page } from "puppeteer-core";

/** A page in a browser, and what went wrong in it. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors of scripts, messages of the console, and requests other than that for the page itself. */
  readonly complaints: readonly string[];
}

/** Opens a page in a browser of its own. */
export async function openPage(url: string): Promise<OpenPage> {
  const browser: Browser = await puppeteer.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-background-networking"],
    timeout: 30_000,
  });
  const complaints: string[] = [];
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 1200, height: 900 });
    page.on("console", (message) => complaints.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(`error: ${error}`));
    page.on("request", (request) => {
      if (request.url().split("#")[0] !== url) complaints.push(`request: ${request.url()}`);
    });
    await page.goto(url, { waitUntil: "load", timeout: 30_000 });
    return { page, complaints, [Symbol.asyncDispose]: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
