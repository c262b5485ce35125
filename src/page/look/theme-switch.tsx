import { useState } from 'react';

import { chooseTheme, chosenTheme } from './theme.ts';

import type { Theme } from './theme.ts';

/** Chooses between light and dark. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(chosenTheme);
  const choose = (chosen: Theme): void => {
    chooseTheme(chosen);
    setTheme(chosen);
  };
  return (
    <label className="theme-switch">
      <span className="quiet">Colours</span>{' '}
      <select value={theme} onChange={({ target }) => choose(target.value as Theme)}>
        <option value="system">as the system</option>
        <option value="light">light</option>
        <option value="dark">dark</option>
      </select>
    </label>
  );
}
