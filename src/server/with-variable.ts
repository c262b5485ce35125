import type { Order } from './order.ts';

/** A variable that a run is given between its phases. */
export interface Given {
  readonly name: string;
  readonly value: string;
  readonly secret?: boolean | undefined;
}

/** An order with one more variable, in place of what had its name. */
export function withVariable(order: Order, { name, value, secret = false }: Given): Order {
  const without = (known: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(known).filter(([one]) => one !== name));
  const { variables, secrets } = order;
  // What is empty needs no hiding.
  return secret && value !== ''
    ? { ...order, variables: without(variables), secrets: { ...secrets, [name]: value } }
    : { ...order, variables: { ...variables, [name]: value }, secrets: without(secrets) };
}
