import { useEffect, useRef, useState } from 'react';

import { sendTry } from './send.ts';

import type { AnswerHead } from './send.ts';
import type { TryRequest } from './to-request.ts';

/** What has come of a request by now. */
export interface Sent {
  readonly head?: AnswerHead;
  /** Its end, if it is long. */
  readonly text: string;
  readonly isCut: boolean;
  readonly state: 'sending' | 'done' | 'stopped' | 'broken';
  readonly tookMs: number;
}

export interface Sending {
  /** Absent: nothing was sent. */
  readonly sent: Sent | undefined;
  readonly send: (request: TryRequest) => void;
  readonly stop: () => void;
}

/** More than that is of no use on a page, and holds it up. */
const mostCharacters = 200_000;

/** Sends one request after the other, and shows what comes as it does. */
export function useSending(): Sending {
  const [sent, setSent] = useState<Sent>();
  const life = useRef<AbortController>(undefined);
  useEffect(() => () => life.current?.abort(), []);
  const send = (request: TryRequest): void => {
    life.current?.abort();
    const own = new AbortController();
    life.current = own;
    const begun = performance.now();
    let now: Sent = { text: '', isCut: false, state: 'sending', tookMs: 0 };
    let isDrawn = true;
    const tell = (news: Partial<Sent>): void => {
      now = { ...now, ...news, tookMs: performance.now() - begun };
      if (!isDrawn) return;
      isDrawn = false;
      requestAnimationFrame(() => {
        isDrawn = true;
        // What was sent since then has the place.
        if (life.current === own) setSent(now);
      });
    };
    setSent(now);
    const listener = {
      head: (head: AnswerHead) => tell({ head }),
      text: (piece: string) => {
        const text = now.text + piece;
        tell({
          text: text.slice(-mostCharacters),
          isCut: now.isCut || text.length > mostCharacters,
        });
      },
    };
    sendTry(request, listener, own.signal).then(
      () => tell({ state: 'done' }),
      () => tell({ state: own.signal.aborted ? 'stopped' : 'broken' }),
    );
  };
  return { sent, send, stop: () => life.current?.abort() };
}
