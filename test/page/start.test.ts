import assert from 'node:assert/strict';
import { it } from 'node:test';

import { assertAccessible } from '../rig/axe.ts';
import { browserSuite, shoot, visit } from '../rig/browser.ts';
import { assertFits, assertPressable } from '../rig/page-fit.ts';
import { comesTo, tell } from '../rig/server-runs.ts';

import type { Locator, Page } from 'playwright-core';

const greeting = `version: 2.1
pipeline:
  - step:
      name: greet
      commands:
        - echo "hello $WHO, the word is $WORD"
      environment: [{name: WHO}, {name: WORD}]
`;

const twoSteps = `version: 2.1
pipeline:
  - step: {name: first, commands: ['echo one']}
  - step: {name: second, commands: ['echo two']}
`;

/** The key of its step is misspelt. */
const misspelt = greeting.replace('commands', 'comands');

const field = (page: Page, name: string): Locator => page.getByRole('textbox', { name });
const button = (page: Page, name: string): Locator =>
  page.getByRole('button', { name, exact: true });
const standing = (page: Page, words: string): Locator =>
  page.locator('.run-head .badge', { hasText: words });

/** Goes to the form from the list, and says that a text is meant. */
async function openForm(page: Page, from: 'file' | 'text'): Promise<void> {
  await page.getByRole('link', { name: 'New run' }).click();
  await page.getByRole('radio', { name: from === 'file' ? /^A file/ : /^A text/ }).check();
}

/** Adds a variable, and writes it. */
async function give(page: Page, name: string, value: string, isSecret = false): Promise<void> {
  await button(page, 'Add a variable').click();
  const row = page.getByRole('group', { name: /^Variable/ }).last();
  await row.getByLabel('Name').fill(name);
  if (isSecret) await row.getByRole('checkbox', { name: 'A secret' }).check();
  await row.getByLabel('Value').fill(value);
}

