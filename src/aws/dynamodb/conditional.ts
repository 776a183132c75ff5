import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** Resolves to undefined if the write's condition did not hold; every other failure is the caller's. */
export async function ifCondition<T>(write: Promise<T>): Promise<T | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
