import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** Resolves to undefined if the condition of the write did not hold. Every other error is thrown. */
export async function ifCondition<T>(write: Promise<T>): Promise<T | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
