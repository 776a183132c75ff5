import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Task } from '../../src/contract/index.ts';
import { csv, rows } from './support/csv.ts';
import { linkedPages } from './support/pages.ts';
import { expectProblem, json } from './support/problems.ts';
import { startService, type Service } from './support/service.ts';

const content = (number: number) => ({
  title: `Task ${number}`,
  detail: `What to do about ${number}`,
  dueAt: '2027-03-01T09:00:00+01:00',
  isComplete: number % 2 === 0,
});

describe('a task', () => {
  let service: Service;
  let count = 0;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  const create = async (): Promise<Task> => service.client.createTask({ body: content(++count) });
  const put = (id: string, body: unknown, ifMatch?: string): Promise<Response> =>
    service.request(`/tasks/${id}`, {
      method: 'PUT',
      ...json(body, ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    });
  const remove = (id: string, ifMatch?: string): Promise<Response> =>
    service.request(`/tasks/${id}`, {
      method: 'DELETE',
      ...(ifMatch !== undefined && { headers: { 'if-match': ifMatch } }),
    });
  const get = (id: string): Promise<Response> => service.request(`/tasks/${id}`);

  it('is created with its address and its version', async () => {
    const response = await service.request('/tasks', { method: 'POST', ...json(content(1)) });
    const task = (await response.json()) as Task;
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe(`/tasks/${task.id}`);
    expect(response.headers.get('etag')).toBe('"1"');
    expect(task).toEqual({
      ...content(1),
      dueAt: '2027-03-01T08:00:00.000Z',
      id: expect.any(String),
      createdAt: expect.any(String),
      updatedAt: task.createdAt,
    });
    const found = await service.request(response.headers.get('location') ?? '');
    expect([found.status, found.headers.get('etag'), await found.json()]).toEqual([200, '"1"', task]);
  });

  it('needs only a title, and has its text trimmed', async () => {
    const task = await service.client.createTask({ body: { title: '  Title \n' } });
    expect(task).toMatchObject({ title: 'Title', isComplete: false });
    expect(task).not.toHaveProperty('detail');
    expect(task).not.toHaveProperty('dueAt');
  });

  it('is found by its id in upper and lower case', async () => {
    const task = await create();
    expect(await (await get(task.id.toUpperCase())).json()).toEqual(task);
  });

  it('is replaced as a whole: absent fields are removed', async () => {
    const task = await create();
    const response = await put(task.id, { title: 'Replaced' });
    const replaced = (await response.json()) as Task;
    expect([response.status, response.headers.get('etag')]).toEqual([200, '"2"']);
    expect(replaced).toEqual({
      id: task.id,
      title: 'Replaced',
      isComplete: false,
      createdAt: task.createdAt,
      updatedAt: replaced.updatedAt,
    });
    expect(replaced.updatedAt >= task.updatedAt).toBe(true);
    expect(await (await get(task.id)).json()).toEqual(replaced);
  });

  it('is deleted, and then is not found', async () => {
    const { id } = await create();
    const response = await remove(id);
    expect([response.status, await response.text()]).toEqual([204, '']);
    await expectProblem(await get(id), 'TASK_NOT_FOUND');
    await expectProblem(await put(id, { title: 'Again' }), 'TASK_NOT_FOUND');
    await expectProblem(await remove(id), 'TASK_NOT_FOUND');
    expect((await service.allTasks()).map((task) => task.id)).not.toContain(id);
  });

  it('may be put back as it was read, over changes made since, and with null for absent fields', async () => {
    const read = await create();
    await put(read.id, { title: 'Changed since' });
    const { dueAt: _, ...rest } = read;
    const response = await put(read.id, { ...rest, dueAt: null, taskFileId: null });
    const replaced = (await response.json()) as Task;
    expect([response.status, response.headers.get('etag')]).toEqual([200, '"3"']);
    expect(replaced).toEqual({ ...rest, updatedAt: replaced.updatedAt });
    const fromFile = (await service.tasksOf((await service.process(csv(rows(1)))).id))[0]!;
    const again = await put(fromFile.id, fromFile);
    expect(await again.json()).toEqual({ ...fromFile, updatedAt: expect.any(String) });
  });

  it('is sent again only if it has changed since the given version', async () => {
    const { id } = await create();
    const seen = (tags: string): Promise<Response> =>
      service.request(`/tasks/${id}`, { headers: { 'if-none-match': tags } });
    for (const tags of ['"1"', 'W/"1"', '"7", "1"', '*']) {
      const response = await seen(tags);
      expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([304, '"1"', '']);
    }
    await put(id, { title: 'Changed' });
    const response = await seen('"1"');
    expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ title: 'Changed' })]);
    const other = await service.request(`/tasks/${id}`, { headers: { 'if-match': '"1"' } });
    await expectProblem(other, 'PRECONDITION_FAILED');
  });

  it('is neither replaced nor deleted if If-None-Match names its version', async () => {
    const { id } = await create();
    for (const tags of ['*', '"1"', 'W/"1"']) {
      const headers = { 'if-none-match': tags };
      const changing = service.request(`/tasks/${id}`, { method: 'PUT', ...json({ title: 'Changed' }, headers) });
      await expectProblem(await changing, 'PRECONDITION_FAILED');
      await expectProblem(await service.request(`/tasks/${id}`, { method: 'DELETE', headers }), 'PRECONDITION_FAILED');
    }
    const headers = { 'if-none-match': '"2"' };
    expect((await service.request(`/tasks/${id}`, { method: 'DELETE', headers })).status).toBe(204);
  });

  it('may be sent with a byte-order mark before its JSON', async () => {
    const body = new TextEncoder().encode('\uFEFF{"title":"Größe"}');
    const response = await service.request('/tasks', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect([response.status, await response.json()]).toEqual([201, expect.objectContaining({ title: 'Größe' })]);
  });

  describe('with If-Match', () => {
    it.each(['"1"', '"7", "1"', '*', ' "1" '])('is changed and deleted if %s matches its version', async (ifMatch) => {
      const [changed, deleted] = [await create(), await create()];
      expect((await put(changed.id, { title: 'Changed' }, ifMatch)).status).toBe(200);
      expect((await remove(deleted.id, ifMatch)).status).toBe(204);
    });

    it.each(['"2"', '"7", "8"', 'W/"1"', '1', '"01"', '"'])('stays unchanged if %s does not match', async (ifMatch) => {
      const task = await create();
      await expectProblem(await put(task.id, { title: 'Changed' }, ifMatch), 'PRECONDITION_FAILED');
      await expectProblem(await remove(task.id, ifMatch), 'PRECONDITION_FAILED');
      expect(await (await get(task.id)).json()).toEqual(task);
    });

    it('is changed once from each version: one of many concurrent callers wins', async () => {
      const { id } = await create();
      const responses = await Promise.all([1, 2, 3, 4, 5].map((n) => put(id, { title: `Writer ${n}` }, '"1"')));
      expect(responses.map(({ status }) => String(status)).toSorted()).toEqual(['200', '412', '412', '412', '412']);
      expect((await get(id)).headers.get('etag')).toBe('"2"');
      expect((await put(id, { title: 'Next' }, '"2"')).headers.get('etag')).toBe('"3"');
    });

    it('is not found if it does not exist', async () => {
      const id = '018f0000-0000-7000-8000-000000000000';
      await expectProblem(await put(id, { title: 'x' }, '*'), 'TASK_NOT_FOUND');
      await expectProblem(await remove(id, '"1"'), 'TASK_NOT_FOUND');
    });
  });

  describe('created with an Idempotency-Key', () => {
    const createWith = (key: string, body: unknown) =>
      service.request('/tasks', { method: 'POST', ...json(body, { 'idempotency-key': key }) });

    it('is one task with one response, however often and how fast the request is repeated', async () => {
      const before = (await service.allTasks()).length;
      const responses = await Promise.all([1, 2, 3, 4].map(() => createWith('four', content(1))));
      const late = await createWith('four', content(1));
      const bodies = await Promise.all([...responses, late].map((response) => response.json()));
      for (const body of bodies) expect(body).toEqual(bodies[0]);
      expect(late.status).toBe(201);
      expect(late.headers.get('location')).toBe(responses[0]?.headers.get('location'));
      expect((await service.allTasks()).length).toBe(before + 1);
    });

    it('is the same for a body with the same meaning', async () => {
      const first = await (await createWith('same', { title: 'Same', isComplete: false })).json();
      expect(await (await createWith('same', '{ "title" : " Same " }')).json()).toEqual(first);
    });

    it('is refused under the key of another body', async () => {
      expect((await createWith('reused', content(1))).status).toBe(201);
      await expectProblem(await createWith('reused', content(2)), 'IDEMPOTENCY_KEY_REUSED');
    });

    it('is not created again by a repeated request after its deletion, nor reset after a PUT', async () => {
      const { id } = (await (await createWith('deleted', content(1))).json()) as Task;
      await remove(id);
      expect((await createWith('deleted', content(1))).status).toBe(201);
      await expectProblem(await get(id), 'TASK_NOT_FOUND');

      const { id: changed } = (await (await createWith('changed', content(1))).json()) as Task;
      await put(changed, { title: 'Changed' });
      expect((await createWith('changed', content(1))).status).toBe(201);
      expect(await (await get(changed)).json()).toMatchObject({ id: changed, title: 'Changed' });
    });
  });

  it('from a file is edited and deleted like any other, and the tasks of the file show that', async () => {
    const { id } = await service.process(csv(rows(5)));
    const [first, second, ...others] = await service.tasksOf(id);
    const [edited, deleted] = [first?.id ?? '', second?.id ?? ''];
    const { headers } = await get(edited);
    const response = await put(edited, { title: 'Edited' }, headers.get('etag') ?? '');
    expect([response.status, response.headers.get('etag')]).toEqual([200, '"2"']);
    const changed = (await response.json()) as Task;
    expect(changed).toEqual({
      id: edited,
      title: 'Edited',
      isComplete: false,
      taskFileId: id,
      row: 2,
      createdAt: first?.createdAt,
      updatedAt: changed.updatedAt,
    });
    await expectProblem(await put(edited, { title: 'Late' }, '"1"'), 'PRECONDITION_FAILED');
    expect((await remove(deleted, '"1"')).status).toBe(204);
    await expectProblem(await get(deleted), 'TASK_NOT_FOUND');
    await expectProblem(await remove(deleted), 'TASK_NOT_FOUND');

    expect(await service.tasksOf(id)).toEqual([changed, ...others]);
    expect(await (await get(edited)).json()).toEqual(changed);
    expect(await service.client.getTaskFile({ params: { id } })).toMatchObject({ processedCount: 5, failedCount: 0 });
    expect((await remove(edited, '"2"')).status).toBe(204);
    expect(await service.tasksOf(id)).toEqual(others);
  });

  it.each([1, 3, 25, 100])(
    'is listed once in pages of %i, edited or not, and is not listed if it was deleted',
    async (limit) => {
      const { id } = await service.process(csv(rows(70)));
      const ofFile = await service.tasksOf(id);
      for (const task of ofFile.slice(0, 10)) await put(task.id, { title: 'Edited' });
      for (const task of ofFile.slice(10, 20)) await remove(task.id);
      for (let made = 0; made < 40; made++) await create();

      const pages = await linkedPages<Task>(service, `/tasks?limit=${limit}`);
      for (const page of pages) expect(page.length).toBeLessThanOrEqual(limit);
      const listed = pages.flat();
      expect(new Set(listed.map((task) => task.id)).size).toBe(listed.length);
      expect(listed.length).toBeGreaterThanOrEqual(100);
      const fromFile = listed.filter(({ taskFileId }) => taskFileId === id);
      expect(fromFile.toSorted((a, b) => (a.row ?? 0) - (b.row ?? 0))).toEqual(await service.tasksOf(id));
      expect(fromFile).toHaveLength(60);
    },
  );

  it('is listed 25 at a time unless asked otherwise', async () => {
    await service.process(csv(rows(60)));
    expect((await service.client.listTasks()).items.length).toBeLessThanOrEqual(25);
  });
});
