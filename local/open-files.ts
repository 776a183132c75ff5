/** Under load; most are connections of sandboxes to the emulators, both ends of which are in this process. */
const OPEN_FILES_WANTED = 1_024;

interface Report {
  readonly userLimits?: { readonly open_files: { readonly soft: number | string } };
}

/**
 * Refuses to start where a process may open few files only; Node has raised its limit as far as it may. Sandboxes that
 * can't start for want of files would use up the deliveries of what they were to process.
 */
export function requireOpenFiles(limit = openFilesLimit()): void {
  if (limit >= OPEN_FILES_WANTED) return;
  throw new Error(
    `This process may open ${limit} files only, and needs up to ${OPEN_FILES_WANTED} under load. ` +
      'Raise the limit, as with "ulimit -n 4096", and start again.',
  );
}

/** Where the system tells none, there is none. */
function openFilesLimit(): number {
  const { userLimits } = process.report.getReport() as Report;
  const soft = Number(userLimits?.open_files.soft);
  return Number.isNaN(soft) ? Infinity : soft;
}
