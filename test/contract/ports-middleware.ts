import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** One call of a client: its input, and a function that carries it out, any number of times. */
export interface Call<Input, Output> {
  readonly input: Input;
  readonly carryOut: (input: Input) => Promise<Output>;
}

/**
 * Puts a function between a client and its service, which stays the real emulator. The function causes a fault if it
 * asks the service for less than the caller did, asks twice, or returns less than the service did.
 */
export function between<Input extends object, Output>(
  client: DynamoDBDocumentClient | S3Client | SQSClient,
  command: string,
  respond: (call: Call<Input, Output>) => Promise<Output>,
): void {
  // The stacks of the clients differ only in their types.
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
        const output = await respond({ input: args.input as Input, carryOut });
        return { response: undefined, ...result, output: output as Awaited<ReturnType<typeof next>>['output'] };
      },
    { step: 'initialize', name: 'between' },
  );
}
