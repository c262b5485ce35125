import { useState } from 'react';

import { curlLine } from './to-request.ts';

import type { TryRequest } from './to-request.ts';

/** The same as a command line, to be copied. */
export function CurlLine({ request }: { readonly request: TryRequest }) {
  const [told, setTold] = useState('');
  const line = curlLine(request, location.origin);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(line);
      setTold('Copied.');
    } catch {
      // Elsewhere than on this machine it is there with TLS only.
      setTold('This browser lets nothing be copied by a button here.');
    }
  };
  return (
    <details className="curl">
      <summary>As a command line</summary>
      <pre tabIndex={0} role="group" aria-label="The command line">
        {line}
      </pre>
      <button type="button" onClick={() => void copy()}>
        Copy
      </button>{' '}
      <span role="status">{told}</span>
      <p className="quiet">
        <code>CONTINUO_TOKEN</code> is what <code>server/token</code> below the state folder has in
        it.
      </p>
    </details>
  );
}
