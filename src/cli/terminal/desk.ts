import { isAborted, waitForAbort } from '../../base/abort.ts';
import { Changes } from '../../base/changes.ts';
import { fail, ok } from '../../base/result.ts';
import { cleanLine } from '../../report/clean.ts';
import { dialogRows } from './dialog-rows.ts';
import { Dialog } from './dialog.ts';
import { PauseDialog } from './pause-dialog.ts';
import { Typing } from './typing.ts';

import type { Result } from '../../base/result.ts';
import type { Answer, Question } from '../../event/question.ts';
import type { PauseReason } from '../../event/pause.ts';
import type { PauseChoice } from '../while-paused.ts';
import type { Asking } from './dialog.ts';
import type { Canvas } from './frame.ts';
import type { World } from '../world.ts';

/** A question that is being answered. */
interface Open {
  readonly dialog: Asking<unknown>;
  readonly typing: Typing;
}

/**
 * Where a person at the terminal answers what runs ask, one question after the other. It is asked within
 * the picture of a run where there is one, and else line by line on standard error.
 */
export class Desk {
  readonly #world: World;
  readonly #screens = new Changes();
  #expectsScreen = false;
  #redraw: (() => void) | undefined;
  #open: Open | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #hasEnded = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** Asks when everything before is answered. Settles as `Ask` does. */
  readonly ask = (question: Question, signal: AbortSignal): Promise<Result<Answer, string>> =>
    this.#inTurn(() => new Dialog(question, this.#world.env['USER'] ?? 'somebody'), signal);

  /** Asks what shall become of a paused run, in the same way. */
  readonly askPause = (
    pipeline: string,
    why: PauseReason,
    signal: AbortSignal,
  ): Promise<Result<PauseChoice, string>> =>
    this.#inTurn(() => new PauseDialog(pipeline, why), signal);

  /** From now on questions are asked only where a picture of the run is drawn. */
  expectScreen(): void {
    this.#expectsScreen = true;
  }

  /** Has the picture drawn whenever something changes, until what it returns is disposed of. */
  appearIn(redraw: () => void): Disposable {
    this.#redraw = redraw;
    this.#screens.tell();
    return {
      [Symbol.dispose]: () => {
        if (this.#redraw === redraw) this.#redraw = undefined;
      },
    };
  }

  /** What is to be drawn below the picture of the run. */
  rows(canvas: Canvas): readonly string[] {
    if (!this.#open) return [];
    const { dialog, typing } = this.#open;
    const typed = dialog.isSecret === true ? typing.text.replace(/./gu, '*') : typing.text;
    return dialogRows(dialog, typed, canvas, (text) => this.#world.veil.text(text));
  }

  #inTurn<T>(begin: () => Asking<T>, signal: AbortSignal): Promise<Result<T, string>> {
    const { stdin } = this.#world;
    if (stdin.isTTY !== true || !stdin.setRawMode)
      return Promise.resolve(fail('standard input is no terminal'));
    const turn = this.#last.then(() => this.#hold(begin(), signal));
    this.#last = turn;
    return turn;
  }

  async #hold<T>(dialog: Asking<T>, signal: AbortSignal): Promise<Result<T, string>> {
    const { question } = dialog;
    const { stdin, stderr, asks = stderr, veil } = this.#world;
    if (this.#expectsScreen) await this.#screens.until(() => this.#redraw !== undefined, signal);
    if (isAborted(signal)) return fail('it is not wanted any more');
    if (this.#hasEnded) return fail('standard input has ended');
    const { promise, resolve } = Promise.withResolvers<Result<T, string>>();
    const isDrawn = this.#redraw !== undefined;
    const say = (text: string): void => void asks.write(veil.text(text));
    const next = (): void => {
      if (isDrawn) return;
      stdin.setRawMode?.(dialog.isSecret === true);
      if (dialog.problem !== undefined) say(`${cleanLine(dialog.problem)}\n`);
      // A line of its own: others follow while an answer is typed.
      say(`${cleanLine(`${question.name}: ${dialog.prompt}`)}:\n`);
    };
    const typing = this.#typingFor(dialog, next, (answer) => {
      this.#open = undefined;
      resolve(ok(answer));
    });
    const take = (chunk: Buffer): void => {
      typing.take(chunk);
      this.#redraw?.();
    };
    const leave = (): void => {
      this.#hasEnded = true;
      resolve(fail('standard input has ended'));
    };
    this.#open = { dialog, typing };
    if (isDrawn) stdin.setRawMode?.(true);
    else say(`\n${question.name}: ${question.message}\n`);
    next();
    stdin.on('data', take).on('end', leave).resume();
    this.#redraw?.();
    const decided = new AbortController();
    const first = await Promise.race([promise, waitForAbort(signal, decided.signal)]);
    decided.abort();
    stdin.off('data', take).off('end', leave).pause();
    stdin.setRawMode?.(false);
    this.#open = undefined;
    this.#redraw?.();
    return first === 'aborted' ? fail('it is not wanted any more') : first;
  }
  /** Gives each line to the dialog, and calls `next` whenever it goes on. */
  #typingFor<T>(dialog: Asking<T>, next: () => void, done: (answer: T) => void): Typing {
    // Where whole lines are handed on, what is only a Tab is ended by Enter, too.
    let isTabOnly = false;
    const typing = new Typing({
      line: (text) => {
        const isEndOfTab = isTabOnly && text === '';
        isTabOnly = false;
        if (isEndOfTab) return;
        if (dialog.isSecret === true && text.trim() !== '') this.#world.veil.hide([text.trim()]);
        const answer = dialog.take(text);
        if (answer === undefined) next();
        else done(answer);
      },
      // A terminal that hands on every key makes no signal of this one.
      interrupted: () => process.kill(process.pid, 'SIGINT'),
      tab: () => {
        if (dialog.isSecret === undefined) return;
        dialog.toggleSecret?.();
        next();
        if (this.#redraw !== undefined) return;
        typing.clear();
        isTabOnly = dialog.isSecret;
      },
    });
    return typing;
  }
}
