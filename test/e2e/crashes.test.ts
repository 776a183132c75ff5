import { describe, expect, it } from '@jest/globals';
import { content, expectExact, lowerVisibilityTimeouts, progressed, ROWS } from './support/long-file.ts';
import { startService } from './support/service.ts';
import { until } from './support/until.ts';

describe('when functions crash', () => {
  it('a file completes exactly after one crash of its splitter and many of its workers', async () => {
    await using service = await startService();
    await lowerVisibilityTimeouts(service.aws);
    const { id } = await service.client.uploadTasks({ body: content });
    await until(
      'the splitter to be at work',
      () => service.crash('upload-task-subscriber'),
      (sandboxes) => sandboxes > 0,
    );
    for (const part of [0.01, 0.1, 0.2, 0.4, 0.6]) {
      await progressed(service, id, ROWS * part);
      await service.crash('create-task-subscriber');
    }
    await expectExact(service, id);
    const depths = await service.aws.queueDepths();
    for (const [queue, depth] of Object.entries(depths)) if (queue.includes('DeadLetter')) expect(depth).toBe(0);
  });
});
