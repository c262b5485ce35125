import { useEffect, useState } from 'react';

import './try.css';
import { askJson } from '../api/ask.ts';
import { hrefOf } from '../route.ts';
import { OperationView } from './operation-view.tsx';
import { groupsOf } from './operations.ts';

import type { Refusal } from '../api/ask.ts';
import type { ApiDescription, OperationGroup } from './operations.ts';
import type { Values } from './to-request.ts';

const description = '/api/v1/openapi.json';

export interface TryPageProps {
  /** The key of the operation that is looked at. */
  readonly operation?: string;
}

/** What the server can be asked, as it describes that itself, and a form to try each. */
export function TryPage({ operation: key }: TryPageProps) {
  const { groups, trouble } = useDescription();
  const [values, setValues] = useState<Values>(new Map());
  useEffect(() => {
    document.title = 'API · Continuo';
    return () => void (document.title = 'Continuo');
  }, []);
  const operation = groups.flatMap(({ operations }) => operations).find((one) => one.key === key);
  return (
    <div className="try-page">
      <h1>API</h1>
      <p>
        What the server can be asked, and a form to try it as this browser.{' '}
        <a href={description}>All of this as OpenAPI 3.1</a>
      </p>
      <p role="status" className="trouble">
        {trouble?.words}
      </p>
      <div className="columns">
        <nav aria-label="What can be asked" className="side">
          {groups.map(({ name, about, operations }) => (
            <details key={name} open={isOpen(name) || operations.some((one) => one.key === key)}>
              <summary>{about === '' ? name : about}</summary>
              <ul>
                {operations.map((one) => (
                  <li key={one.key}>
                    <a
                      href={hrefOf({ kind: 'api', operation: one.key })}
                      aria-current={one.key === key ? 'page' : undefined}
                    >
                      <span className={`method ${one.method === 'GET' ? 'busy' : 'warn'}`}>
                        {one.method}
                      </span>{' '}
                      <span className="path">{one.path.replace('/api/v1', '')}</span>
                    </a>
                    <span className="quiet">{one.summary}</span>
                  </li>
                ))}
              </ul>
            </details>
          ))}
        </nav>
        <div className="content">
          {operation ? (
            <OperationView
              key={operation.key}
              operation={operation}
              values={values}
              onChange={(field, value) => setValues(new Map([...values, [field, value]]))}
            />
          ) : (
            <p className="quiet">
              {key === undefined || groups.length === 0
                ? 'Choose one of them.'
                : `The server describes no ${key}.`}
            </p>
          )}
        </div>
      </div>
    </div>
  );
}

/** Our own are shown, those of CIX when they are wanted. */
const isOpen = (tag: string): boolean => tag === tag.toLowerCase();

function useDescription(): {
  readonly groups: readonly OperationGroup[];
  readonly trouble: Refusal | undefined;
} {
  const [groups, setGroups] = useState<readonly OperationGroup[]>([]);
  const [trouble, setTrouble] = useState<Refusal>();
  useEffect(() => {
    const life = new AbortController();
    void askJson<ApiDescription>(description, { signal: life.signal }).then(
      (asked) => (asked.ok ? setGroups(groupsOf(asked.value)) : setTrouble(asked.failure)),
      () => undefined,
    );
    return () => life.abort();
  }, []);
  return { groups, trouble };
}