/** The id of the run that the page has come to. */
async function runOf(page: Page): Promise<string> {
  await page.waitForURL(/#\/runs\/[^/]+$/);
  return page.url().replace(/.*\//, '');
}

const stored = `JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])`;

browserSuite('the form for a new run', () => {
  it('starts a pipeline that is pasted, with a variable and a secret, and shows its run', async () => {
    await using visited = await visit();
    const { page, serving } = visited;
    await page.getByRole('link', { name: 'Start one here' }).waitFor();
    await openForm(page, 'text');
    assert.equal(await page.title(), 'New run · Continuo');
    await field(page, 'Text').fill(greeting);
    await field(page, 'Name of the run').fill('a greeting');
    await give(page, 'WHO', 'world');
    await give(page, 'WORD', 'abc-12345', true);
    await shoot(page, 'new-run');
    await assertAccessible(page);
    await shoot(page, 'new-run-dark');
    await page.route('**/api/v1/runs', async (route) => {
      await page.getByText('Waiting for the server').waitFor();
      assert.ok(await button(page, 'Load').isDisabled());
      await route.continue();
    });
    await button(page, 'Start').click();
    const run = await runOf(page);
    await standing(page, 'succeeded').waitFor();
    await page.getByText('hello world, the word is ********').waitFor();
    await page.getByRole('heading', { name: 'a greeting' }).waitFor();
    assert.equal((await tell(serving, run)).outcome, 'succeeded');

    await page.goBack();
    assert.equal(await field(page, 'Text').inputValue(), greeting);
    const secret = page.getByRole('group', { name: 'Variable 2' });
    assert.equal(await secret.getByLabel('Name').inputValue(), 'WORD');
    assert.equal(await secret.getByLabel('Value').inputValue(), '');
    assert.doesNotMatch(await page.content(), /abc-12345/);
  });

  it('loads a file of the workspace, which goes on by its next step', async () => {
    await using visited = await visit();
    const { page, place, serving } = visited;
    place.file('two.yaml', twoSteps);
    await openForm(page, 'file');
    await field(page, 'File').fill('two.yaml');
    await field(page, 'Pause before').fill('second\n');
    await button(page, 'Load').click();
    const run = await runOf(page);
    await button(page, 'Next step').waitFor();
    assert.deepEqual(
      (await tell(serving, run)).nodes.map(({ state }) => state),
      ['pending', 'pending'],
    );
    await button(page, 'Next step').click();
    await page.getByText('one', { exact: true }).waitFor();
    await button(page, 'Resume').click();
    await standing(page, 'succeeded').waitFor();
  });

  it('pauses before the steps that are named', async () => {
    await using visited = await visit();
    const { page, place, serving } = visited;
    place.file('two.yaml', twoSteps);
    await openForm(page, 'file');
    await field(page, 'File').fill('two.yaml');
    await field(page, 'Pause before').fill('second\n');
    await button(page, 'Start').click();
    const run = await runOf(page);
    await comesTo(serving, run, ({ paused }) => paused !== undefined);
    await standing(page, 'paused').waitFor();
    assert.equal(
      (await tell(serving, run)).nodes.map(({ state }) => state).join(),
      'ended,pending',
    );
  });

  it('takes the text of a file of one’s own machine that is chosen or dropped, to be changed', async () => {
    await using visited = await visit();
    const { page } = visited;
    await openForm(page, 'text');
    const choose = page.getByLabel('Choose a file');
    const file = (name: string, text: string | Buffer) => ({
      ...{ name, mimeType: 'application/yaml', buffer: Buffer.from(text) },
    });
    await choose.setInputFiles(file('hop.yaml', greeting));
    await page.getByRole('status').getByText(`'hop.yaml' is in the text below`).waitFor();
    assert.equal(await field(page, 'Text').inputValue(), greeting);
    await choose.setInputFiles(file('image.png', Buffer.from([0x89, 0x50, 0xff, 0xfe])));
    await page.getByText(`'image.png' is no text in UTF-8.`).waitFor();
    await choose.setInputFiles(file('large.yaml', Buffer.alloc(1_024 * 1_024 + 1, 0x23)));
    await page.getByText(`'large.yaml' has more than 1 MiB`).waitFor();
    assert.equal(await field(page, 'Text').inputValue(), greeting);

    await page.getByRole('radio', { name: /^A file/ }).check();
    await page.evaluate(`(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([${JSON.stringify(twoSteps)}], 'dropped.yaml'));
      const drop = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
      document.querySelector('form').dispatchEvent(drop);
      if (!drop.defaultPrevented) throw new Error('the browser shows the file');
    })()`);
    await page.getByText(`'dropped.yaml' is in the text below`).waitFor();
    assert.equal(await field(page, 'Text').inputValue(), twoSteps);
    await field(page, 'Text').fill(twoSteps.replace('echo two', 'echo changed'));
    await button(page, 'Start').click();
    await page.getByText('changed', { exact: true }).waitFor();
    await standing(page, 'succeeded').waitFor();
  });

  it('tells the mistakes of a pipeline as they are, and what is not there, and keeps what was typed', async () => {
    await using visited = await visit();
    const { page } = visited;
    await openForm(page, 'text');
    await field(page, 'Text').fill(misspelt);
    await give(page, 'TOKEN', 'abc-12345', true);
    await button(page, 'Start').click();
    const told = page.getByRole('alert').filter({ hasText: 'The pipeline has mistakes.' });
    const lines = (await told.locator('pre').textContent()) ?? '';
    assert.match(lines, /pipeline\.yaml:5:7 {2}error {2}step 'greet': unknown key `comands`/);
    assert.match(lines, /^ +5 │ +comands:$/m);
    assert.match(lines, /did you mean `commands`\?/);
    assert.match(lines, /1 error$/);
    await shoot(page, 'new-run-mistakes');
    await assertAccessible(page);
    await shoot(page, 'new-run-mistakes-dark');

    await field(page, 'Text').fill('');
    await button(page, 'Start').click();
    await told.waitFor({ state: 'detached' });
    await field(page, 'Text').fill(misspelt);

    await page.getByRole('radio', { name: /^A file/ }).check();
    await field(page, 'File').fill('nowhere.yaml');
    await button(page, 'Load').click();
    await page
      .getByRole('alert')
      .getByText(/no such file in the workspace.*'nowhere\.yaml'/)
      .waitFor();

    await page.getByRole('link', { name: 'all of it, on the API page' }).click();
    await page.getByRole('heading', { name: 'Starts a run, or loads one' }).waitFor();
    assert.doesNotMatch(await page.evaluate<string>(stored), /abc-12345|comands|nowhere/);
    await page.getByRole('link', { name: 'Continuo' }).click();
    await page.getByRole('link', { name: 'New run' }).click();
    assert.equal(await field(page, 'File').inputValue(), 'nowhere.yaml');
    assert.equal(await page.getByLabel('Value').inputValue(), 'abc-12345');
    assert.equal(await page.getByLabel('Value').getAttribute('type'), 'password');
    await page.getByRole('radio', { name: /^A text/ }).check();
    assert.equal(await field(page, 'Text').inputValue(), misspelt);
    await page.reload();
    assert.equal(await field(page, 'File').inputValue(), '');
    assert.equal(await page.getByLabel('Value').count(), 0);
  });

  it('leaves whoever looks at something else by then where they are', async () => {
    await using visited = await visit();
    const { page } = visited;
    const looksElsewhere = Promise.withResolvers<undefined>();
    await page.route('**/api/v1/runs', async (route) => {
      await looksElsewhere.promise;
      await route.continue();
    });
    await openForm(page, 'text');
    await field(page, 'Text').fill(twoSteps);
    await give(page, 'TOKEN', 'abc-12345', true);
    await button(page, 'Start').click();
    await page.getByRole('link', { name: 'Continuo' }).click();
    await page.getByText('There are no runs yet').waitFor();
    looksElsewhere.resolve(undefined);
    const row = page.getByRole('list', { name: 'Runs' }).getByRole('link', { name: 'pipeline' });
    await row.filter({ hasText: 'succeeded' }).waitFor();
    assert.match(page.url(), /#\/$/);
    await page.getByRole('link', { name: 'New run' }).click();
    assert.equal(await page.getByLabel('Value').inputValue(), '');
  });

  it('is filled in, mended and sent by the keyboard alone', async () => {
    await using visited = await visit();
    const { page, place, serving } = visited;
    const { keyboard } = page;
    place.file('greet.yaml', greeting);
    const focused = (): Promise<string> =>
      page.evaluate<string>(
        `(({ ariaLabel, labels, textContent }) =>
          ariaLabel ?? labels?.[0]?.textContent ?? textContent)(document.activeElement)`,
      );
    const tabTo = async (words: string): Promise<void> => {
      for (let presses = 0; presses < 30; presses++) {
        await keyboard.press('Tab');
        if ((await focused()).trim().startsWith(words)) return;
      }
      assert.fail(`never came to ${words}`);
    };
    await page.getByRole('link', { name: 'New run' }).focus();
    await keyboard.press('Enter');
    await field(page, 'File').waitFor();
    assert.equal(await page.evaluate('document.activeElement.id'), 'main');
    await tabTo('Start');
    await keyboard.press('Enter');
    await page.getByText('It is required.').waitFor();
    assert.equal(await focused(), 'File (required)');
    await keyboard.type('greet.yml');
    await tabTo('Add a variable');
    await keyboard.press('Enter');
    assert.equal(await focused(), 'Name');
    await keyboard.type('WHO');
    await keyboard.press('Tab');
    await keyboard.type('you');
    await tabTo('Add a variable');
    await keyboard.press('Enter');
    await tabTo('Remove variable 2');
    await keyboard.press('Enter');
    assert.equal(await focused(), 'Add a variable');
    await tabTo('Load');
    await keyboard.press('Enter');
    await page.getByRole('alert').getByText('no such file').waitFor();
    assert.equal(await focused(), 'Load');
    for (let presses = 0; !(await focused()).startsWith('File'); presses++) {
      assert.ok(presses < 30);
      await keyboard.press('Shift+Tab');
    }
    await keyboard.press('End');
    await keyboard.press('Backspace');
    await keyboard.press('Backspace');
    await keyboard.type('aml');
    await tabTo('Load');
    await keyboard.press('Enter');
    const run = await runOf(page);
    await tabTo('Resume');
    await keyboard.press('Enter');
    await comesTo(serving, run, ({ outcome }) => outcome === 'succeeded');
  });

  it('fits a phone, with what is wrong in it', async () => {
    await using visited = await visit({
      ...{ viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true },
    });
    const { page } = visited;
    await page.getByRole('link', { name: 'Start one here' }).tap();
    await page.getByRole('heading', { name: 'New run' }).waitFor();
    await shoot(page, 'phone-new-run-empty');
    await page.getByRole('radio', { name: /^A text/ }).check();
    await field(page, 'Text').fill(`${misspelt}# ${'long '.repeat(40)}\n`);
    await give(page, 'THE 1st', 'abc-12345', true);
    await give(page, 'OTHER', 'b');
    await button(page, 'Start').tap();
    await page.getByText('It is to have no blanks and no =').waitFor();
    await shoot(page, 'phone-new-run-wrong');
    await page.getByRole('group', { name: 'Variable 1' }).getByLabel('Name').fill('FIRST');
    await button(page, 'Start').tap();
    await page.getByText('did you mean `commands`?').waitFor();
    await assertFits(page);
    await assertPressable(page);
    await assertAccessible(page);
    await shoot(page, 'phone-new-run-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await shoot(page, 'phone-new-run');
  });
});
