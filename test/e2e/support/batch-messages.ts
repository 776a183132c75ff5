import type { Service } from './service.ts';

/** Takes every message from the Create Task Queue. Resolves to their bodies, in the order of batches. */
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
