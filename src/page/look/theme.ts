/** What colours are chosen by: the system, or the person. */
export type Theme = 'system' | 'light' | 'dark';

const key = 'continuo-theme';

/** What the person has chosen in this browser. */
export function chosenTheme(): Theme {
  const kept = storage()?.getItem(key);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

/** Remembers the choice, and shows it. */
export function chooseTheme(theme: Theme): void {
  storage()?.setItem(key, theme);
  wearTheme();
}

/** Shows what was chosen. */
export function wearTheme(): void {
  document.documentElement.dataset['theme'] = chosenTheme();
}

/** Where a browser is told to keep nothing, nothing is kept. */
function storage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
