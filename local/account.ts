/** The account id of the emulators. fauxqs has this number built in, so it cannot be configured. */
export const ACCOUNT_ID = '000000000000';

export const DEFAULT_REGION = 'us-east-1';

/** The secret of every local access key. It opens nothing: the emulators listen on loopback only. */
export const LOCAL_SECRET_ACCESS_KEY = 'local';
