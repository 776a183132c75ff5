import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** One call of a client: its input, and how to carry it out, as often as one likes. */
export interface Call<Input, Output> {
  readonly input: Input;
  readonly carryOut: (input: Input) => Promise<Output>;
}

/**
 * Puts itself between a client and its service. The service stays the real emulator: a fault is made by asking it for
 * less than the caller did, by asking it twice, or by telling the caller less than it answered.
 */
export function between<Input extends object, Output>(
  client: DynamoDBDocumentClient | S3Client | SQSClient,
  command: string,
  answer: (call: Call<Input, Output>) => Promise<Output>,
): void {
  // The stacks of the clients differ in their types alone.
  const { middlewareStack } = client as SQSClient;
  middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (command !== '*' && commandName !== command) return next(args);
        let result: Awaited<ReturnType<typeof next>> | undefined;
        const carryOut = async (input: Input): Promise<Output> => {
          result = await next({ ...args, input });
          return result.output as Output;
        };
        const output = await answer({ input: args.input as Input, carryOut });
        return { response: undefined, ...result, output: output as Awaited<ReturnType<typeof next>>['output'] };
      },
    { step: 'initialize', name: 'between' },
  );
}
