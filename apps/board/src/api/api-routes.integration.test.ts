import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { openTestBoard } from '../../../../test/support/open-test-board.ts';

const content = z.record(z.string(), z.object({ schema: z.looseObject({}) }));
const parameter = z.object({ name: z.string(), in: z.enum(['query', 'path']), schema: z.looseObject({}) });
const operation = z.object({
  summary: z.string(),
  parameters: z.array(z.looseObject(parameter.shape)).optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.object({ description: z.string(), content: content.optional() }),
  ),
});
const document = z.object({
  openapi: z.literal('3.1.0'),
  info: z.object({ title: z.string(), version: z.string() }),
  paths: z.record(z.string().startsWith('/'), z.object({ get: z.looseObject(operation.shape) }).strict()),
  components: z.looseObject({ schemas: z.record(z.string().regex(/^[\w.-]+$/), z.looseObject({})) }),
});

test('the description is OpenAPI 3.1: reading operations only, and every reference leads somewhere', async () => {
  const board = await openTestBoard(onTestFinished);
  const answer = await board.get('/api/openapi.json');
  const text = await answer.text();
  const { paths, components } = document.parse(JSON.parse(text));
  expect(Object.keys(paths)).toEqual(['/summary', '/tests', '/tests/{uuid}', '/runs', '/runs/{id}', '/changes']);
  const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? '');
  for (const name of references) expect(Object.keys(components.schemas)).toContain(name);
  expect(references).toEqual(
    expect.arrayContaining(['Summary', 'TestsPage', 'TestDetail', 'TestRow', 'Run', 'RunReport', 'Change', 'Problem']),
  );
  // 3.1 has no `nullable`: null is one of the types.
  expect(text).not.toContain('"nullable"');
});

test('every parameter that the API takes is described, and no other', async () => {
  const board = await openTestBoard(onTestFinished);
  const { paths } = document.parse(await board.json('/api/openapi.json'));
  const names = paths['/tests']?.get.parameters?.map(({ name }) => name);
  expect(names).toEqual([
    'workspace',
    'platform',
    'category',
    'certainty',
    'error',
    'ordered',
    'q',
    'sort',
    'order',
    'limit',
    'cursor',
    'format',
  ]);
});
