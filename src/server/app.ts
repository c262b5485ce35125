import fastifyCookie from '@fastify/cookie';
import fastifySwagger from '@fastify/swagger';
import { fastify } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';

import { guard } from './guard.ts';
import { depthOf } from './json-depth.ts';
import { problemType, sendProblem, toBody } from './problem.ts';
import { aliasRoutes } from './routes/aliases.ts';
import { beginAfterRoutes } from './routes/begin-after.ts';
import { docsRoutes } from './routes/cix/docs.ts';
import { cixRoutes } from './routes/cix/routes.ts';
import { commandRoutes } from './routes/commands.ts';
import { environmentRoutes } from './routes/environment.ts';
import { frontRoutes } from './routes/front.ts';
import { loginRoutes } from './routes/login.ts';
import { runRoutes } from './routes/runs.ts';
import { startRoutes } from './routes/start.ts';

import type { FastifyError, FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Socket } from 'node:net';
import type { Access } from './access.ts';
import type { PageFiles } from './page-files.ts';
import type { Problem } from './problem.ts';
import type { CixParts } from './routes/cix/routes.ts';
import type { RunAnswers } from './routes/parts.ts';
import type { StartParts } from './routes/start.ts';

export interface AppParts {
  readonly access: Access;
  /** Browsers keep one for each name and host, whatever the port. */
  readonly cookieName: string;
  readonly version: string;
  readonly page: PageFiles;
  readonly runs: RunAnswers & StartParts & CixParts;
  /** Hears of what is a bug of ours. */
  readonly onBug: (error: Error) => void;
}

/** Larger texts of pipelines are given as files. */
const maxBodyBytes = 1_024 * 1_024;
const maxBodyDepth = 32;

/** The server without its socket: answers what is asked, and is asked in tests as it is. */
export async function buildApp(parts: AppParts): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: maxBodyBytes,
    requestTimeout: 30_000,
    forceCloseConnections: true,
    // An answer that is followed may be open for as long as a run goes on.
    keepAliveTimeout: 5_000,
    routerOptions: { maxParamLength: 500 },
    // Node would answer without a word; whoever names no host is refused as who names a strange one.
    http: { requireHostHeader: false },
    frameworkErrors: (_error, _request, reply) => void sendProblem(reply, badAddress),
    clientErrorHandler: (error, socket) => answerRaw(error, socket),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error: FastifyError, _request, reply) =>
    sendProblem(reply, toProblem(error, parts.onBug)),
  );
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, notFound));
  readJson(app);
  await app.register(fastifyCookie);
  guard(app, parts.access, parts.cookieName);
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Continuo',
        description: 'Starts runs, and tells of them.',
        version: parts.version,
      },
      tags: [...tags],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
  });
  // Nothing else takes what forms of browsers send.
  await app.register((scope, _options, done) => {
    loginRoutes(scope, parts);
    done();
  });
  await app.register((scope, _options, done) => {
    frontRoutes(scope, parts);
    docsRoutes(scope);
    const routes = scope.withTypeProvider<ZodTypeProvider>();
    runRoutes(routes, parts.runs);
    startRoutes(routes, parts.runs);
    commandRoutes(routes, parts.runs);
    environmentRoutes(routes, parts.runs);
    beginAfterRoutes(routes, parts.runs);
    aliasRoutes(routes, parts.runs);
    scope.get('/api/v1/openapi.json', { schema: { hide: true } }, () => app.swagger());
    done();
  });
  await app.register(
    (scope, _options, done) => {
      readJson(scope, { mayBeEmpty: true });
      cixRoutes(scope.withTypeProvider<ZodTypeProvider>(), parts.runs);
      done();
    },
    { prefix: '/api' },
  );
  return app;
}

