/**
 * The files that the service needs under load. Most are connections from sandboxes to the emulators, and both ends are
 * in this process.
 */
const OPEN_FILES_MIN = 1_024;

interface Report {
  readonly userLimits?: { readonly open_files: { readonly soft: number | string } };
}

/**
 * Refuses to start if the process may open too few files; Node has raised its limit as far as it may. A sandbox that
 * cannot start for lack of files would use up the deliveries of its messages.
 */
export function requireOpenFiles(limit = openFilesLimit()): void {
  if (limit >= OPEN_FILES_MIN) return;
  throw new Error(
    `This process may open only ${limit} files, and needs up to ${OPEN_FILES_MIN} under load. ` +
      'Raise the limit, for example with "ulimit -n 4096", and start again.',
  );
}

/** A system that reports no limit has none. */
function openFilesLimit(): number {
  const { userLimits } = process.report.getReport() as Report;
  const soft = Number(userLimits?.open_files.soft);
  return Number.isNaN(soft) ? Infinity : soft;
}
