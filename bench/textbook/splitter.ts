// Sends one message for each row, 10 in each call, calls in parallel. It makes the rows itself, because reading a file
// would only cost time.
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';

const IN_PARALLEL = 10;
const sqs = new SQSClient();

export interface Order {
  readonly file: string;
  readonly rows: number;
}

export async function handler({ file, rows }: Order): Promise<void> {
  let next = 1;
  const sendRows = async (): Promise<void> => {
    while (next <= rows) {
      const first = next;
      next += 10;
      await send(file, first, Math.min(first + 10, rows + 1));
    }
  };
  await Promise.all(Array.from({ length: IN_PARALLEL }, sendRows));
}

async function send(file: string, from: number, to: number): Promise<void> {
  const Entries = Array.from({ length: to - from }, (_, index) => {
    const row = from + index;
    const cells = { title: `Task ${row}`, detail: `What to do about ${row}`, dueAt: '2027-03-01T09:00:00+01:00' };
    return { Id: String(index), MessageBody: JSON.stringify({ file, row, ...cells, isComplete: row % 2 === 0 }) };
  });
  const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: process.env['QUEUE_URL'], Entries }));
  if (Failed.length > 0) throw new Error(`${Failed.length} of ${Entries.length} messages were not taken by the queue.`);
}
