import { randomUUID } from 'node:crypto';
import { PublishCommand } from '@aws-sdk/client-sns';
import type { Message } from '@aws-sdk/client-sqs';
import { expect } from '@jest/globals';
import { EVENT_ATTRIBUTE, TASK_EVENTS } from '../../../src/contract/index.ts';
import type { Fact } from './fact.ts';
import { TestQueue } from './queue.ts';
import type { Stage } from './stage.ts';

export function snsFacts(fact: Fact, stage: Stage): void {
  const filtered = new TestQueue(stage, 'FilteredEvents');
  const all = new TestQueue(stage, 'AllEvents');

  const publish = async (Message: string, event?: string): Promise<void> => {
    const MessageAttributes = { ...(event && { [EVENT_ATTRIBUTE]: { DataType: 'String', StringValue: event } }) };
    await stage.sns.send(new PublishCommand({ TopicArn: stage.called('Topic'), Message, MessageAttributes }));
  };
  const holds =
    (...bodies: readonly string[]) =>
    (taken: readonly Message[]) =>
      bodies.every((body) => taken.some(({ Body }) => Body === body));

  fact(
    'a subscription with a filter gets the events that its policy names by their attribute, and no others',
    async () => {
      const [wanted, last, ...unwanted] = Array.from({ length: 5 }, () => randomUUID());
      const [failed, unnamed, inBody] = unwanted;
      await publish(String(wanted), TASK_EVENTS.completed);
      await publish(String(failed), TASK_EVENTS.failed);
      await publish(String(unnamed));
      // The filter policy applies to attributes, not to the body of the message.
      await publish(JSON.stringify({ [EVENT_ATTRIBUTE]: TASK_EVENTS.completed, id: inBody }), TASK_EVENTS.cancelled);
      await publish(String(last), TASK_EVENTS.completed);
      const everything = await all.takeUntil('all five events', ({ length }) => length >= 5);
      expect(everything).toHaveLength(5);
      const taken = await filtered.takeUntil('both completions', holds(String(wanted), String(last)));
      expect(new Set(taken.map(({ Body }) => Body))).toEqual(new Set([wanted, last]));
      expect(taken).toHaveLength(2);
    },
  );

  fact('raw delivery delivers the message as it was published, with its attributes', async () => {
    const body = JSON.stringify({ id: randomUUID(), title: 'größe € \\u0000' });
    await publish(body, TASK_EVENTS.completed);
    const taken = await filtered.takeUntil('the event', holds(body));
    expect(taken).toMatchObject([
      {
        Body: body,
        MessageAttributes: { [EVENT_ATTRIBUTE]: { DataType: 'String', StringValue: TASK_EVENTS.completed } },
      },
    ]);
    await all.takeUntil('the event', holds(body));
  });
}