/** What belongs together, for whoever reads what there is. */
const tags = [
  { name: 'runs', description: 'Runs: start, list, ask, and tell what became of them' },
  { name: 'logs', description: 'What happened in a run, and what it printed' },
  { name: 'Pipeline', description: 'Pipelines, as CIX has it' },
  { name: 'Pipeline Environment', description: 'Their variables, as CIX has it' },
  { name: 'Validate', description: 'What is wrong with a file, as CIX has it' },
  { name: 'Plugin', description: 'Plugins, as CIX has it' },
] as const;

/** `mayBeEmpty`: clients of CIX say that they send JSON, and send nothing, where a route takes no body. */
function readJson(app: FastifyInstance, { mayBeEmpty = false } = {}): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString();
    const isEmpty = mayBeEmpty && text === '';
    if (!isEmpty && depthOf(text) <= maxBodyDepth) return parse(request, text, done);
    if (isEmpty) done(null, undefined);
    else done(Object.assign(new Error('too deep'), { code: 'tooDeep' }));
    return undefined;
  });
}

function toProblem(error: FastifyError, onBug: (error: Error) => void): Problem {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = error.validationContext === 'body' ? 'body' : 'address';
    const told = error.validation.map(({ instancePath, message }) => {
      const place = instancePath.slice(1).replaceAll('/', '.');
      return place === '' ? (message ?? '') : `${place}: ${message ?? ''}`;
    });
    return { ...badRequest, detail: `In the ${where}: ${told.join('; ')}` };
  }
  const known = problems[error.code];
  if (known) return known;
  if (isDisk(error)) return disk(error.message);
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) return { ...badRequest, status };
  onBug(error);
  return {
    status: 500,
    kind: 'bug',
    title: 'This is a bug in Continuo',
    detail: 'The server has told more of it where it was started.',
  };
}

const diskFails = new Set(
  'EACCES EDQUOT EEXIST EFBIG EIO ELOOP EMFILE ENFILE ENOSPC ENOTDIR EPERM EROFS'.split(' '),
);

/** What SQLite says of a disk that is full or fails, and of a database that another process has locked. */
const databaseFails = new Set([5, 6, 8, 10, 11, 13, 14, 26]);

const isDisk = ({ code, errcode }: FastifyError & { readonly errcode?: number }): boolean =>
  diskFails.has(code) || (errcode !== undefined && databaseFails.has(errcode & 0xff));

const disk = (detail: string): Problem => ({
  status: 507,
  kind: 'disk',
  title: 'The state folder of the server cannot be used',
  detail,
});

const badRequest = { status: 400, kind: 'bad-request', title: 'The request is wrong' };
const badAddress = { status: 400, kind: 'bad-address', title: 'This is no address' };
const notFound: Problem = {
  status: 404,
  kind: 'not-found',
  title: 'There is nothing here',
  detail: '/api/v1/openapi.json tells what there is.',
};

const problems: Readonly<Record<string, Problem | undefined>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    kind: 'too-large',
    title: 'The body is too large',
    detail: 'At most 1 MiB. Give the path of a file in the workspace instead of its text.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    kind: 'no-json',
    title: 'The body is not JSON',
    detail: 'Send it as application/json.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: {
    status: 400,
    kind: 'broken-json',
    title: 'The body is no valid JSON',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, kind: 'no-body', title: 'The body is empty' },
  tooDeep: {
    status: 400,
    kind: 'too-deep',
    title: 'The body is too deep',
    detail: `At most ${maxBodyDepth} arrays and objects in each other.`,
  },
};

/** What comes is not HTTP; there is no reply to answer with. */
function answerRaw(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const isLong = error.code === 'HPE_HEADER_OVERFLOW';
  const status = isLong ? '431 Request Header Fields Too Large' : '400 Bad Request';
  const title = isLong ? 'The headers are too large' : 'This is not HTTP';
  const body = JSON.stringify(
    toBody({ status: Number(status.slice(0, 3)), kind: 'bad-request', title }),
  );
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: ${problemType}\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
