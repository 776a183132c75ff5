import type { Service } from './service.ts';

/** Takes all that is in the Create Task Queue, in the order of batches. */
export async function batchMessages({ aws }: Service): Promise<readonly string[]> {
  const bodies: string[] = [];
  for (;;) {
    const messages = await aws.receive('CreateTaskQueue');
    if (messages.length === 0) break;
    for (const message of messages) {
      bodies.push(message.Body ?? '');
      await aws.delete('CreateTaskQueue', message);
    }
  }
  const batchOf = (body: string): number => JSON.parse(body).batch;
  return bodies.toSorted((a, b) => batchOf(a) - batchOf(b));
}
