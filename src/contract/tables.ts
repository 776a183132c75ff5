/** The key of both tables. Infrastructure makes the tables with it, the adapters read and write by it. */
export const TABLE_KEY = { partitionKey: 'pk', sortKey: 'sk' } as const;

/** The index of task files by creation time, newest first. */
export const CREATION_INDEX = { name: 'byCreation', partitionKey: 'listPk', sortKey: 'listSk' } as const;

/** The index of the task files whose end is still to come, to be announced or to be redriven, by their last change. */
export const CHANGE_INDEX = { name: 'byChange', partitionKey: 'openPk', sortKey: 'changedAt' } as const;

/** Holds when DynamoDB may remove a record of the Tasks table, in seconds since 1970. */
export const EXPIRY_ATTRIBUTE = 'expiresAt';
