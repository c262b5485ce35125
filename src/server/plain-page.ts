/** Where the style of plain pages is. */
export const plainStylePath = '/plain.css';

/** A page without a program, for whoever is not known yet. What stands in it is HTML already. */
export const plainPage = (body: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Continuo</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${plainStylePath}">
<main>
<h1>Continuo</h1>
${body}
</main>
</html>
`;

export const plainStyle = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; background: light-dark(#fff, #14171d); color: light-dark(#1b2330, #e4e9f0); }
main { max-width: 34rem; margin: 12vh auto 0; padding: 0 1.25rem; }
button { font: inherit; font-weight: 600; padding: .45rem 1.2rem; border: 0; border-radius: .4rem; cursor: pointer;
  background: light-dark(#1a56b8, #8fb4ff); color: light-dark(#fff, #14171d); }
button:focus-visible { outline: 3px solid light-dark(#1b2330, #e4e9f0); outline-offset: 2px; }
code { padding: .1rem .3rem; border-radius: .25rem; background: light-dark(#eef1f5, #232a35); }
`;

/** For whoever comes without our cookie. */
export const howToGetIn = plainPage(`<p>This browser is not known to the server.</p>
<p>Open the link that <code>continuo server</code> printed when it was started. It is good once, and for ten
minutes; each start prints a new one.</p>`);

/** For whoever comes with a link that is of no use any more. */
export const usedLink = plainPage(`<p>This link was used already, or is too old.</p>
<p>Each start of <code>continuo server</code> prints a new one.</p>`);
