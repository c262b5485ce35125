/** What is shown where there are no runs: how to have one. */
export function HowToStart() {
  const api = `curl -H "Authorization: Bearer $(cat TOKEN_FILE)" ${location.origin}/api/v1/runs --json '{"file": "pipeline.yaml"}'`;
  return (
    <section className="empty" aria-labelledby="no-runs">
      <h2 id="no-runs">There are no runs yet</h2>
      <p>Run a pipeline on this machine, and it is listed here while it runs:</p>
      <pre tabIndex={0} role="group" aria-label="a command">
        continuo exec pipeline.yaml
      </pre>
      <p>
        Or have this server run one that lies in its workspace. It printed where its token is when
        it was started:
      </p>
      <pre tabIndex={0} role="group" aria-label="a command">
        {api}
      </pre>
    </section>
  );
}
