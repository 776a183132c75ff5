import { Temporal } from 'temporal-polyfill';

/** The forms of an instant that the service reads, as a part of messages. */
export const INSTANT_FORMS =
  'an ISO 8601 date, time and offset, such as 2026-01-31T08:00:00Z, 2026-01-31T08:00+01:00 or 2026-01-31 08:00:00+00';

/** The first and last instant in UTC that ISO 8601 writes with a four-digit year, in milliseconds since 1970. */
const EARLIEST = Temporal.Instant.from('0000-01-01T00Z').epochMilliseconds;
const LATEST = Temporal.Instant.from('9999-12-31T23:59:59.999Z').epochMilliseconds;

/** The form that most programs write. `Date` reads it faster than Temporal. */
const IN_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;
const SECONDS_LENGTH = '2026-01-31T08:00:00'.length;

/** Temporal silently reads a 60th second as the 59th. */
const LEAP_SECOND = /:\d{2}:60|[T ]\d{4}60/i;

/** SQL Server writes a blank before the offset. Ruby and pandas write the name of UTC. */
const BLANK_BEFORE_OFFSET = / (?=[+-]\d{2}(?::?\d{2})?$)/;
const UTC_BY_NAME = / ?(?:UTC|GMT)$/;

/** Gnumeric and people in Japan write slashes. With the year first, there is only one way to read them. */
const withHyphens = (text: string): string => text.replace(/^(\d{4})\/(\d{2})\/(\d{2})(?!\d)/, '$1-$2-$3');

/** `2026-01-31T08:00:00+01:00[Europe/Berlin]`, as Java writes it: its zone must agree with its offset. */
const WITH_ZONE = /\[[^\]]*\]$/;

/**
 * Reads an instant of ISO 8601 or RFC 3339 with its offset, as UTC with milliseconds; finer fractions are cut off.
 * Returns undefined for any other text, such as a date alone or a time without an offset.
 */
export function parseInstant(text: string): string | undefined {
  if (IN_UTC.test(text)) {
    const at = new Date(text);
    // `Date` takes the 30th of February for the 2nd of March.
    const isItself = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text.slice(0, SECONDS_LENGTH));
    return isItself ? at.toISOString() : undefined;
  }
  if (LEAP_SECOND.test(text)) return undefined;
  const iso = withHyphens(text).replace(BLANK_BEFORE_OFFSET, '').replace(UTC_BY_NAME, 'Z');
  return attempt(() =>
    WITH_ZONE.test(iso)
      ? Temporal.ZonedDateTime.from(iso, { offset: 'reject', disambiguation: 'reject' })
      : Temporal.Instant.from(iso),
  );
}

/** Why a local time is not one instant: when clocks change, its zone has it twice or not at all. */
type UnclearTime = 'repeated' | 'skipped';

/** The instant in UTC, or why there is not exactly one. */
export type LocalInstant = { readonly at: string } | { readonly unclear: UnclearTime };

const DATE_ALONE = /^\d{4}-\d{2}-\d{2}$/;
const LOCAL_TIME = /^\d{4}-?\d{2}-?\d{2}[T ]\d{2}(?::?\d{2}(?::?\d{2}(?:[.,]\d{1,9})?)?)?$/i;

/**
 * Reads a local date and time of ISO 8601 in a zone. A date alone means the beginning of that day. Returns undefined
 * for any other text.
 * @param timeZone must pass {@link isTimeZone}
 */
export function parseLocalInstant(written: string, timeZone: string): LocalInstant | undefined {
  const text = withHyphens(written);
  if (LEAP_SECOND.test(text)) return undefined;
  if (DATE_ALONE.test(text)) return found(attempt(() => Temporal.PlainDate.from(text).toZonedDateTime(timeZone)));
  if (!LOCAL_TIME.test(text)) return undefined;
  const at = (disambiguation: 'earlier' | 'later' | 'reject') => () =>
    Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone, { disambiguation });
  const only = attempt(at('reject'));
  const [earlier, later] = [attempt(at('earlier')), attempt(at('later'))];
  if (only !== undefined || earlier === undefined || later === undefined) return found(only);
  // If clocks skip the time, "earlier" and "later" are other times of that day.
  const isItself = Temporal.PlainDateTime.from(text).equals(at('earlier')().toPlainDateTime());
  return { unclear: isItself ? 'repeated' : 'skipped' };
}

const found = (at: string | undefined): LocalInstant | undefined => (at === undefined ? undefined : { at });

/** The forms of a time zone, as a part of messages. */
export const TIME_ZONE_FORMS =
  'a name of the IANA time zone database, such as Europe/Berlin, or an offset, such as +01:00';

/** Whether local times can be read in this zone. {@link TIME_ZONE_FORMS} says what is one. */
export const isTimeZone = (text: string): boolean => attempt(() => new Temporal.ZonedDateTime(0n, text)) !== undefined;

function attempt(read: () => { readonly epochMilliseconds: number }): string | undefined {
  try {
    const { epochMilliseconds: at } = read();
    return at >= EARLIEST && at <= LATEST ? new Date(at).toISOString() : undefined;
  } catch (error) {
    // The caller knows best how to call a value that cannot be read.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
