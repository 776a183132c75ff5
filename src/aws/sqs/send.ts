import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { allDone } from '../../engine/index.ts';
import { retryRefused } from '../retry.ts';

/** The queue refuses a message for good, so that sending it again would not help. */
export class RefusedMessageError extends Error {
  override readonly name = 'RefusedMessageError';

  constructor(code: string | undefined, message: string | undefined) {
    super(`The queue refuses a message for good: ${code ?? 'no code'}, ${message ?? 'no reason given'}`);
  }
}

/** One `SendMessageBatch` takes 10 entries, of 1 MiB in all. */
const ENTRIES_PER_CALL = 10;
const BYTES_PER_CALL = 1024 * 1024;

/** Sends bodies in as few calls as possible; resolves when the queue has acknowledged each of them. */
export async function sendAll(client: SQSClient, queueUrl: string, bodies: readonly string[]): Promise<void> {
  await allDone(pack(bodies).map((some) => sendBatch(client, queueUrl, some)));
}

function sendBatch(client: SQSClient, queueUrl: string, bodies: readonly string[]): Promise<void> {
  return retryRefused('SendMessageBatch', bodies, async (left) => {
    const entries = left.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    const result = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
    for (const { SenderFault, Code, Message } of result.Failed ?? []) {
      if (SenderFault) throw new RefusedMessageError(Code, Message);
    }
    // An entry that is not acknowledged counts as not sent, even if the response lists no failure for it.
    const acknowledged = new Set(result.Successful?.map(({ Id }) => Id));
    return left.filter((_, index) => !acknowledged.has(String(index)));
  });
}

/** Groups the bodies, in order, so that each group fits one call. */
function pack(bodies: readonly string[]): string[][] {
  const groups: string[][] = [];
  let bytes = BYTES_PER_CALL;
  for (const body of bodies) {
    const length = Buffer.byteLength(body);
    const group = groups.at(-1);
    if (group && group.length < ENTRIES_PER_CALL && bytes + length <= BYTES_PER_CALL) {
      group.push(body);
      bytes += length;
    } else {
      groups.push([body]);
      bytes = length;
    }
  }
  return groups;
}
