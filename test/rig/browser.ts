import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';

import { chromium } from 'playwright-core';

import { Place } from './cli.ts';
import { exercised } from './exercised.ts';
import { serve } from './serving.ts';

import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Page,
  Response,
} from 'playwright-core';
import type { Serving } from './serving.ts';

const program = process.env['CONTINUO_CHROMIUM'] ?? '/usr/bin/chromium';
const missing = existsSync(program) ? undefined : `${program} is not there`;
const notExercised = `chromium was not exercised: ${missing}`;

let browser: Browser | undefined;

/** A suite in a real browser. Where there is none it is skipped, and fails in CI. */
export function browserSuite(name: string, body: () => void): void {
  const skip = missing !== undefined && process.env['CI'] === undefined ? notExercised : false;
  void describe(name, { skip }, () => {
    before(async () => {
      assert.equal(missing, undefined, notExercised);
      browser = await chromium.launch({
        executablePath: program,
        // The sandbox of Chromium refuses root.
        args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
      });
      exercised('chromium');
    });
    after(() => browser?.close());
    body();
  });
}

/** How a run is begun. */
export interface RunOptions {
  readonly load: boolean;
  readonly variables?: Readonly<Record<string, string>>;
}

/** A server of a place of its own, and a browser that has come in by the link that it printed. */
export interface Visit extends AsyncDisposable {
  readonly place: Place;
  readonly page: Page;
  serving: Serving;
  /** What went wrong in the page: nothing may. */
  readonly mistakes: string[];
  /** Another browser, which is not known. */
  stranger(options?: BrowserContextOptions): Promise<Page>;
  /** Starts a run of this pipeline, or only loads it, and answers its id. */
  run(text: string, more?: RunOptions): Promise<string>;
  /** Shows a run, or something of it. */
  open(hash: string): Promise<void>;
}

/** Opens a visit. Its runs, and those that its pages have started, are ended with it. */
export async function visit(options: BrowserContextOptions = {}): Promise<Visit> {
  await using parts = new AsyncDisposableStack();
  const place = parts.use(new Place());
  const mistakes: string[] = [];
  const contexts: BrowserContext[] = [];
  const runs: string[] = [];
  parts.defer(async () => {
    for (const context of contexts) await context.close();
  });
  const newPage = async (given: BrowserContextOptions): Promise<Page> => {
    const context = await browser!.newContext({ viewport: { width: 1280, height: 900 }, ...given });
    contexts.push(context);
    context.setDefaultTimeout(40_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => mistakes.push(error.stack ?? error.message));
    page.on('response', (response) => {
      const started = startedBy(response);
      if (started !== undefined) runs.push(started);
    });
    page.on('console', (message) => {
      // A server that is away, or refuses, is told here as well.
      const isNetwork = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isNetwork) mistakes.push(message.text());
    });
    return page;
  };
  const serving = await serve(place);
  const page = await newPage(options);
  const found = await serving.running.printed(/(http\S+\/login\?code=\S+)/);
  await page.goto(found[1]!);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
  const open: Visit = {
    ...{ place, page, serving, mistakes },
    stranger: (given = {}) => newPage(given),
    async run(text, more) {
      const answer = await open.serving.ask('/api/v1/runs', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text, ...more }),
      });
      const told = (await answer.json()) as { id: string };
      assert.equal(answer.status, 201, JSON.stringify(told));
      runs.push(told.id);
      return told.id;
    },
    async open(hash) {
      await page.goto(`${open.serving.url}/${hash}`);
    },
    [Symbol.asyncDispose]: () => lives.disposeAsync(),
  };
  parts.defer(async () => {
    for (const run of runs) await end(open.serving, run);
    assert.deepEqual(mistakes, []);
  });
  const lives = parts.move();
  return open;
}

/** The run that a page has had started or loaded by this. */
function startedBy(response: Response): string | undefined {
  if (response.status() !== 201) return undefined;
  return /^\/api\/v1\/runs\/([^/]+)$/.exec(response.headers()['location'] ?? '')?.[1];
}

/** A run outlives its server, on purpose. */
async function end(serving: Serving, run: string): Promise<void> {
  if (serving.running.hasEnded) return;
  await serving
    .ask(`/api/v1/runs/${run}/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ do: 'kill', by: 'the test' }),
    })
    .catch(() => undefined);
}

const shots = join(import.meta.dirname, '..', 'page', 'screenshots');

/** Keeps what the page looks like, for a person to look at. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}
