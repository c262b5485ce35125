/** One server-sent event. */
export interface Message {
  /** Absent: it has no name of its own. */
  readonly event?: string;
  readonly data: string;
}

/** The events in a stream of text, which may be cut anywhere. */
export async function* messagesIn(text: AsyncIterable<string>): AsyncGenerator<Message> {
  let open = '';
  for await (const piece of text) {
    const blocks = (open + piece).split('\n\n');
    open = blocks.pop() ?? '';
    for (const block of blocks) {
      const message = toMessage(block);
      if (message) yield message;
    }
  }
}

/** `undefined`: it is only there to keep the connection open. */
function toMessage(block: string): Message | undefined {
  const fields = new Map(
    block.split('\n').map((line) => {
      const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      return [name, value];
    }),
  );
  const data = fields.get('data');
  const event = fields.get('event');
  return data === undefined ? undefined : { ...(event !== undefined && { event }), data };
}
