/** The account that the emulators stand for. fauxqs has this number built in, so it is no option. */
export const ACCOUNT_ID = '000000000000';

export const DEFAULT_REGION = 'us-east-1';
