import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLocalCloud } from '../../local/cloud.ts';

describe('the local cloud', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'task-service-cloud-'));
  });
  afterAll(() => rm(dataDir, { recursive: true }));

  const post = (apiUrl: string, title: string) =>
    fetch(`${apiUrl}/tasks`, {
      method: 'POST',
      body: JSON.stringify({ title }),
      headers: { 'content-type': 'application/json' },
    });

  it('runs the synthesized stack in memory, and frees its ports', async () => {
    const cloud = await startLocalCloud();
    const created = await post(cloud.apiUrl, 'write a test');
    expect(created.status).toBe(201);
    const location = `${cloud.apiUrl}${created.headers.get('location')}`;
    expect(await (await fetch(location)).json()).toMatchObject({ title: 'write a test' });
    expect((await fetch(`${cloud.apiUrl}/nowhere`)).status).toBe(404);
    await cloud.stop();
    for (const url of [cloud.apiUrl, ...Object.values(cloud.endpoints)]) await expect(fetch(url)).rejects.toThrow();
  });

  it('keeps its state in its data folder, which no other process can use', async () => {
    const first = await startLocalCloud({ dataDir });
    await expect(startLocalCloud({ dataDir })).rejects.toThrow(`is in use by process ${process.pid}`);
    const location = (await post(first.apiUrl, 'stay')).headers.get('location');
    await first.stop();

    await using second = await startLocalCloud({ dataDir });
    expect(await (await fetch(`${second.apiUrl}${location}`)).json()).toMatchObject({ title: 'stay' });
    expect(await readdir(dataDir)).toContain('logs');
  });

  it('begins with an empty folder if told to', async () => {
    const first = await startLocalCloud({ dataDir });
    const location = (await post(first.apiUrl, 'go')).headers.get('location');
    await first.stop();
    await using second = await startLocalCloud({ dataDir, fresh: true });
    expect((await fetch(`${second.apiUrl}${location}`)).status).toBe(404);
  });
});
