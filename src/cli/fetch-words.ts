import type { Diagnostic } from '../dialect/common/diagnostic.ts';
import type { Token } from '../dialect/common/read-source.ts';

/** One request for a text. */
export interface Asked {
  readonly url: URL;
  readonly token?: Token | undefined;
  /** What was asked for to begin with, as people see it. */
  readonly name: string;
  /** Redirects led to another server, which is not shown what the first one was. */
  readonly left?: boolean;
}

export type Refusal = Pick<Diagnostic, 'message' | 'hint' | 'reason'>;

/** What an answer without a text means. */
export function whyRefused({ status, statusText }: Response, asked: Asked): Refusal {
  const said = `${status} ${statusText}`.trim();
  if (status === 401 || status === 403)
    return { message: `the server refuses it: ${said}`, hint: whatWasShown(asked) };
  if (status === 404 || status === 410)
    return {
      message: `there is no such file on the server: ${said}`,
      hint: `see the address; many servers say so of what they hide, and ${whatWasShown(asked)}`,
      reason: 'missing',
    };
  if (status >= 500)
    return { message: `the server failed: ${said}`, hint: 'try again, or ask who runs it' };
  return { message: `the server does not give the file: ${said}` };
}

function whatWasShown({ url, token, left = false }: Asked): string {
  if (left) return `nothing was shown to ${url.host}, where redirects led`;
  if (token) return `${token.from} was shown`;
  if (url.username !== '') return 'the user and the password of the address were shown';
  return 'no token was shown: give the import an `http-authorization-token`, or the run the secret HTTP_AUTHORIZATION_TOKEN';
}

/** What it means that there was no answer. */
export function whyUnreachable(error: unknown, { host, hostname }: URL): Refusal {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const told = cause instanceof Error ? cause.message : String(cause);
  switch (code) {
    case 'ENOTFOUND':
      return { message: `there is no server ${hostname}`, hint: 'see the name in the address' };
    case 'EAI_AGAIN':
      return { message: `the name ${hostname} cannot be looked up just now`, hint: tryAgain };
    case 'ECONNREFUSED':
      return { message: `nobody listens at ${host}`, hint: 'see the port, and whether it runs' };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return { message: `no way leads to ${host}`, hint: 'see the network of this machine' };
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return { message: `${host} broke the connection off`, hint: tryAgain };
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return { message: `${host} does not answer`, hint: tryAgain };
    case 'CERT_HAS_EXPIRED':
      return { message: `the certificate of ${host} has expired`, hint: certificates };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return { message: `the certificate of ${host} is for other names`, hint: certificates };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return {
        message: `nobody that is trusted here vouches for the certificate of ${host}`,
        hint: certificates,
      };
    default:
      if (code.startsWith('ERR_SSL') || code.startsWith('HPE_'))
        return { message: `${host} does not speak the protocol of the address (${code})` };
      return { message: `${host} cannot be asked: ${told}` };
  }
}

const tryAgain = 'try again, or see the network of this machine';
const certificates =
  'if the server is yours, name the certificate of its authority in NODE_EXTRA_CA_CERTS';
