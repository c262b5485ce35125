/** The signals by which somebody asks for our end. */
const endSignals = ['INT', 'TERM', 'HUP'] as const;

export const isEndSignal = (name: string): boolean => endSignals.some((signal) => signal === name);

/** Calls `take` with the name of each such signal until what it returns is disposed of. */
export function onEndSignals(take: (signal: string) => void): Disposable {
  const listeners = endSignals.map((signal) => {
    const listener = (): void => take(signal);
    process.on(`SIG${signal}`, listener);
    return () => process.off(`SIG${signal}`, listener);
  });
  return {
    [Symbol.dispose]: () => {
      for (const remove of listeners) remove();
    },
  };
}
