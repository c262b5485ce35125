import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import './look/base.css';
import { App } from './app.tsx';
import { wearTheme } from './look/theme.ts';

wearTheme();
createRoot(document.getElementById('page')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
