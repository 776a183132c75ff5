/** Where uploaded files are stored. A stored object starts its job by itself. */
export interface Uploads {
  put(key: string, bytes: Uint8Array): Promise<void>;
}
