import { Temporal } from 'temporal-polyfill';

/** The forms of an instant that are read, for messages to people. */
export const INSTANT_FORMS =
  'an ISO 8601 date, time and offset, such as 2026-01-31T08:00:00Z, 2026-01-31T08:00+01:00 or 2026-01-31 08:00:00+00';

/** The years that a four-digit ISO 8601 text can write in UTC, in milliseconds since 1970. */
const EARLIEST = Temporal.Instant.from('0000-01-01T00Z').epochMilliseconds;
const LATEST = Temporal.Instant.from('9999-12-31T23:59:59.999Z').epochMilliseconds;

/** The form that programs write, which needs no more than `Date`. */
const IN_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;
const SECONDS_LENGTH = '2026-01-31T08:00:00'.length;

/** A 60th second would silently become the 59th. */
const LEAP_SECOND = /:\d{2}:60|[T ]\d{4}60/i;

/** SQL Server writes a blank before the offset, Ruby and pandas the name of UTC. */
const BLANK_BEFORE_OFFSET = / (?=[+-]\d{2}(?::?\d{2})?$)/;
const UTC_BY_NAME = / ?(?:UTC|GMT)$/;

/** Gnumeric and people in Japan write slashes; the year comes first, so there is one way to read them. */
const withHyphens = (text: string): string => text.replace(/^(\d{4})\/(\d{2})\/(\d{2})(?!\d)/, '$1-$2-$3');

/** `2026-01-31T08:00:00+01:00[Europe/Berlin]`, as Java writes it: its zone must agree with its offset. */
const WITH_ZONE = /\[[^\]]*\]$/;

/**
 * An instant of ISO 8601 or RFC 3339 with its offset, in UTC with milliseconds; finer fractions are cut off. Undefined
 * if the text is none: a date alone, a time without an offset, or any other form.
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

/** A local time that its zone has twice or not at all, when clocks are changed. */
type UnclearTime = 'repeated' | 'skipped';

/** In UTC, unless the zone leaves it open which instant it is. */
export type LocalInstant = { readonly at: string } | { readonly unclear: UnclearTime };

const DATE_ALONE = /^\d{4}-\d{2}-\d{2}$/;
const LOCAL_TIME = /^\d{4}-?\d{2}-?\d{2}[T ]\d{2}(?::?\d{2}(?::?\d{2}(?:[.,]\d{1,9})?)?)?$/i;

/**
 * The instant of a local date and time of ISO 8601 in a zone; of a date alone, the beginning of that day. Undefined if
 * the text is none.
 * @param timeZone one that {@link isTimeZone} takes
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
  // Of a time that clocks skip, "earlier" and "later" are other times of that day.
  const isItself = Temporal.PlainDateTime.from(text).equals(at('earlier')().toPlainDateTime());
  return { unclear: isItself ? 'repeated' : 'skipped' };
}

const found = (at: string | undefined): LocalInstant | undefined => (at === undefined ? undefined : { at });

/** What a time zone is written as, for messages to people. */
export const TIME_ZONE_FORMS =
  'a name of the IANA time zone database, such as Europe/Berlin, or an offset, such as +01:00';

/** Whether local times can be read in it: it is {@link TIME_ZONE_FORMS}. */
export const isTimeZone = (text: string): boolean => attempt(() => new Temporal.ZonedDateTime(0n, text)) !== undefined;

function attempt(read: () => { readonly epochMilliseconds: number }): string | undefined {
  try {
    const { epochMilliseconds: at } = read();
    return at >= EARLIEST && at <= LATEST ? new Date(at).toISOString() : undefined;
  } catch (error) {
    // What cannot be read is the caller's to name.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
